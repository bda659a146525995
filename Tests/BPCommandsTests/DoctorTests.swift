import BPJSON
import BPRegistry
import Foundation
import TestSupport
import Testing

@testable import BPReport

@Suite("The doctor")
struct DoctorTests {
    private static let statuses: Set<Int32> = [0, 10, 12, 13, 14, 15]

    /// What it says, which must be a list of findings whatever lies at the path.
    private func examine(_ bench: Bench, _ what: String = "") throws -> (status: Int32, findings: [JSONValue]) {
        let result = try bench.run("doctor", "--json")
        #expect(Self.statuses.contains(result.status), "\(what): \(result.status), \(result.errors)")
        let findings = try #require(try result.json.array, "\(what): \(result.output)")
        #expect(!findings.isEmpty)
        for finding in findings {
            let status = finding["status"]?.string
            #expect(["ok", "warn", "fail"].contains(status), "\(what)")
            #expect((finding["next"]?.string?.isEmpty == false) == (status != "ok"), "\(what): \(finding)")
        }
        let hasFailed = findings.contains { $0["status"] == "fail" }
        #expect(hasFailed == (result.status != 0), "\(what)")
        #expect(hasFailed == result.errors.contains("error: "), "\(what)")
        return (result.status, findings)
    }

    private func text(_ check: String, _ findings: [JSONValue]) -> [String] {
        findings.filter { $0["check"]?.string == check }.compactMap { $0["what"]?.string }
    }

    @Test("a sound registry has nothing that fails; what waits and what could be freed is told with the command")
    func sound() throws {
        let bench = try Bench.trained("--epochs", "3")
        let (status, findings) = try examine(bench)
        #expect(status == 0)
        #expect(text("audit", findings).first?.contains("recomputed, are as recorded") == true)
        #expect(text("runs", findings) == ["1 run, none interrupted"])
        let registry = try bench.registry()
        let attempt = AttemptSettings(
            threads: 1, instructionSet: "portable", durability: .off, keep: "last", epochLimit: 9)
        try registry.resumeRun(1, attempt: attempt).close()
        let waiting = try examine(bench).findings.first { $0["check"] == "runs" }
        #expect(waiting?["status"] == "warn")
        #expect(waiting?["next"] == "bpreg train --resume 1")
        chmod(bench.folder.appending(path: "bpreg.sqlite").path, 0o666)
        let file = try examine(bench).findings.filter { $0["check"] == "file" && $0["status"] == "warn" }
        #expect(file.first?["next"] == "chmod o-w bpreg.sqlite")
    }

    @Test("it fits a narrow terminal, but for what is to be typed")
    func narrow() throws {
        let bench = try Bench.trained("--epochs", "1")
        for width in [40, 60, 80, 200] {
            let result = try bench.run(["doctor"], environment: ["COLUMNS": "\(width)"])
            #expect(result.status == 0)
            for line in result.output.split(separator: "\n") where !line.contains("next: ") {
                #expect(DisplayWidth.of(String(line)) <= max(width, 46), "\(width): \(line)")
            }
        }
    }

    @Test("what is no registry is told with its exit code")
    func others() throws {
        let bench = try Bench()
        #expect(try examine(bench, "nothing").status == 10)
        try bench.write("bpreg.sqlite", "a text, and no database\n")
        #expect(try examine(bench, "a text").status == 12)
        try bench.write("bpreg.sqlite", "")
        #expect(try examine(bench, "an empty file").status == 10)
        let file = bench.folder.appending(path: "bpreg.sqlite")
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
        #expect(try examine(bench, "a folder").status == 10)
    }

    @Test("a registry that is broken in any way makes it report")
    func broken() throws {
        let bench = try Bench.trained("--epochs", "3")
        let good = try #require(bench.bytes("bpreg.sqlite"))
        let file = bench.folder.appending(path: "bpreg.sqlite")
        let seed = testSeed()
        var random = SplitMix64(seed)
        var failed = 0
        for round in 0..<40 {
            var bytes = [UInt8](good)
            func place() -> Int { Int(random.next() % UInt64(bytes.count)) }
            switch round % 4 {
            case 0: bytes.removeSubrange(max(100, place())...)
            case 1: for _ in 0..<200 { bytes[place()] ^= UInt8(1 << (random.next() % 8)) }
            case 2:
                let start = place() / 16_384 * 16_384
                for index in start..<min(bytes.count, start + 16_384) {
                    bytes[index] = UInt8(truncatingIfNeeded: random.next())
                }
            default:
                // The header: versions, page size, application id.
                for _ in 0..<3 { bytes[Int(random.next() % 100)] = UInt8(truncatingIfNeeded: random.next()) }
            }
            try Data(bytes).write(to: file)
            let (status, _) = try examine(bench, "round \(round), seed \(seed)")
            failed += status == 0 ? 0 : 1
            for companion in ["-wal", "-shm", "-journal"] {
                try? FileManager.default.removeItem(atPath: file.path + companion)
            }
        }
        print("\(failed) of 40 broken registries fail, seed \(seed)")
        #expect(failed > 20, "seed \(seed)")
    }
}
