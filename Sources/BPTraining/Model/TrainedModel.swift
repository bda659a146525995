public import BPCore
public import BPData
package import BPJSON
public import BPRegistry

/// A network with its weights and its encoding: whatever prediction needs.
public struct TrainedModel: Sendable {
    /// The layers.
    public let network: Network
    /// J, for evaluations.
    public let loss: Loss
    /// From columns to inputs, and from outputs to predictions.
    package let encoding: Encoding
    /// The parameters in canonical order.
    public let parameters: [Float]
    /// The version of the numbers' definitions (`BPCore.Numerics`) by which outputs are computed: that of the run that
    /// trained the model. If this bpreg does not have it, they are computed by the newest.
    public let numerics: Int

    /// The SHA-256 of the parameters as little-endian float32 in canonical order.
    public var weightsSHA256: SHA256Digest { weightsHash(parameters) }

    /// A model of these parts.
    package init(
        network: Network, loss: Loss, encoding: Encoding, parameters: [Float], numerics: Int = numericsVersion
    ) throws(CoreError) {
        guard parameters.count == network.parameterCount else {
            throw .shape(what: "parameters", expected: network.parameterCount, found: parameters.count)
        }
        (self.network, self.loss, self.encoding, self.parameters) = (network, loss, encoding, parameters)
        self.numerics = numerics
    }

    /// The model of a run's spec and a state of its parameters.
    package init(_ spec: TrainingSpec, parameters: [Float]) throws(CoreError) {
        try self.init(
            network: spec.network, loss: spec.loss, encoding: spec.encoding, parameters: parameters,
            numerics: spec.numerics)
    }

    /// A version's description, stored beside the weights: `format`, `network`, `loss`, `encoding`, and `numerics` if it is not 1.
    package var descriptionJSON: JSONValue { TrainedModel.description(network, loss, encoding, numerics) }

    /// What the versions of a run store beside the weights.
    static func description(_ spec: TrainingSpec) -> JSONValue {
        description(spec.network, spec.loss, spec.encoding, spec.numerics)
    }

    private static func description(
        _ network: Network, _ loss: Loss, _ encoding: Encoding, _ numerics: Int
    ) -> JSONValue {
        var json: JSONValue = [
            "format": 1, "network": network.json, "loss": .string(loss.rawValue), "encoding": encoding.json,
        ]
        // The descriptions of version 1 were written before there was another.
        if numerics != Numerics.first.rawValue { json.set(JSONValue(numerics), at: ["numerics"]) }
        return json
    }

    /// What `descriptionJSON` tells: all of a model but its weights.
    package struct Description: Sendable {
        /// The layers.
        package let network: Network
        /// J.
        package let loss: Loss
        /// From columns to inputs, and from outputs to predictions.
        package let encoding: Encoding
        /// The version of the numbers' definitions.
        package let numerics: Int

        /// Reads the text of `descriptionJSON`.
        /// - Throws: `badSpec` for anything that it does not write.
        package init(json text: String) throws {
            func refuse(_ what: String) -> TrainingError {
                .badSpec(run: nil, what: "a version's description: \(what)")
            }
            guard let json = try? JSONValue(parsing: text) else { throw refuse("it is not JSON") }
            guard json["format"]?.int == 1 else { throw refuse("its format is not 1") }
            // A member whose name has changed must not be taken for one that is left out.
            let known: Set = ["format", "network", "loss", "encoding", "numerics"]
            if let other = json.object?.keys.filter({ !known.contains($0) }).min() {
                throw refuse("its member \"\(other)\" is not known")
            }
            guard let network = json["network"], let encoding = json["encoding"],
                let loss = json["loss"]?.string.flatMap(Loss.init)
            else { throw refuse("a part is missing") }
            self.network = try Network(json: network, run: nil)
            self.loss = loss
            switch json["numerics"] {
            case nil: numerics = Numerics.first.rawValue
            case .some(let value):
                guard let version = value.int else { throw refuse("its numerics is \(value.serialized)") }
                numerics = version
            }
            self.encoding = try Encoding(json: encoding)
            let inputs = self.encoding.inputWidth
            guard self.network.inputs == inputs, self.network.outputs == self.encoding.outputWidth else {
                throw refuse("its network does not have the inputs and outputs of its encoding")
            }
        }
    }

    /// The model of a description and its weights.
    package init(_ description: Description, parameters: [Float]) throws(CoreError) {
        try self.init(
            network: description.network, loss: description.loss, encoding: description.encoding,
            parameters: parameters, numerics: description.numerics)
    }

    /// The model of a version's description and weights.
    init(description: String, parameters: [Float]) throws {
        try self.init(Description(json: description), parameters: parameters)
    }

    /// Whether its outputs for classes are probabilities: those of softmax are, and the single one of sigmoid.
    package var givesProbabilities: Bool {
        switch network.outputActivation {
        case .softmax: encoding.classes != nil
        case .sigmoid: encoding.classes != nil && encoding.outputWidth == 1
        case .identity, .tanh, .relu: false
        }
    }

