import BPCore
import BPData
import BPRegistry

extension TrainingSpec {
    /// The spec flat and typed, for lists and queries.
    var settings: [Setting] {
        var settings = [
            Setting("target", .text(encoding.target.name)), Setting("task", .text(task.rawValue)),
            Setting("inputs", .integer(Int64(network.inputs))), Setting("outputs", .integer(Int64(network.outputs))),
            Setting("hidden", .text(hidden.map(String.init).joined(separator: ","))),
            Setting("parameters", .integer(Int64(network.parameterCount))),
            Setting("output_activation", .text(network.outputActivation.rawValue)),
            Setting("initializer", .text(firstWeights.name)), Setting("loss", .text(loss.rawValue)),
            Setting("batch_size", .integer(Int64(batchSize))), Setting("shuffle", .bool(shuffle)),
            Setting("seed", .integer(Int64(seed))), Setting("validation", .number(fractions.validation)),
            Setting("test", .number(fractions.test)), Setting("numerics", .integer(Int64(numerics))),
        ]
        if let activation = hiddenActivation { settings.append(Setting("activation", .text(activation.rawValue))) }
        if let tolerance { settings.append(Setting("tolerance", .number(tolerance))) }
        settings.append(Setting("optimizer", .text(optimizer.name)))
        settings.append(Setting("learning_rate", .number(optimizer.learningRate)))
        switch optimizer {
        case .sgd: break
        case .momentum(_, let momentum): settings.append(Setting("momentum", .number(momentum)))
        case .adam(_, let beta1, let beta2, let epsilon), .adamw(_, let beta1, let beta2, let epsilon):
            settings += [
                Setting("beta1", .number(beta1)), Setting("beta2", .number(beta2)),
                Setting("epsilon", .number(epsilon)),
            ]
        }
        return settings + decayAndSchedule
    }

    /// Only where there are any, as in the spec's JSON.
    private var decayAndSchedule: [Setting] {
        var settings: [Setting] = []
        if weightDecay > 0 { settings.append(Setting("weight_decay", .number(weightDecay))) }
        guard schedule != .constant else { return settings }
        settings.append(Setting("schedule", .text(schedule.name)))
        switch schedule.curve {
        case .constant: break
        case .step(let gamma, let every):
            settings += [Setting("gamma", .number(gamma)), Setting("step_epochs", .integer(Int64(every)))]
        case .exponential(let gamma): settings.append(Setting("gamma", .number(gamma)))
        case .cosine(let minimum): settings.append(Setting("min_rate", .number(minimum)))
        }
        if scheduleStart > 0 { settings.append(Setting("schedule_start", .integer(Int64(scheduleStart)))) }
        if let epochs = schedule.epochs { settings.append(Setting("schedule_epochs", .integer(Int64(epochs)))) }
        if schedule.warmup > 0 { settings.append(Setting("warmup", .integer(Int64(schedule.warmup)))) }
        return settings
    }

    /// Units of the hidden layers.
    var hidden: [Int] { network.layers.dropLast().map(\.outputs) }

    /// The activation of the hidden layers; nil where there are none.
    var hiddenActivation: Activation? { network.layers.dropLast().first?.activation }

    /// What `options` asks for that is not as this spec has it.
    func changes(_ options: TrainingOptions, trainingRows: Int) -> [SettingChange] {
        var changes: [SettingChange] = []
        func compare(_ name: String, _ recorded: String, _ asked: String?) {
            if let asked, asked != recorded {
                changes.append(SettingChange(name: name, recorded: recorded, asked: asked))
            }
        }
        compare("target", encoding.target.name, options.target)
        compare("task", task.rawValue, options.task?.rawValue)
        let ignored = columns.filter { $0.role == .ignored }.map(\.name)
        compare(
            "ignore", ignored.joined(separator: ","),
            options.ignored.isEmpty ? nil : options.ignored.joined(separator: ","))
        compare(
            "hidden", hidden.map(String.init).joined(separator: ","),
            options.hidden?.map(String.init).joined(separator: ","))
        compare("activation", hiddenActivation?.rawValue ?? "none", options.activation?.rawValue)
        compare("output activation", network.outputActivation.rawValue, options.outputActivation?.rawValue)
        compare("loss", loss.rawValue, options.loss?.rawValue)
        compare("initializer", firstWeights.name, options.initializer?.rawValue)
        compare("optimizer", optimizer.name, options.optimizer?.rawValue)
        compare("learning rate", "\(optimizer.learningRate)", options.learningRate.map { "\($0)" })
        let numbers = optimizer.json
        for (name, asked) in [
            ("momentum", options.momentum), ("beta1", options.beta1), ("beta2", options.beta2),
            ("epsilon", options.epsilon),
        ] {
            compare(name, numbers[name]?.number.map { "\($0)" } ?? "none", asked.map { "\($0)" })
        }
        compare("weight decay", "\(weightDecay)", options.weightDecay.map { "\($0)" })
        compare("schedule", schedule.name, options.schedule?.rawValue)
        let curve = schedule.json
        compare("gamma", curve["gamma"]?.number.map { "\($0)" } ?? "none", options.gamma.map { "\($0)" })
        compare("min rate", curve["min_rate"]?.number.map { "\($0)" } ?? "none", options.minimumRate.map { "\($0)" })
        compare(
            "step epochs", curve["step_epochs"]?.int.map(String.init) ?? "none", options.stepEpochs.map(String.init))
        compare("schedule epochs", schedule.epochs.map(String.init) ?? "none", options.scheduleEpochs.map(String.init))
        compare("warmup", "\(schedule.warmup)", options.warmup.map(String.init))
        switch options.batchSize {
        case .rows(let size): compare("batch size", "\(batchSize)", "\(size)")
        case .all: compare("batch size", "\(batchSize)", "\(trainingRows)")
        case nil: break
        }
        compare("shuffle", shuffle ? "on" : "off", options.shuffle.map { $0 ? "on" : "off" })
        compare("seed", "\(seed)", options.seed.map(String.init))
        compare("tolerance", tolerance.map { "\($0)" } ?? "off", options.tolerance.map { "\($0)" })
        compare("validation", "\(fractions.validation)", options.validation.map { "\($0)" })
        compare("test", "\(fractions.test)", options.test.map { "\($0)" })
        return changes
    }
}
