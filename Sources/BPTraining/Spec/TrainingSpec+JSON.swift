public import BPJSON
public import BPCore
import BPData

extension TrainingSpec {
    /// The spec as canonical JSON. A later feature adds its key only where it is used, so unchanged settings keep
    /// their hash.
    public var json: JSONValue {
        var object: [String: JSONValue] = [
            "format": JSONValue(TrainingSpec.format),
            "numerics": JSONValue(numerics),
            "dataset": .string(dataset),
            "columns": .array(columns.map { ["name": .string($0.name), "role": .string($0.role.rawValue)] }),
            "encoding": encoding.json,
            "split": [
                "validation": .double(fractions.validation), "test": .double(fractions.test),
                "stratified": .bool(task == .classification),
            ],
            "seed": JSONValue(seed),
            "network": network.json,
            "loss": .string(loss.rawValue),
            "optimizer": optimizer.json,
            "batch_size": JSONValue(batchSize),
            "shuffle": .bool(shuffle),
        ]
        object.merge(firstWeights.members) { $1 }
        if weightDecay > 0 { object["weight_decay"] = .double(weightDecay) }
        if schedule != .constant { object["schedule"] = scheduleJSON }
        if let tolerance { object["tolerance"] = .double(tolerance) }
        return .object(object)
    }

    /// The schedule, and where it begins if that is not the first epoch.
    private var scheduleJSON: JSONValue {
        guard scheduleStart > 0, var object = schedule.json.object else { return schedule.json }
        object["after_epoch"] = JSONValue(scheduleStart)
        return .object(object)
    }

    /// The spec whose `json` this is.
    /// - Throws: `numericsVersion` where this bpreg computes otherwise (unless `anyNumerics`), `badSpec` for anything
    ///   that `json` does not write.
    public init(json: JSONValue, run: Int, anyNumerics: Bool = false) throws {
        func refuse(_ what: String) -> TrainingError { .badSpec(run: run, what: what) }
        func need<Value>(_ value: Value?, _ key: String) throws(TrainingError) -> Value {
            guard let value else { throw refuse("\"\(key)\" is missing or not as this bpreg writes it") }
            return value
        }
        let known: Set<String> = [
            "format", "numerics", "dataset", "columns", "encoding", "split", "seed", "network", "initializer",
            "imported_weights", "loss", "optimizer", "batch_size", "shuffle", "tolerance", "weight_decay", "schedule",
        ]
        guard json["format"]?.int == TrainingSpec.format else {
            throw refuse(
                "its format is \(json["format"]?.serialized ?? "missing"), this bpreg reads \(TrainingSpec.format)")
        }
        if let other = json.object?.keys.sorted().first(where: { !known.contains($0) }) {
            throw refuse("it has \"\(other)\", which this bpreg does not know")
        }
        numerics = try need(json["numerics"]?.int, "numerics")
        guard numerics == numericsVersion || anyNumerics else {
            throw TrainingError.numericsVersion(run: run, needed: numerics, known: numericsVersion)
        }
        dataset = try need(json["dataset"]?.string, "dataset")
        columns = try need(
            json["columns"]?.array?.map { ColumnRole(json: $0) }.reduce(into: [ColumnRole]?([])) { list, role in
                if let role { list?.append(role) } else { list = nil }
            }, "columns")
        let encodingJSON = try need(json["encoding"], "encoding")
        encoding = try fromData { () throws(DataError) in try Encoding(json: encodingJSON) }
        let validation = try need(json["split"]?["validation"]?.number, "split.validation")
        let test = try need(json["split"]?["test"]?.number, "split.test")
        fractions = try fromData { () throws(DataError) in try SplitFractions(validation: validation, test: test) }
        seed = try need(json["seed"]?.int.flatMap { $0 >= 0 ? $0 : nil }, "seed")
        network = try Network(json: need(json["network"], "network"), run: run)
        firstWeights = try need(FirstWeights(spec: json), "initializer")
        loss = try need(json["loss"]?.string.flatMap(Loss.init), "loss")
        optimizer = try need(json["optimizer"].flatMap { Optimizer(json: $0) }, "optimizer")
        let decay = try need(json["weight_decay"].map { $0.number.flatMap { $0 > 0 ? $0 : nil } } ?? 0, "weight_decay")
        guard (try? optimizer.validate(weightDecay: decay)) != nil else { throw refuse("its optimizer cannot be") }
        weightDecay = decay
        let rate = optimizer.learningRate
        var curve = try json["schedule"].map { json in try need(json.object, "schedule") }
        scheduleStart = try need(
            curve?.removeValue(forKey: "after_epoch").map { $0.int.flatMap { $0 > 0 ? $0 : nil } } ?? 0,
            "schedule.after_epoch")
        schedule = try need(
            curve.map { Schedule(json: .object($0), learningRate: rate) } ?? .constant, "schedule")
        guard curve == nil || schedule != .constant else { throw refuse("its schedule is none") }
        batchSize = try need(json["batch_size"]?.int.flatMap { (1...1 << 53).contains($0) ? $0 : nil }, "batch_size")
        shuffle = try need(json["shuffle"]?.bool, "shuffle")
        tolerance = json["tolerance"] == nil ? nil : try need(json["tolerance"]?.number, "tolerance")
        guard network.inputs == encoding.inputWidth, network.outputs == encoding.outputWidth else {
            throw refuse(
                "its network is \(network.inputs) to \(network.outputs), its encoding \(encoding.inputWidth) to \(encoding.outputWidth)"
            )
        }
    }
}

