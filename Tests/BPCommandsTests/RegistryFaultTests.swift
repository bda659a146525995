import Foundation
import Testing

@Suite("Registries that cannot be used")
struct RegistryFaultTests {
    static let readers = [
        ["runs"], ["models"], ["versions"], ["datasets"], ["show", "1"], ["history", "1"],
        ["predict", "m", "points.csv"],
        ["evaluate", "m"], ["verify"], ["migrate"], ["train", "--resume"],
    ]

    @Test("a command that reads makes no registry, and says which path and how to name another", arguments: readers)
    func none(_ words: [String]) throws {
        let bench = try Bench()
        try bench.writeClasses()
        let result = try bench.run(words)
        #expect(result.status == 10, "\(result.errors)")
        #expect(result.errors.contains("bpreg.sqlite") && result.errors.contains("BPREG_REGISTRY"), "\(result.errors)")
        #expect(!bench.has("bpreg.sqlite"))
        let named = try bench.run(words, environment: ["BPREG_REGISTRY": "sub/other.sqlite"])
        #expect(named.status == 10)
        #expect(named.errors.contains("BPREG_REGISTRY=sub/other.sqlite"), "\(named.errors)")
    }

    @Test(
        "a folder, text, another application's file",
        arguments: [
            ("folder", [10, 12]), ("notes.txt", [12]), ("other.sqlite", [12]),
        ])
    func foreign(_ name: String, _ codes: [Int32]) throws {
        let bench = try Bench()
        try bench.writeClasses()
        try FileManager.default.createDirectory(
            at: bench.folder.appending(path: "folder"), withIntermediateDirectories: true)
        try bench.write("notes.txt", String(repeating: "these are notes, no database at all\n", count: 100))
        try RegistryFaultTests.sqlite(
            "PRAGMA application_id = 7; CREATE TABLE t(x);", bench.folder.appending(path: "other.sqlite"))
        let before = bench.bytes(name)
        for words in [["runs"], ["verify"], ["train", "points.csv", "--target", "side", "--epochs", "1"]] {
            let result = try bench.run(words + ["--registry", name])
            #expect(codes.contains(result.status), "\(words) on \(name): \(result.status), \(result.errors)")
            #expect(result.errors.contains("--registry \(name)"))
        }
        #expect(bench.bytes(name) == before)
    }

    @Test("verify ends with 0, 10, 12 or 13, whatever lies at the path")
    func verify() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "1")
        let whole = try #require(bench.bytes("bpreg.sqlite"))
        try whole.prefix(5000).write(to: bench.folder.appending(path: "short"))
        try whole.prefix(100_000).write(to: bench.folder.appending(path: "half"))
        try bench.write("empty", "")
        for (path, code) in [
            ("bpreg.sqlite", 0), ("short", 13), ("half", 13), ("empty", 10), (".", 10), ("/dev/null", 10),
            ("/dev/zero", 10), ("points.csv", 12), ("/proc/self/mem", 13), ("no/such/folder", 10), ("", 10),
        ] as [(String, Int32)] {
            let result = try bench.run("verify", "--registry", path)
            #expect(result.status == code, "\(path): \(result.errors)")
        }
    }

    @Test("from a newer version")
    func newer() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "1")
        let file = bench.folder.appending(path: "bpreg.sqlite")
        try RegistryFaultTests.sqlite("PRAGMA user_version = 900;", file)
        let before = bench.bytes("bpreg.sqlite")
        for words in [["runs"], ["verify"], ["migrate"], ["train", "points.csv", "--target", "side"]] {
            let result = try bench.run(words)
            #expect(result.status == 12, "\(words): \(result.errors)")
            #expect(result.errors.contains("900"))
        }
        #expect(bench.bytes("bpreg.sqlite") == before)
    }

    @Test("damaged: a loss that was changed")
    func damaged() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "2")
        let file = bench.folder.appending(path: "bpreg.sqlite")
        try RegistryFaultTests.sqlite("UPDATE epoch SET loss = loss + 0.5 WHERE epoch = 2;", file)
        let verify = try bench.run("verify")
        #expect(verify.status == 13)
        #expect(verify.output.hasPrefix("damaged: epoch run=1, segment=1, epoch=2: "), "\(verify.output)")
        #expect(verify.output.contains("bpreg.sqlite is damaged: "))
        #expect(!verify.errors.contains("next: bpreg verify"), "\(verify.errors)")
        let history = try bench.run("history", "1")
        #expect(history.status == 13, "\(history.errors)")
        #expect(history.errors.contains("next: bpreg verify"))
    }

    @Test("a folder that cannot be written, a disk that is full")
    func storage() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "1")
        let full = try bench.run("predict", "points", "points.csv", "-o", "/dev/full")
        #expect(full.status == 15, "\(full.errors)")
        #expect(full.errors.contains("/dev/full"))
        let missing = try bench.run("predict", "points", "points.csv", "-o", "no/such/folder.csv")
        #expect(missing.status == 15, "\(missing.errors)")
        let elsewhere = try bench.run(
            "train", "points.csv", "--target", "side", "--epochs", "1", "--registry", "/proc/none/x.sqlite")
        #expect([10, 15].contains(elsewhere.status), "\(elsewhere.errors)")
    }

    @Test("a file at its size limit is an error as a full disk is, and what was committed stays sound")
    func sizeLimit() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "1")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        let words = "train points.csv --target side --epochs 50 --hidden 2000"
        process.arguments = ["-c", "ulimit -f 800; '\(Bench.binary.path)' \(words) 2> err"]
        process.currentDirectoryURL = bench.folder
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 15)
        #expect(bench.bytes("err").map { String(decoding: $0, as: UTF8.self) }?.contains("hint: ") == true)
        #expect(try bench.run("verify").status == 0)
        #expect(try bench.run("show", "points:1").status == 0)
    }

    /// Runs statements with SQLite's own shell.
    static func sqlite(_ statements: String, _ file: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sqlite3", file.path, statements]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "sqlite3 \(statements)")
    }
}
