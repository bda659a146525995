import BPData
import BPRegistry
import BPTraining

/// Makes a registry of many runs: each is trained on a small table, so that it is sound, can be replayed and audited, and
/// differs from the others in its settings and losses.
struct RegistryBench {
    let runs: Int
    let iterations: Int
    let path: String

    private static let models = ["iris", "flowers", "petals", "garden", "meadow"]
    private static let rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]

    func run(data: String) throws {
        let table = try CSVReader().read(path: data)
        let start = now()
        let registry = try Registry.open(at: path, for: .creating, durability: .off)
        for index in 0..<runs {
            var options = TrainingOptions()
            options.target = "species"
            (options.seed, options.hidden) = (index + 1, [4 + index % 5])
            (options.batchSize, options.learningRate) = (.rows(1), RegistryBench.rates[index % 6])
            options.optimizer = [.sgd, .momentum, .adam][index / 6 % 3]
            let plan = try TrainingPlan(table, options: options, model: RegistryBench.models[index % 5])
            var attempt = AttemptOptions()
            let length = plan.split.training.count
            (attempt.threads, attempt.epochs) = (1, max(1, (iterations + length - 1) / length))
            _ = try TrainingSession.start(plan, in: registry, attempt: attempt, durability: .off).train()
            if (index + 1) % 1_000 == 0 { complain("\(index + 1) runs, \(Int(now() - start)) s\n") }
        }
        try registry.close()
        print("\(runs) runs in \(path), \(now() - start) s")
    }
}
