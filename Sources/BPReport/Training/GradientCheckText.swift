import BPJSON
package import BPTraining

/// The comparison of a gradient with central differences, as a table of its layers.
package struct GradientCheckText {
    private let check: GradientCheck

    package init(_ check: GradientCheck) { self.check = check }

    package var columns: ListColumns<GradientCheck.LayerResult> {
        let bound = check.bound
        return ListColumns([
            (.count("layer"), { JSONValue($0.layer) }),
            (.count("parameters"), { JSONValue($0.parameters) }),
            (.count("checked"), { JSONValue($0.checked) }),
            (.count("kinks"), { JSONValue($0.kinks) }),
            (.measure("error"), { .double($0.worst) }),
            (.measure("largest_difference", "difference"), { .double($0.largestDifference) }),
            (.measure("largest_gradient", "gradient"), { .double($0.largestGradient) }),
            (.mark("passed"), { .bool($0.worst <= bound && $0.checked > 0) }),
        ])
    }

    /// A sentence below the table.
    package var note: String {
        "loss \(check.loss) by the kernels, \(check.referenceLoss) in Double; bound \(check.bound)"
    }

    /// The failure of the first layer that is not within the bound.
    package var failure: Failure? {
        check.layers.first { !($0.worst <= check.bound) || $0.checked == 0 }.map { layer in
            Failure(
                .failed,
                "the gradient of layer \(layer.layer) is off by \(NumberText.measure(layer.worst)), more than \(check.bound)",
                at: "layer \(layer.layer), \(layer.checked) of \(layer.parameters) parameters, \(layer.kinks) kinks",
                next: "try --step 1e-5 or 1e-3; if it stays, report it")
        }
    }
}
