public import BPCore
import BPData
public import BPJSON
import BPRegistry

extension TrainingSpec {
    /// The spec as canonical JSON. A later feature adds its key only if it is used, so unchanged settings keep
    /// their hash.
    public var json: JSONValue { json() }

    /// The spec as canonical JSON, with the settings of a catalogue.
    func json(_ catalogue: SettingCatalogue = .training) -> JSONValue {
        var json: JSONValue = [
            "format": JSONValue(TrainingSpec.format),
            "numerics": JSONValue(numerics),
            "dataset": .string(dataset?.hex ?? ""),
            "columns": .array(columns.map { ["name": .string($0.name), "role": .string($0.role.rawValue)] }),
            "encoding": encoding.json,
            "split": ["stratified": .bool(task == .classification)],
            "network": network.json,
        ]
        if case .imported(let hash) = firstWeights { json.set(.string(hash.hex), at: ["imported_weights"]) }
        for setting in catalogue.settings where !setting.key.isEmpty {
            if let value = setting.recorded(in: self) { json.set(value.json, at: setting.key[...]) }
        }
        return json
    }

    /// The spec whose `json` this is.
    /// - Throws: `numericsVersion` if this bpreg does not have these definitions (unless `anyNumerics`), `badSpec` for anything
    ///   that `json` does not write, and errors of BPCore and BPData.
    public init(json: JSONValue, run: Int, anyNumerics: Bool = false) throws {
        try self.init(json: json, run: run, anyNumerics: anyNumerics, .training)
    }

    init(json: JSONValue, run: Int, anyNumerics: Bool, _ catalogue: SettingCatalogue) throws {
        let reader = SpecReader(json: json, run: run)
        try reader.checkKeys(catalogue)
        self = try .blank()
        numerics = try reader.need(json["numerics"]?.int, "numerics")
        guard anyNumerics || Numerics(rawValue: numerics) != nil else {
            throw TrainingError.numericsVersion(run: run, needed: numerics)
        }
        let hash = try reader.need(json["dataset"]?.string, "dataset")
        dataset = SHA256Digest(hex: hash)
        _ = try reader.need(dataset?.hex ?? "" == hash ? hash : nil, "dataset")
        columns = try reader.need(reader.columns, "columns")
        encoding = try Encoding(json: reader.need(json["encoding"], "encoding"))
        fractions = try SplitFractions(
            validation: reader.need(json["split"]?["validation"]?.number, "split.validation"),
            test: reader.need(json["split"]?["test"]?.number, "split.test"))
        network = try Network(json: reader.need(json["network"], "network"), run: run)
        firstWeights = try reader.need(FirstWeights(spec: json), "initializer")
        for setting in catalogue.settings { try reader.read(setting, into: &self) }
        _ = try reader.need((1...1 << 53).contains(batchSize) ? batchSize : nil, "batch_size")
        guard (try? rule.validate()) != nil else { throw reader.refusal("its optimizer cannot be") }
        try reader.checkSchedule(of: self, catalogue)
        guard network.inputs == encoding.inputWidth, network.outputs == encoding.outputWidth else {
            throw reader.refusal(
                "its network is \(network.inputs) to \(network.outputs), its encoding \(encoding.inputWidth) to \(encoding.outputWidth)"
            )
        }
    }
}

extension Network {
    /// `[{n_in, n_out, activation}]`, from the input's side.
    public var json: JSONValue {
        .array(
            layers.map {
                [
                    "n_in": JSONValue($0.inputs), "n_out": JSONValue($0.outputs),
                    "activation": .string($0.activation.rawValue),
                ]
            })
    }

    init(json: JSONValue, run: Int?) throws {
        var layers: [(units: Int, activation: Activation)] = []
        var width = json.array?.first?["n_in"]?.int
        let inputs = width
        for item in json.array ?? [] {
            guard let units = item["n_out"]?.int, item["n_in"]?.int == width,
                let activation = item["activation"]?.string.flatMap(Activation.init)
            else { throw TrainingError.badSpec(run: run, what: "a layer of its network is \(item.serialized)") }
            layers.append((units, activation))
            width = units
        }
        guard let inputs else { throw TrainingError.badSpec(run: run, what: "its network has no layers") }
        self = try Network(inputs: inputs, layers: layers)
    }
}
