import BPCore
package import BPData
import BPRegistry

/// The data that weights of another program are for: what the columns are, and how many inputs and outputs they make.
package struct ImportData: Sendable {
    /// The data.
    package var table: Table { prepared.table }
    let options: TrainingOptions
    let prepared: PreparedTable
    private let fitted: FittedEncoding
    private let single: FittedEncoding?

    /// Looks at the data as a training would: target, task, split, columns.
    /// - Throws: `TrainingError` (`noTarget`, `setting`); `DataError`.
    package init(_ table: Table, options: TrainingOptions) throws {
        prepared = try PreparedTable(table, options, TrainingSpec(options))
        fitted = try prepared.fit(hasSingleOutput: false)
        single = fitted.encoding.classes?.count == 2 ? try prepared.fit(hasSingleOutput: true) : nil
        self.options = options
    }

    /// What each input of a network would be, in order: `petal_length`, or `shape = round` for a category.
    package var inputNames: [String] {
        fitted.encoding.features.flatMap { feature -> [String] in
            switch feature {
            case .number(let name, _): [name]
            case .categories(let name, let categories): categories.map { "\(name) = \($0)" }
            }
        }
    }

    /// How many outputs a network may have: one for each class, or 1 for two classes or a number.
    package var outputCounts: [Int] { [fitted.encoding.outputWidth] + (single == nil ? [] : [1]) }

    /// What the outputs would be, in order.
    package var outputNames: [String] { fitted.encoding.classes?.names ?? [fitted.encoding.target.name] }

    /// The encoding for so many outputs, its scales fitted on the training rows.
    func encoding(outputs: Int) -> FittedEncoding { outputs == 1 ? single ?? fitted : fitted }
}

/// Layers of another program, in order from the input's side.
package struct ImportedLayers: Sendable {
    /// Of each layer its inputs and outputs; each layer's inputs are the outputs of the one before.
    package let sizes: [(inputs: Int, outputs: Int)]
    /// The parameters in canonical order: for each layer W [n_out × n_in] row by row, then b.
    package let parameters: [Float]
    /// How the file says that inputs are scaled; one for each input.
    package let inputScales: [Scale]?
    /// How the file says that the outputs of a regression are scaled.
    package let outputScale: Scale?

    /// Layers of these parts.
    package init(
        sizes: [(inputs: Int, outputs: Int)], parameters: [Float], inputScales: [Scale]? = nil,
        outputScale: Scale? = nil
    ) {
        (self.sizes, self.parameters) = (sizes, parameters)
        (self.inputScales, self.outputScale) = (inputScales, outputScale)
    }
}

/// How numbers were scaled for weights of another program.
package enum ImportScaling: String, CaseIterable, Sendable {
    /// They were not: inputs and targets as they are in the data.
    case none
    /// Each to mean 0 and standard deviation 1, over the training rows of the split.
    case standard
}
