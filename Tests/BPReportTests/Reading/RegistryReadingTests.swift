import BPData
import BPRegistry
import BPTraining
import TestSupport
import Testing

@testable import BPReport

@Suite("What is shown of any place that can be read")
struct RegistryReadingTests {
    @Test("records in memory are shown as the registry that they came from, after it is gone")
    func memory() throws {
        let (memory, expected) = try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: folder + "/bpreg.sqlite", for: .creating)
            try RegistryReadingTests.record(in: registry)
            let shown = try RegistryReadingTests.shown(of: registry)
            let memory = try MemoryReading(of: registry)
            try registry.close()
            return (memory, shown)
        }
        let found = try RegistryReadingTests.shown(of: memory)
        #expect(found.map(\.name) == expected.map(\.name))
        for (found, expected) in zip(found, expected) {
            #expect(found.text == expected.text, "\(expected.name)")
            #expect(!expected.text.isEmpty, "\(expected.name)")
        }
        let runs = try #require(expected.first { $0.name == "runs" }).text
        #expect(runs.contains("  2  iris   finished"), "\(runs)")
        let history = try #require(expected.first { $0.name == "history 1" }).text
        #expect(history.contains("superseded") && history.split(separator: "\n").count == 7, "\(history)")
    }

    /// Run 1, a rollback of it with a second segment, a fork of it, tags, notes, an alias and a pin.
    private static func record(in registry: Registry) throws {
        let labels = (0..<60).map { $0 % 2 == 0 ? "even" : "odd" }
        let table = try Table(
            name: "iris",
            columns: [
                Column(name: "x", values: .f64((0..<60).map { Double($0 % 2) + Double($0 % 7) / 10 })),
                Column(name: "kind", values: .text(try TextValues(labels))),
            ])
        var options = TrainingOptions()
        (options.target, options.hidden, options.batchSize) = ("kind", [3], .rows(8))
        var attempt = AttemptOptions()
        (attempt.epochs, attempt.threads) = (4, 1)
        let plan = try TrainingPlan(table, options: options)
        _ = try TrainingSession.start(plan, in: registry, attempt: attempt).train()
        guard case .point(let point) = try registry.resolve(Reference("1@epoch:2")) else { return }
        _ = try registry.rollback(to: point)
        guard case .session(let session) = try TrainingSession.resume(1, in: registry, attempt: attempt) else { return }
        _ = try session.train()
        options = TrainingOptions()
        options.learningRate = 0.02
        attempt.epochs = 5
        let fork = try TrainingPlan(forking: Reference("1.1@epoch:3"), in: registry, options: options)
        _ = try TrainingSession.start(fork, in: registry, attempt: attempt).train()
        _ = try registry.setTag("draft", to: "yes", of: .run(1))
        _ = try registry.addNote("a first try", to: .version(model: "iris", number: 1))
        _ = try registry.setAlias("production", to: 1, ofModel: "iris")
    }

    /// Every page that is rendered through the protocol.
    private static func shown(of reading: any RegistryReading) throws -> [(name: String, text: String)] {
        var shown: [(name: String, text: String)] = []
        func add(_ name: String, _ body: (Output) throws -> Void) throws {
            let sink = Sink()
            let output = Output { sink.bytes += $0 }
            try body(output)
            try output.finish()
            shown.append((name, sink.text))
        }
        let all = ListQuery()
        for format in [OutputFormat.text, .json, .csv] {
            try add(format == .text ? "runs" : "runs \(format)") {
                try RunList.write(all, in: reading, as: format, to: $0)
            }
            try add("versions \(format)") {
                _ = try VersionList.write(all, ofModel: nil, in: reading, as: format, to: $0)
            }
            try add("models \(format)") { try ModelList.write(in: reading, as: format, to: $0) }
            try add("datasets \(format)") { try DatasetList.columns.write(reading.datasets(), as: format, to: $0) }
        }
        try add("runs --tree") { try RunList.writeTree(all, in: reading, to: $0) }
        for reference in ["1", "2", "iris:1", "iris"] {
            for isJSON in [false, true] {
                try add("show \(reference)" + (isJSON ? " --json" : "")) { output in
                    switch try reading.resolve(Reference(reference)) {
                    case .run(let run):
                        try reading.details(of: run).write(asJSON: isJSON, hint: "", to: output)
                    case .version(let version):
                        try reading.details(of: version).write(asJSON: isJSON, hint: "", to: output)
                    case .point: Issue.record("\(reference) is no point")
                    }
                }
            }
            try add("log \(reference)") { output in
                let subject = try LogSubject(reference, in: reading)
                try subject.write(in: reading, to: output)
                try EventList.write(subject.events(in: reading), as: .text, to: output)
            }
        }
        for run in ["1", "1.1", "2"] {
            let line = try RunLine(run, in: reading)
            try add("history \(run)") {
                try History(line, range: 1..<100, all: true, in: reading, format: .text, output: $0).printEpochs()
            }
            try add("history \(run) --iterations") {
                try History(line, range: 1..<100, in: reading, format: .json, output: $0).printIterations()
            }
        }
        try add("plot 1 2") {
            let plot = try CurvePlot(
                of: ["1", "2"], in: reading, nil, typed: nil, byIteration: true, isLogarithmic: false, width: 80,
                hint: "")
            try plot.write(width: 80, to: $0)
        }
        return shown
    }

    @Test("a reader that keeps the number of the last event it saw gets those after it")
    func changes() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: folder + "/bpreg.sqlite", for: .creating)
            try RegistryReadingTests.record(in: registry)
            let all = try registry.events(of: nil, after: 0)
            let seen = try #require(all.map(\.id).sorted().dropLast(2).last)
            #expect(try registry.events(of: nil, after: seen).map(\.id).sorted() == [seen + 1, seen + 2])
            #expect(try registry.events(of: nil, after: seen + 2).isEmpty)
        }
    }
}
