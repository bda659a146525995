import BPJSON
import BPRegistry
import Foundation
import TestSupport
import Testing

@Suite("Deleting, freeing, copying, looking after")
struct UpkeepTests {
    @Test("delete asks: with nobody there it says --yes; with it, it is done; what depends on it is told")
    func delete() throws {
        let bench = try Bench.trained("--epochs", "2")
        try bench.run("alias", "points:1", "production")
        let refused = try bench.run("delete", "1")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("points:1, the current version of points; points@production, an alias"))
        #expect(refused.errors.contains("next: bpreg delete 1 --cascade"))
        let asked = try bench.run("delete", "1", "--cascade")
        #expect(asked.status == 64)
        #expect(asked.errors.contains("next: bpreg delete 1 --cascade --yes"))
        #expect(try bench.run("runs", "--json").json.array?.count == 1)
        for reference in ["points@production", "1@last", "1.1"] {
            #expect(try bench.run("delete", reference, "--yes").status == 64, "\(reference)")
        }
        #expect(try bench.run("delete", "9", "--yes").status == 1)
        let done = try bench.run("delete", "1", "--cascade", "--yes", "--json")
        #expect(done.status == 0)
        #expect(try done.json["aliases"] == ["points@production"])
        #expect(try bench.run("runs", "--json").json.array?.isEmpty == true)
        #expect(try bench.run("show", "1").status == 1)
        let log = try bench.run("log")
        #expect(log.output.contains("run 1") && log.output.contains("deleted"))
        #expect(try bench.run("verify").status == 0)
        #expect(try bench.run("delete", "points", "--yes").status == 0)
        #expect(try bench.run("gc").status == 0)
        #expect(try bench.run("verify").status == 0)
    }

    @Test("whoever reaches for what gc has freed is told so, with exit code 1, and never that it is damaged")
    func freed() throws {
        let bench = try Bench.trained("--epochs", "4")
        try bench.run("rollback", "1@epoch:2")
        try bench.run("train", "--resume", "1", "--epochs", "3")
        try bench.run("rollback", "1@epoch:1")
        for version in ["points:1", "points:2"] { try bench.run("delete", version, "--cascade", "--yes") }
        let told = try bench.run("gc", "--dry-run", "--json").json
        let done = try bench.run("gc", "--json").json
        #expect(told["freed"] == done["freed"] && told["runs"] == done["runs"])
        #expect(done["freed"]?["iterations"]?["count"]?.int ?? 0 > 0)
        for words in [
            ["show", "1.2@last"], ["predict", "1.2@last", "points.csv"], ["evaluate", "1.2@last"],
            ["rollback", "1.2@last"], ["rollback", "1", "--undo"], ["pin", "1.2@last"], ["version", "1.2@last"],
            ["train", "--from", "1.2@last"], ["audit", "1.2"], ["diverge", "1.1", "1.2"], ["plot", "1.2@last"],
            ["compare", "1@last", "1.2@last"], ["history", "1.2"], ["history", "1.2", "--iterations"],
        ] {
            let result = try bench.run(words)
            #expect(result.status == 1, "\(words): \(result.errors)")
            #expect(result.errors.contains("gc has freed them"), "\(words): \(result.errors)")
            #expect(!result.errors.contains("damaged"), "\(words): \(result.errors)")
        }
        let all = try bench.run("history", "1", "--all")
        #expect(all.status == 0)
        #expect(all.errors.contains("note: 1.2, iterations") && all.errors.contains("gc has freed them"))
        for words in [["show", "1"], ["log", "1"]] {
            #expect(try bench.run(words).output.contains("freed by gc"), "\(words)")
        }
        for words in [
            ["verify"], ["audit", "1"], ["audit", "1.1"], ["show", "1.1@last"], ["sql", "SELECT * FROM all_epochs"],
        ] {
            let result = try bench.run(words)
            #expect(result.status == 0, "\(words): \(result.errors)")
        }
        #expect(try bench.run("train", "--resume", "1", "--epochs", "3").status == 0)
        #expect(try bench.run("verify").status == 0)
    }

    @Test("gc and backup beside a process that trains: its record is that of one left alone")
    func beside() throws {
        let options = ["--target", "side", "--epochs", "1500", "--batch-size", "1", "--keyframe-seconds", "0"]
        let alone = try Bench()
        try alone.writeClasses()
        #expect(try alone.run(["train", "points.csv"] + options).status == 0)
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "2", "--model", "first")
        let (process, output, errors) = try bench.start(["train", "points.csv", "--durability", "off"] + options)
        // It is to be run 2.
        while process.isRunning, try bench.registry().runs().count < 2 { usleep(2_000) }
        var (collections, copies) = (0, 0)
        while process.isRunning {
            try bench.run("train", "points.csv", "--target", "side", "--epochs", "3", "--model", "other")
            let newest = try bench.registry().runs().map(\.number).max() ?? 0
            try bench.run("delete", newest > 2 ? "\(newest)" : "first", "--cascade", "--yes")
            let collected = try bench.run("gc", "--json")
            #expect(collected.status == 0, "\(collected.errors)")
            collections += 1
            let copied = try bench.run("backup", "copy.sqlite", "--force", "--json")
            #expect(copied.status == 0, "\(copied.errors)")
            copies += 1
        }
        let result = Bench.result(process, output, errors)
        #expect(result.status == 0, "\(result.errors)")
        print("\(collections) collections and \(copies) copies beside a process that trains")
        #expect(collections > 0 && copies > 0)
        func history(_ bench: Bench, _ run: String, _ options: [String] = []) throws -> [String] {
            try bench.run(
                [
                    "sql", "SELECT iteration, loss_bits FROM iterations WHERE run = \(run)", "--csv", "--limit",
                    "1000000",
                ] + options
            )
            .output.split(separator: "\n").map(String.init)
        }
        let (expected, recorded) = (try history(alone, "1"), try history(bench, "2"))
        #expect(expected == recorded)
        func weights(_ bench: Bench, _ run: String, _ options: [String] = []) throws -> JSONValue? {
            try bench.run(["show", "\(run)@last", "--json"] + options).json["weights_sha256"]
        }
        #expect(try weights(alone, "1") == weights(bench, "2"))
        for words in [["verify"], ["audit", "2", "--sample", "3"]] {
            #expect(try bench.run(words).status == 0, "\(words)")
        }
        // The copy goes on to the same end, although the process that trained was alive when it was made.
        let copy = ["--registry", "copy.sqlite"]
        let resumed = try bench.run(["train", "--resume", "2"] + copy)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try history(bench, "2", copy) == expected)
        #expect(try weights(bench, "2", copy) == weights(alone, "1"))
        #expect(try bench.run(["verify"] + copy).status == 0)
    }

    @Test("a copy that does not fit: no file, exit code 15")
    func full() throws {
        let bench = try Bench.trained("--epochs", "2")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "ulimit -f 200; exec \"$0\" backup copy.sqlite", Bench.binary.path]
        process.currentDirectoryURL = bench.folder
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(process.terminationStatus == 15, "\(text)")
        #expect(text.contains("hint: name a file where there is space for it"))
        let left = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path)
        #expect(left.allSatisfy { !$0.contains("copy") }, "\(left)")
    }

    @Test("a run that was archived, deleted and freed comes back, and goes on as if it had never left")
    func archived() throws {
        let (bench, alone) = (try Bench.trained("--epochs", "2"), try Bench.trained("--epochs", "2"))
        #expect(try bench.run("archive", "1", "-o", "1.safetensors").status == 0)
        #expect(try bench.run("delete", "1", "--cascade", "--yes").status == 0)
        #expect(try bench.run("gc").status == 0)
        let restored = try bench.run("restore", "1.safetensors")
        #expect(restored.status == 0, "\(restored.errors)")
        for each in [bench, alone] { #expect(try each.run("train", "--resume", "1", "--epochs", "4").status == 0) }
        let weights = try [bench, alone].map { try $0.run("show", "1@last", "--json").json["weights_sha256"] }
        #expect(weights[0] == weights[1] && weights[0] != nil)
        #expect(try bench.run("verify").status == 0)
        #expect(try bench.run("archive", "1", "-o", "1.safetensors", "--remove").status == 64)
        #expect(try bench.run("archive", "1", "-o", "1.safetensors", "--remove", "--force").status == 0)
        func archives() throws -> JSONValue? {
            try bench.run("doctor", "--json").json.array?.first { $0["check"] == "archives" }
        }
        #expect(try archives()?["status"] == "ok")
        try FileManager.default.removeItem(at: bench.folder.appending(path: "1.safetensors"))
        #expect(try archives()?["status"] == "warn")
        #expect(try archives()?["next"]?.string?.hasPrefix("bpreg restore ") == true)
        #expect(try bench.run("doctor").status == 0)
    }
}