    /// Predictions for each row of `table`, whose columns are matched by name.
    /// - Throws: `DataError` if the columns or values are not those of the model, or for the first row whose prediction
    ///   is not a finite number; `CoreError`.
    public func predict(
        _ table: Table, unknown: UnknownCategory = .refuse, threads: Int = 1
    ) throws -> Predictions {
        let inputs = try encoding.encodeInputs(table, rows: Array(0..<table.rowCount), unknown: unknown)
        let forward = try forward(threads: threads)
        let outputs = try forward.outputs(of: inputs.values, count: table.rowCount)
        let rows = Array(0..<table.rowCount)
        if let fault = NonFinite(outputs: outputs, of: table, rows: rows, encoding: encoding) { throw fault.row }
        return Predictions(encoding: encoding, areProbabilities: givesProbabilities, outputs: outputs, inputs: inputs)
    }

    /// The columns that a table for a prediction needs, in the order of the values of `predict(_ rows:)`.
    public var features: [String] { encoding.features.map(\.name) }

    /// Predictions for rows of numbers, whose values have the order of `features`. A Float has 24 bits: for numbers such
    /// as Unix seconds make a table of f64 columns.
    /// - Throws: `DataError` if a value is not finite or a feature is text; `CoreError.shape` if a row has another number
    ///   of values.
    public func predict(_ rows: [[Float]], threads: Int = 1) throws -> Predictions {
        if let row = rows.firstIndex(where: { $0.count != features.count }) {
            throw CoreError.shape(
                what: "values of row \(row + 1)", expected: features.count, found: rows[row].count)
        }
        let columns = features.enumerated().map { index, name in
            Column(name: name, values: .f32(rows.map { $0[index] }))
        }
        return try predict(Table(name: "rows", columns: columns), threads: threads)
    }

    /// How well the model does on `rows` of `table` (default: all).
    /// - Throws: `DataError` if the columns or values are not those of the model, `CoreError`.
    public func evaluate(
        _ table: Table, rows: [Int]? = nil, unknown: UnknownCategory = .refuse, threads: Int = 1
    ) throws -> Evaluation {
        try measure(table, rows: rows ?? Array(0..<table.rowCount), unknown: unknown, threads: threads).evaluation
    }

    /// As `evaluate`, with the outputs [rows × outputWidth] and a sentence about categories that became 0.
    package func measure(
        _ table: Table, rows: [Int], unknown: UnknownCategory, threads: Int = 1
    ) throws -> (evaluation: Evaluation, outputs: [Float], unknownCategories: String?) {
        let split = try EncodedSplit(table, rows: rows, encoding: encoding, unknown: unknown)
        let forward = try forward(threads: threads)
        let (loss, outputs) = forward.evaluate(split.samples)
        let fault =
            loss.isFinite ? nil : try NonFinite(lossOf: rows, of: table, encoding: encoding, by: forward)
        let evaluation = try Evaluation(
            loss: loss, outputs: outputs, table: table, rows: rows, encoding: encoding, lossFault: fault)
        return (evaluation, outputs, split.unknownCategories)
    }

    /// A network that only runs forward: its rule is never applied.
    private func forward(threads: Int) throws(CoreError) -> Backpropagation {
        let forward = try Backpropagation(
            network: network, loss: loss, optimizer: .sgd(learningRate: 1), batchCapacity: 256,
            numerics: Numerics(rawValue: numerics) ?? .newest,
            compute: Compute(threads: threads, instructionSet: InstructionSet.fromEnvironment().0))
        try forward.setParameters(parameters)
        return forward
    }
}

/// What a model says of some rows.
public struct Predictions: Sendable {
    let encoding: Encoding
    /// Whether `probabilities` are probabilities: from 0 to 1, with the sum 1 in each row.
    public let areProbabilities: Bool
    /// a(L) of each row, [rows × outputWidth].
    public let outputs: [Float]
    private let inputs: EncodedInputs

    init(encoding: Encoding, areProbabilities: Bool, outputs: [Float], inputs: EncodedInputs) {
        (self.encoding, self.areProbabilities) = (encoding, areProbabilities)
        (self.outputs, self.inputs) = (outputs, inputs)
    }

    /// The names of the classes, in the order of the probabilities; nil in a regression.
    public var classNames: [String]? { encoding.classes?.names }
    /// The class of each row, as an index into `classNames`.
    public var classes: [Int] { encoding.predictedClasses(outputs) }
    /// The prediction of each row as text: the name of its class, or its number in the target's own units.
    public var labels: [String] {
        guard let classNames else { return numbers.map(\.description) }
        return classes.map { classNames[$0] }
    }
    /// A number for each row and class, [rows × classes]: a probability if `areProbabilities`, otherwise the output of
    /// the class.
    public var probabilities: [Float] { encoding.probabilities(outputs) }
    /// The predicted number of each row, in the target's own units; empty in a classification.
    public var numbers: [Double] { encoding.predictedNumbers(outputs) }
    /// The name of the target column.
    public var target: String { encoding.target.name }
    /// Columns of the data that the model has no use for.
    public var extraColumns: [String] { inputs.remarks.extraColumns }
    /// How many values were categories that the training rows did not have, and the first of them.
    public var unknownCategories: (count: Int, first: DataError?) {
        (inputs.remarks.zeroedCount, inputs.remarks.firstZeroed)
    }
}
