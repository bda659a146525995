import Foundation
import Testing

/// Commands that read leave the folder as it was, whoever may write there.
@Suite("Reading a registry")
struct ReadingTests {
    static let readers = [
        ["runs"], ["models"], ["versions"], ["datasets"], ["show", "1"], ["show", "1@iteration:1"], ["history", "1"],
        ["history", "points", "--iterations"], ["evaluate", "points"], ["predict", "points", "points.csv"], ["verify"],
        ["migrate", "--status"],
    ]

    @Test("leaves no -wal and no -shm behind, also where it fails")
    func traces() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "2")
        let before = try #require(bench.bytes("bpreg.sqlite"))
        for words in ReadingTests.readers + [["show", "9"], ["history", "nobody"]] {
            _ = try bench.run(words)
            #expect(!bench.has("bpreg.sqlite-wal") && !bench.has("bpreg.sqlite-shm"), "\(words)")
        }
        #expect(bench.bytes("bpreg.sqlite") == before)
        _ = try bench.run("train", "--resume")
        #expect(!bench.has("bpreg.sqlite-wal") && !bench.has("bpreg.sqlite-shm"))
    }

    @Test("works where nothing may be written")
    func readOnly() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "2")
        let files = FileManager.default
        let registry = bench.folder.appending(path: "bpreg.sqlite").path
        try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: registry)
        // What the bench writes itself goes elsewhere.
        try files.createDirectory(at: bench.folder.appending(path: "shut"), withIntermediateDirectories: false)
        for name in ["bpreg.sqlite", "points.csv"] {
            try files.moveItem(
                at: bench.folder.appending(path: name), to: bench.folder.appending(path: "shut/\(name)"))
        }
        let shut = bench.folder.appending(path: "shut").path
        try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: shut)
        defer { try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: shut) }
        for words in ReadingTests.readers {
            let moved = words.map { $0 == "points.csv" ? "shut/points.csv" : $0 }
            let result = try bench.run(moved + ["--registry", "shut/bpreg.sqlite"])
            #expect(result.status == 0, "\(words): \(result.errors)")
        }
        #expect(try files.contentsOfDirectory(atPath: shut).sorted() == ["bpreg.sqlite", "points.csv"])
    }

    @Test("a model without a version: the run it has is proposed, in the command that was typed")
    func noVersion() throws {
        let bench = try Bench()
        try bench.writeNumbers()
        try bench.run(
            "train", "line.csv", "--target", "y", "--optimizer", "sgd", "--learning-rate", "1e20", "--epochs", "50")
        let result = try bench.run("history", "line", "--csv")
        #expect(result.status == 1 && result.errors.contains("its only run is 1\n"), "\(result.errors)")
        #expect(result.errors.contains("next: bpreg history 1 --csv\n"), "\(result.errors)")
    }

    @Test("seconds have no digits beyond the microsecond")
    func seconds() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "20")
        let epochs = try bench.run("history", "1", "--json").json.array ?? []
        let runs = try bench.run("runs", "--json").json.array ?? []
        #expect(epochs.count == 20)
        for object in epochs + runs {
            let text = try #require(object["seconds"]?.serialized)
            let value = try #require(Double(text))
            #expect(value == (value * 1e6).rounded() / 1e6, "\(text)")
        }
    }
}
