import BPCore
import BPData

extension TrainingOptions {
    /// Refuses numbers that cannot be, naming the setting and the value.
    func validate() throws {
        for units in hidden ?? [] where units < 1 {
            throw TrainingError.setting(
                name: "hidden", value: "\(units)", allowed: "layers of at least 1 unit, such as 32,16")
        }
        if let seed, seed < 0 { throw TrainingError.setting(name: "seed", value: "\(seed)", allowed: "0 or more") }
        if case .rows(let size) = batchSize, size < 1 {
            throw TrainingError.setting(name: "batch size", value: "\(size)", allowed: "at least 1, or all")
        }
        if let tolerance, !(tolerance > 0 && tolerance.isFinite) {
            throw TrainingError.setting(name: "tolerance", value: "\(tolerance)", allowed: "a finite number above 0")
        }
        if activation == .softmax {
            throw TrainingError.setting(
                name: "activation", value: "softmax", allowed: "one for hidden layers; softmax is for the output")
        }
        _ = try fractions()
        _ = try resolvedSchedule(learningRate: resolvedOptimizer().learningRate)
    }

    /// The shares of the rows set aside.
    func fractions() throws(DataError) -> SplitFractions {
        try fromData { () throws(DataError) in
            try SplitFractions(
                validation: validation ?? TrainingDefaults.validation, test: test ?? TrainingDefaults.test)
        }
    }

    /// The update rule with all its numbers.
    func resolvedOptimizer() throws -> Optimizer {
        let rule = optimizer ?? TrainingDefaults.optimizer
        let isAdam = rule == .adam || rule == .adamw
        try refuse("momentum", momentum, unless: rule == .momentum, rule.rawValue)
        try refuse("beta1", beta1, unless: isAdam, rule.rawValue)
        try refuse("beta2", beta2, unless: isAdam, rule.rawValue)
        try refuse("epsilon", epsilon, unless: isAdam, rule.rawValue)
        let rate = learningRate ?? TrainingDefaults.learningRate(rule)
        let resolved: Optimizer =
            switch rule {
            case .sgd: .sgd(learningRate: rate)
            case .momentum: .momentum(learningRate: rate, momentum: momentum ?? TrainingDefaults.momentum)
            case .adam:
                .adam(
                    learningRate: rate, beta1: beta1 ?? TrainingDefaults.beta1, beta2: beta2 ?? TrainingDefaults.beta2,
                    epsilon: epsilon ?? TrainingDefaults.epsilon)
            case .adamw:
                .adamw(
                    learningRate: rate, beta1: beta1 ?? TrainingDefaults.beta1, beta2: beta2 ?? TrainingDefaults.beta2,
                    epsilon: epsilon ?? TrainingDefaults.epsilon)
            }
        try fromCore { () throws(CoreError) in try resolved.validate(weightDecay: resolvedWeightDecay) }
        return resolved
    }

    /// λ.
    var resolvedWeightDecay: Double {
        weightDecay ?? TrainingDefaults.weightDecay(optimizer ?? TrainingDefaults.optimizer)
    }

    /// The schedule with all its numbers. γ, k and a cosine's length have no value that suits most data: they are asked
    /// for.
    func resolvedSchedule(learningRate: Double) throws -> Schedule {
        let name = schedule ?? .constant
        try refuse("gamma", gamma, unless: name == .step || name == .exponential, name.rawValue)
        try refuse("step epochs", stepEpochs, unless: name == .step, name.rawValue)
        try refuse("min rate", minimumRate, unless: name == .cosine, name.rawValue)
        try refuse("schedule epochs", scheduleEpochs, unless: name != .constant, name.rawValue)
        func need<Value>(_ setting: String, _ value: Value?) throws(TrainingError) -> Value {
            guard let value else { throw .missingSetting(name: setting, of: "schedule", value: name.rawValue) }
            return value
        }
        let curve: Schedule.Curve
        switch name {
        case .constant: curve = .constant
        case .step: curve = .step(gamma: try need("gamma", gamma), epochs: try need("step epochs", stepEpochs))
        case .exponential: curve = .exponential(gamma: try need("gamma", gamma))
        case .cosine:
            _ = try need("schedule epochs", scheduleEpochs)
            curve = .cosine(minimum: minimumRate ?? TrainingDefaults.minimumRate(learningRate))
        }
        return try fromCore { () throws(CoreError) in
            try Schedule(curve, epochs: scheduleEpochs, warmup: warmup ?? 0, learningRate: learningRate)
        }
    }

    private func refuse(
        _ name: String, _ value: (some CustomStringConvertible)?, unless applies: Bool, _ owner: String
    ) throws(TrainingError) {
        if let value, !applies {
            throw .setting(name: name, value: "\(value)", allowed: "left out, since \(owner) has none")
        }
    }
}

extension AttemptOptions {
    /// Refuses numbers that cannot be, naming the setting and the value.
    func validate() throws(TrainingError) {
        // The shuffle of an epoch has its number as 32 bits.
        if let epochs, !(1...Int(UInt32.max)).contains(epochs) {
            throw .setting(name: "epochs", value: "\(epochs)", allowed: "1 to \(UInt32.max)")
        }
        if let threads, !(1...256).contains(threads) {
            throw .setting(name: "threads", value: "\(threads)", allowed: "1 to 256")
        }
        if let keyframeBudget, keyframeBudget < 0 {
            throw .setting(name: "keyframe budget", value: "\(keyframeBudget)", allowed: "0 or more bytes")
        }
        if let keyframeSeconds, !(keyframeSeconds >= 0 && keyframeSeconds.isFinite) {
            throw .setting(name: "keyframe interval", value: "\(keyframeSeconds)", allowed: "0 or more seconds")
        }
    }
}
