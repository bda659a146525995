import BPJSON
import Foundation
import Testing

/// Where what is kept of a run must not disturb another: forks, runs that are alive, versions that people made.
@Suite("Keeping points of forks and of runs that are alive")
struct KeepingTests {
    /// Run 1 of model points: 8 epochs of 5 iterations.
    private func trained() throws -> Bench { try Bench.trained("--epochs", "8", "--batch-size", "10") }

    @Test("what is kept where a fork with another rule begins is the fork's; the parent's replay does not meet it")
    func forkPoint() throws {
        let bench = try trained()
        try bench.run("train", "--from", "1@iteration:20", "--optimizer", "sgd", "--epochs", "6")
        for iteration in [11, 20, 27] {
            let made = try bench.run("pin", "2@iteration:\(iteration)", "--json")
            #expect(try made.json.array?.first?["run"]?.int == (iteration >= 20 ? 2 : 1), "\(made.errors)")
        }
        let version = try bench.run("version", "2@iteration:20", "--json")
        #expect(try version.json["run"] == 2, "\(version.errors)")
        // The parent's optimizer remembers what the fork's has left behind.
        for run in ["1", "2"] {
            let audit = try bench.run("audit", run)
            #expect(audit.status == 0, "\(audit.output)\(audit.errors)")
        }
        #expect(try bench.run("show", "1@iteration:22").status == 0)
        #expect(try bench.run("verify").status == 0)
    }

    @Test("a run that goes on makes its own version beside those that people made of the same weights")
    func ownVersion() throws {
        let bench = try trained()
        try bench.run("rollback", "1@epoch:6")
        for _ in 0..<3 { try bench.run("version", "1@last", "--model", "other") }
        let resumed = try bench.run("train", "--resume", "1", "--epochs", "6", "--keep", "last", "--json")
        #expect(try resumed.json["version"] == "points:2", "\(resumed.output)\(resumed.errors)")
        #expect(try bench.run("versions", "other", "--json").json.array?.count == 3)
    }

    @Test("the update at which a run diverged was not made: its state is neither pinned nor made a version")
    func diverged() throws {
        let bench = try Bench()
        try bench.writeNumbers()
        try bench.run(
            "train", "line.csv", "--target", "y", "--optimizer", "sgd", "--learning-rate", "1e20", "--epochs", "50")
        for command in ["pin", "version"] {
            let result = try bench.run(command, "1@last")
            #expect(result.status == 1 && result.errors.contains("is sound"), "\(command): \(result.errors)")
        }
        try bench.run("rollback", "1@iteration:0")
        for command in ["pin", "version", "rollback"] {
            let result = try bench.run(command, "1.1@last")
            #expect(result.status == 1 && result.errors.contains("is sound"), "\(command): \(result.errors)")
        }
        #expect(try bench.run("versions", "--json").output == "[]\n")
    }

    @Test("inside an epoch a version has the validation loss that evaluate measures, and no training loss")
    func insideEpoch() throws {
        let bench = try trained()
        let inside = try bench.run("version", "1@iteration:12", "--model", "early", "--json").json
        let validation = try bench.run("evaluate", "early", "--split", "validation", "--json").json
        #expect(inside["loss"] == .null && inside["val_loss"] == validation["loss"])
        #expect(inside["val_loss"] != .null)
    }

    @Test("a run that is alive is not rolled back, but pinned and made a version of; once killed it goes back and on")
    func alive() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let (process, output, errors) = try bench.start([
            "train", "points.csv", "--target", "side", "--epochs", "100000000", "--threads", "1",
        ])
        defer { if process.isRunning { process.terminate() } }
        var iterations = 0
        for _ in 0..<600 where iterations < 50 {
            usleep(50_000)
            iterations = (try? bench.run("runs", "--json").json.array?.first?["iteration"]?.int) ?? 0
        }
        try #require(iterations >= 50, "\(Bench.result(process, output, errors).errors)")
        let refused = try bench.run("rollback", "1@iteration:10")
        #expect(refused.status == 11 && refused.errors.contains("kill -INT"), "\(refused.errors)")
        let pinned = try bench.run("pin", "1@iteration:21", "--name", "live", "--json")
        #expect(try pinned.json.array?.first?["iteration"] == 21, "\(pinned.errors)")
        let version = try bench.run("version", "1@iteration:21", "--json")
        #expect(try version.json["name"] == "points:1", "\(version.errors)")
        #expect(try bench.run("runs", "--json").json.array?.first?["status"] == "running")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let moved = try bench.run("rollback", "1@iteration:10")
        #expect(moved.status == 0, "\(moved.errors)")
        let resumed = try bench.run("train", "--resume", "1", "--epochs", "20", "--json")
        #expect(try resumed.json["epoch"] == 20, "\(resumed.errors)")
        let sound = try bench.run("verify")
        #expect(sound.status == 0, "\(sound.output)")
    }
}