extension TrainingSpec.ColumnRole {
    fileprivate init?(json: JSONValue) {
        guard let name = json["name"]?.string, let role = json["role"]?.string.flatMap(Role.init) else { return nil }
        (self.name, self.role) = (name, role)
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
        self = try fromCore { () throws(CoreError) in try Network(inputs: inputs, layers: layers) }
    }
}

extension Optimizer {
    /// The rule and all its numbers.
    public var json: JSONValue {
        switch self {
        case .sgd(let rate): ["name": "sgd", "learning_rate": .double(rate)]
        case .momentum(let rate, let momentum):
            ["name": "momentum", "learning_rate": .double(rate), "momentum": .double(momentum)]
        case .adam(let rate, let beta1, let beta2, let epsilon), .adamw(let rate, let beta1, let beta2, let epsilon):
            [
                "name": .string(name), "learning_rate": .double(rate), "beta1": .double(beta1), "beta2": .double(beta2),
                "epsilon": .double(epsilon),
            ]
        }
    }

    init?(json: JSONValue) {
        guard let rate = json["learning_rate"]?.number else { return nil }
        switch json["name"]?.string {
        case "sgd": self = .sgd(learningRate: rate)
        case "momentum":
            guard let momentum = json["momentum"]?.number else { return nil }
            self = .momentum(learningRate: rate, momentum: momentum)
        case "adam", "adamw":
            guard let beta1 = json["beta1"]?.number, let beta2 = json["beta2"]?.number,
                let epsilon = json["epsilon"]?.number
            else { return nil }
            self =
                json["name"]?.string == "adam"
                ? .adam(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon)
                : .adamw(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon)
        default: return nil
        }
    }
}

extension Schedule {
    /// The curve with its numbers; length and warm-up only where there are any.
    public var json: JSONValue {
        var object: [String: JSONValue] = ["name": .string(name)]
        switch curve {
        case .constant: break
        case .step(let gamma, let every):
            object["gamma"] = .double(gamma)
            object["step_epochs"] = JSONValue(every)
        case .exponential(let gamma): object["gamma"] = .double(gamma)
        case .cosine(let minimum): object["min_rate"] = .double(minimum)
        }
        if let epochs { object["epochs"] = JSONValue(epochs) }
        if warmup > 0 { object["warmup"] = JSONValue(warmup) }
        return .object(object)
    }

    /// nil for anything that `json` does not write.
    init?(json: JSONValue, learningRate: Double) {
        let curve: Curve
        switch json["name"]?.string {
        case "constant": curve = .constant
        case "step":
            guard let gamma = json["gamma"]?.number, let every = json["step_epochs"]?.int else { return nil }
            curve = .step(gamma: gamma, epochs: every)
        case "exponential":
            guard let gamma = json["gamma"]?.number else { return nil }
            curve = .exponential(gamma: gamma)
        case "cosine":
            guard let minimum = json["min_rate"]?.number else { return nil }
            curve = .cosine(minimum: minimum)
        default: return nil
        }
        do {
            try self.init(
                curve, epochs: json["epochs"]?.int, warmup: json["warmup"]?.int ?? 0, learningRate: learningRate)
        } catch { return nil }
        // A whole Double is read as an integer: the values may differ in kind, the keys not.
        if self.json.object?.keys != json.object?.keys { return nil }
    }
}
