// The code blocks of docs/embedding.md after the first, in their order. tools/example builds and runs them.
import BPReg
import Foundation
import Synchronization

let registry = try Registry("embedding.sqlite")

let xs = (0..<100).map { Double($0) / 50 - 1 }
let table = try Table(
    name: "parabola",
    columns: [
        Column(name: "x", values: .f64(xs)),
        Column(name: "y", values: .f64(xs.map { $0 * $0 })),
    ])

let options = TrainingOptions(
    target: "y", hidden: [16, 16], activation: .relu, optimizer: .adamw, schedule: .cosine, scheduleEpochs: 100,
    batchSize: .rows(16), seed: 7)
let run = try registry.train(table, epochs: 100, options: options, attempt: AttemptOptions(threads: 1, keep: .best))
print(run.version ?? "no version", run.epochs, run.record.best?.epoch ?? 0)

let deadline = ContinuousClock.now + .milliseconds(100)
let latest = Mutex<TrainingProgress?>(nil)
let stopped = try registry.train(
    table, epochs: 1_000_000, options: options,
    stop: { ContinuousClock.now > deadline ? .program : nil },
    progress: { progress in latest.withLock { $0 = progress } })
print(stopped.status)
let resumed = try registry.resume(stopped.number, epochs: stopped.epochs + 1)
print(resumed.status)

let plan = try TrainingPlan(table, options: options)
for note in plan.notes + plan.warnings { print(note) }
let unrecorded = try plan.trainUnrecorded(
    epochs: 100, stop: { nil }, progress: { progress in latest.withLock { $0 = progress } })
let last = try registry.model("\(run.number)@last")
precondition(unrecorded.model.parameters == last.model.parameters)

print(unrecorded.model.features)
print(try unrecorded.model.predict([[0.5], [-0.5]]).numbers.map { ($0 * 100).rounded() / 100 })

try registry.model("parabola").export(to: "parabola.onnx")
try unrecorded.model.export(to: "parabola.safetensors")
let model = try TrainedModel(contentsOf: "parabola.safetensors")
precondition(model.weightsSHA256 == unrecorded.model.weightsSHA256)

try registry.archive("parabola:1", to: "archive.safetensors")
let other = try Registry("other.sqlite")
let report = try other.restore("archive.safetensors")
let weights = try [registry, other].map { try $0.model("parabola:1").weightsSHA256 }
print(report.runs.map(\.number), weights[0] == weights[1])

let record = try registry.run(1)
print(record.model, record.status, record.creationDate <= Date.now)
for version in try registry.versions(ofModel: "parabola").reversed() {
    print(version.name, version.weights != nil)
}

do {
    _ = try registry.model("parabole")
} catch let error as RegistryError {
    print(error.localizedDescription)
    print(error.recoverySuggestion ?? "no suggestion")
}
try registry.close()
