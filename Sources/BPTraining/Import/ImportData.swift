import BPCore
package import BPData
import BPRegistry

/// The data that weights of another program are for: what the columns are, and how many inputs and outputs they make.
package struct ImportData: Sendable {
    /// The data.
    package let table: Table
    let options: TrainingOptions
    let choice: TaskChoice
    let fractions: SplitFractions
    let split: Split
    let roles: [TrainingSpec.ColumnRole]
    private let fitted: FittedEncoding
    private let single: FittedEncoding?

    /// Looks at the data as a training would: target, task, split, columns.
    /// - Throws: `TrainingError` (`noTarget`, `setting`); `DataError`.
    package init(_ table: Table, options: TrainingOptions) throws {
        try options.validate()
        guard let target = options.target ?? table.likelyTarget else { throw TrainingError.noTarget(table.overview) }
        let choice = try table.task(forTarget: target, wanted: options.task)
        let fractions = try options.fractions()
        let seed = UInt64(options.seed ?? TrainingDefaults.seed)
        let split = try Split(table, target: target, task: choice.task, fractions: fractions, seed: seed)
        let roles = try TrainingPlan.roles(table, target: target, ignored: options.ignored)
        func fit(singleOutput: Bool) throws(DataError) -> FittedEncoding {
            try Encoding.fit(
                table, target: target, task: choice.task, rows: split.training,
                features: roles.filter { $0.role == .feature }.map(\.name), hasSingleOutput: singleOutput)
        }
        fitted = try fit(singleOutput: false)
        single = fitted.encoding.classes?.count == 2 ? try fit(singleOutput: true) : nil
        (self.table, self.options, self.choice, self.fractions) = (table, options, choice, fractions)
        (self.split, self.roles) = (split, roles)
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
