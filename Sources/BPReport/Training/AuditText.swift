package import BPJSON
package import BPTraining

/// The result of an audit, as JSON and in words.
package struct AuditText: Details {
    private let report: AuditReport
    /// The seed that drew a sample.
    private let seed: Int?

    package init(_ report: AuditReport, _ extent: Audit.Extent) {
        self.report = report
        if case .sample(_, let seed) = extent { self.seed = Int(seed) } else { seed = nil }
    }

    /// The failure that a difference is, or nil if everything is reproduced.
    package static func failure(_ report: AuditReport, hint: String) -> Failure? {
        report.difference.map { difference in
            Failure(
                .notReproducible, "run \(report.run) is not reproduced: \(difference.subject)",
                at: "run \(difference.run), iteration \(NumberText.grouped(difference.iteration)); \(difference.cause)",
                next: "bpreg verify\(hint)   # checks whether the stored data are sound")
        }
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        let line = report.segment == 1 ? "run \(report.run)" : "run \(report.run), line of segment \(report.segment)"
        fields.add(line, report.isReproduced ? "reproduced" : "not reproduced")
        fields.add(
            "recomputed",
            "\(NumberText.grouped(report.iterations)) of \(NumberText.counted(report.lineIterations, "iteration")), "
                + "\(report.audited) of \(NumberText.counted(report.stretches, "stretch", "stretches"))"
                + (seed.map { ", drawn by --seed \($0)" } ?? ""))
        fields.add(
            "compared",
            "\(NumberText.counted(report.iterations, "loss", "losses")), \(NumberText.counted(report.epochs, "epoch")), "
                + NumberText.counted(report.keyframes, "keyframe"))
        if let difference = report.difference {
            fields.add(
                "first difference",
                "iteration \(NumberText.grouped(difference.iteration)) of run \(difference.run): \(difference.subject)")
            fields.add("likely cause", difference.cause)
        }
        return fields
    }

    package var members: [String: JSONValue] {
        [
            "run": JSONValue(report.run), "segment": JSONValue(report.segment),
            "reproduced": .bool(report.isReproduced), "iterations": JSONValue(report.iterations),
            "line_iterations": JSONValue(report.lineIterations), "stretches": JSONValue(report.stretches),
            "audited_stretches": JSONValue(report.audited), "epochs": JSONValue(report.epochs),
            "keyframes": JSONValue(report.keyframes), "seed": JSONValue(seed),
            "difference": report.difference.map { .object(AuditText.members($0)) } ?? .null,
        ]
    }

    private static func members(_ difference: AuditDifference) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "run": JSONValue(difference.run), "iteration": JSONValue(difference.iteration),
            "cause": .string(difference.cause), "epoch": .null, "role": .null,
        ]
        switch difference.subject {
        case .loss(let recorded, let recomputed):
            members["subject"] = "loss"
            (members["recorded"], members["recomputed"]) = (.float(recorded), .float(recomputed))
            (members["recorded_bits"], members["recomputed_bits"]) = (
                .string(Bits.hex(recorded)), .string(Bits.hex(recomputed))
            )
        case .epoch(let epoch, let measure, let recorded, let recomputed):
            members["subject"] = .string(measure)
            members["epoch"] = JSONValue(epoch)
            (members["recorded"], members["recomputed"]) = (JSONValue(recorded), JSONValue(recomputed))
            (members["recorded_bits"], members["recomputed_bits"]) = (
                JSONValue(recorded.map(Bits.hex)), JSONValue(recomputed.map(Bits.hex))
            )
        case .keyframe(let role, let tensor, let recorded, let recomputed):
            members["subject"] = .string(tensor)
            members["role"] = .string(role.rawValue)
            (members["recorded"], members["recomputed"]) = (.string(recorded.hex), .string(recomputed.hex))
        case .end(let recomputed):
            members["subject"] = "end"
            members["recomputed"] = .string(recomputed)
        }
        return members
    }
}
