import BPData
import BPRegistry
import BPTraining

// Data from memory: 240 points on two rings.
let angles = (0..<240).map { Double($0) * 0.7 }
let radii = (0..<240).map { $0 % 2 == 0 ? 1.0 : 2.0 }
let table = try Table(
    name: "rings",
    columns: [
        Column(name: "x", values: .f64(zip(angles, radii).map { $1 * cosine($0) })),
        Column(name: "y", values: .f64(zip(angles, radii).map { $1 * cosine($0 - 1.5707963267948966) })),
        Column(name: "ring", values: .text(try TextValues(radii.map { $0 == 1 ? "inner" : "outer" }))),
    ])

// Everything that decides the numbers, checked against the data before anything is written.
var options = TrainingOptions()
options.target = "ring"
options.hidden = [16]
options.learningRate = 0.02
let plan = try TrainingPlan(table, options: options)

// Train, and stop in the middle, as a signal would.
let registry = try Registry.open(at: CommandLine.arguments.dropFirst().first ?? "rings.sqlite", for: .creating)
var attempt = AttemptOptions()
attempt.epochs = 20_000
let session = try TrainingSession.start(plan, in: registry, attempt: attempt)
var looks = 0
let stopped = try session.train(stop: {
    looks += 1
    return looks > 10 ? .program : nil
})
print("run \(stopped.run) \(stopped.status.rawValue) after \(stopped.iterations) iterations")

// Go on where it was left: the result is the uninterrupted run's, to the last bit.
attempt.epochs = max(100, stopped.epochs + 50)
guard case .session(let resumed) = try TrainingSession.resume(in: registry, attempt: attempt) else {
    fatalError("there was something left to do")
}
let outcome = try resumed.train()
print("run \(outcome.run) \(outcome.status.rawValue): \(outcome.version ?? "no version"), \(outcome.epochs) epochs")

// What was recorded.
let losses = try registry.losses(ofRun: outcome.run, from: 1, to: 3)
print("first losses: \(losses)")

// Go back to an earlier point, and set out from it with another rate; then prove the fork's history by recomputing it.
var changed = TrainingOptions()
changed.learningRate = 0.001
let fork = try TrainingPlan(
    forking: Reference("\(outcome.run)@epoch:5"), in: registry, options: changed, model: "slow_rings")
let forked = try TrainingSession.start(fork, in: registry, attempt: attempt).train()
let report = try Audit(run: forked.run, in: registry).run()
print("run \(forked.run), from run 1 after epoch 5: \(report.isReproduced ? "reproduced" : "not reproduced")")
guard case .point(let point) = try registry.resolve(Reference("\(outcome.run)@epoch:5")) else { fatalError("a point") }
print("run 1 ends at iteration \(try registry.rollback(to: point).to.iteration)")

// Predict with the model's current version.
let model = try LoadedModel(Reference("rings"), in: registry).model
let points = try Table(
    name: "points", columns: [Column(name: "y", values: .f64([0, 0])), Column(name: "x", values: .f64([0.9, -2.1]))])
let predictions = try model.predict(points)
let names = predictions.classNames ?? []
print("predicted: \(predictions.classes.map { names[$0] })")
try registry.close()

/// Enough of a cosine for this data: its series, after bringing the angle near 0.
func cosine(_ angle: Double) -> Double {
    let turn = 6.283185307179586
    let x = angle - turn * (angle / turn).rounded()
    var (term, sum) = (1.0, 1.0)
    for k in stride(from: 2.0, through: 24, by: 2) {
        term *= -x * x / (k * (k - 1))
        sum += term
    }
    return sum
}
