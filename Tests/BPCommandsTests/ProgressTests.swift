import Synchronization
import Testing

@testable import BPCommands
@testable import BPReport
@testable import BPTraining

@Suite("The progress line")
struct ProgressTests {
    static let snapshot = TrainingProgress(
        epoch: 34, epochs: 100, iteration: 3400, iterations: 10_000, loss: 0.0421, validationLoss: 0.051, rate: 12_345,
        acknowledged: 3400, growth: 0)

    @Test("has a bar and all facts where there is room")
    func wide() {
        #expect(
            ProgressView.line(ProgressTests.snapshot, width: 120)
                == "[########----------------]  epoch 34/100  loss 0.0421  val 0.0510  12,345 it/s  under 1s left")
    }

    @Test("never exceeds the width, whatever it is")
    func fits() {
        var snapshot = ProgressTests.snapshot
        snapshot.acknowledged = 0
        snapshot.rate = 10
        snapshot.growth = 12e6
        for width in 0...140 {
            #expect(DisplayWidth.of(ProgressView.line(snapshot, width: width)) <= width, "at \(width)")
        }
        #expect(ProgressView.line(snapshot, width: 12) == "epoch 34/100")
    }

    @Test("tells a record that lags and a registry that grows, and only these")
    func warnings() {
        var snapshot = ProgressTests.snapshot
        #expect(!ProgressView.plain(snapshot).contains("recorded"))
        snapshot.rate = 100
        snapshot.acknowledged = 3250
        snapshot.growth = 1.2e6
        #expect(ProgressView.plain(snapshot).hasSuffix("recorded to 3,250  registry +1.2 MB/s"))
        snapshot.growth = 0.9e6
        #expect(!ProgressView.plain(snapshot).contains("registry"))
    }

    @Test("says nothing of what is not known yet")
    func beginning() {
        let first = TrainingProgress(
            epoch: 1, epochs: 10, iteration: 0, iterations: 100, rate: 0, acknowledged: 0, growth: 0)
        #expect(ProgressView.plain(first) == "epoch 1/10")
        let none = TrainingProgress(
            epoch: 0, epochs: 0, iteration: 0, iterations: 0, rate: 0, acknowledged: 0, growth: 0)
        #expect(ProgressView.line(none, width: 40).hasPrefix("[----"))
    }

    @Test("is redrawn at most ten times a second, over itself")
    func redrawn() {
        let stage = Stage()
        let reporter = stage.reporter(isTerminal: true)
        for step in 0..<1000 {
            stage.set(Double(step) / 1000)
            reporter.update(ProgressTests.snapshot)
        }
        #expect((8...10).contains(stage.written.count))
        #expect(stage.written.allSatisfy { $0.hasPrefix("\r[") && !$0.contains("\n") })
        reporter.clear()
        #expect(stage.written.last?.filter { $0 != " " } == "\r\r")
    }

    @Test("is a plain line now and then where no terminal is")
    func plain() {
        let stage = Stage()
        let reporter = stage.reporter(isTerminal: false)
        for second in 0...300 {
            stage.set(Double(second))
            reporter.update(ProgressTests.snapshot)
        }
        #expect((4...9).contains(stage.written.count))
        #expect(stage.written.allSatisfy { $0.hasPrefix("epoch 34/100") && $0.hasSuffix("\n") && !$0.contains("\r") })
    }
}

/// A clock that a test turns, and the lines that were written.
private final class Stage: Sendable {
    private let content = Mutex((time: 0.0, written: [String]()))

    var written: [String] { content.withLock { $0.written } }

    func set(_ time: Double) { content.withLock { $0.time = time } }

    func reporter(isTerminal: Bool) -> ProgressReporter {
        ProgressReporter(
            isTerminal: isTerminal, now: { self.content.withLock { $0.time } }, width: { 100 },
            write: { text in self.content.withLock { $0.written.append(text) } })
    }
}
