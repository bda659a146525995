import BPJSON
import Foundation
import Testing

@Suite("Signals, kills and readers that leave", .serialized)
struct SignalTests {
    /// A run that lasts some seconds, in a debug build too.
    static let long = ["train", "points.csv", "--target", "side", "--epochs", "2000000", "--hidden", "16"]

    /// Epochs that take a second or more: time enough to be killed in.
    #if DEBUG
        static let second = "3000"
    #else
        static let second = "40000"
    #endif

    @Test(
        "a signal stops the run cleanly, with its exit code, and the resume command is printed",
        arguments: [
            (SIGHUP, 129), (SIGINT, 130), (SIGTERM, 143),
        ] as [(Int32, Int32)])
    func stopped(_ signal: Int32, _ code: Int32) throws {
        let bench = try Bench()
        try bench.writeClasses()
        let result = try bench.interrupt(SignalTests.long, with: [signal])
        #expect(result.status == code, "\(result.errors)")
        #expect(result.errors.hasSuffix("next: bpreg train --resume 1\n"), "\(result.errors)")
        #expect(result.output.contains("stopped"))
        let run = try #require(try bench.run("runs", "--json").json.array?.first)
        #expect(run["status"] == "stopped")
        #expect(try bench.run("versions", "--json").output == "[]\n")
        #expect(try bench.run("verify").status == 0)
    }

    @Test("a second signal leaves at once; what was committed is there and the run goes on")
    func twice() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let result = try bench.interrupt(SignalTests.long, with: [SIGINT, SIGINT], pause: 0.5)
        // The clean stop may have been faster than the second signal.
        #expect(result.status == 130)
        let run = try #require(try bench.run("runs", "--json").json.array?.first)
        #expect(["interrupted", "stopped"].contains(run["status"]?.string))
    }

    @Test("a resume after kill -9 gives the weights and losses of the run that nobody killed")
    func killed() throws {
        let (whole, killed) = (try Bench(), try Bench())
        for bench in [whole, killed] { try bench.writeClasses(rows: 200) }
        let words = [
            "train", "points.csv", "--target", "side", "--epochs", SignalTests.second, "--hidden", "16", "--json",
        ]
        let expected = try whole.run(words).json
        #expect(try killed.interrupt(words, with: [SIGKILL]).status == 137)
        let before = try #require(try killed.run("runs", "--json").json.array?.first)
        #expect(before["status"] == "interrupted")
        let resumed = try killed.run("train", "--resume", "--json")
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try resumed.json["weights_sha256"] == expected["weights_sha256"])
        let histories = try [whole, killed].map { try $0.run("history", "1", "--iterations", "--json").output }
        #expect(histories[0] == histories[1])
        #expect(try killed.run("verify").status == 0)
    }

    @Test("a run that lives cannot be resumed; others say so, and read it meanwhile")
    func alive() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let (process, _, _) = try bench.start(SignalTests.long)
        try bench.waitForIterations()
        let resumed = try bench.run("train", "--resume", "1")
        #expect(resumed.status == 11, "\(resumed.errors)")
        #expect(resumed.errors.contains("kill -INT \(process.processIdentifier)"), "\(resumed.errors)")
        #expect(try bench.run("runs", "--json").json.array?.first?["status"] == "running")
        #expect(try bench.run("show", "1").status == 0)
        #expect(try bench.run("history", "1", "--iterations", "--to", "3").output.split(separator: "\n").count == 4)
        #expect(try bench.run("train", "points.csv", "--target", "side", "--epochs", "2").status == 0)
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 143)
    }

    @Test("SIGHUP that is ignored, as nohup does, stays ignored")
    func nohup() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/nohup")
        process.arguments = [Bench.binary.path] + SignalTests.long
        process.currentDirectoryURL = bench.folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try bench.waitForIterations()
        kill(process.processIdentifier, SIGHUP)
        Thread.sleep(forTimeInterval: 0.3)
        #expect(process.isRunning)
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 143)
    }

    @Test("a reader that leaves ends a command quietly")
    func brokenPipe() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "5000")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [
            "-c", "'\(Bench.binary.path)' history 1 --iterations 2>err | head -n 1; echo ${PIPESTATUS[0]}",
        ]
        process.currentDirectoryURL = bench.folder
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(output.split(separator: "\n").last == "0")
        #expect(bench.bytes("err") == Data())
    }
}

extension Bench {
    /// Starts `bpreg`, waits until it has recorded something, and sends it `signals`.
    func interrupt(_ words: [String], with signals: [Int32], pause: Double = 0) throws -> Result {
        let (process, output, errors) = try start(words)
        try waitForIterations()
        for (index, signal) in signals.enumerated() {
            if index > 0 { Thread.sleep(forTimeInterval: pause) }
            kill(process.processIdentifier, signal)
        }
        process.waitUntilExit()
        return Bench.result(process, output, errors)
    }

    /// Waits until run 1 has iterations in the registry.
    func waitForIterations() throws {
        for _ in 0..<500 {
            let runs = try run("runs", "--json")
            if runs.status == 0, let count = try? runs.json.array?.first?["iteration"]?.int, count > 0 { return }
            Thread.sleep(forTimeInterval: 0.02)
        }
        Issue.record("nothing was recorded within ten seconds")
    }
}
