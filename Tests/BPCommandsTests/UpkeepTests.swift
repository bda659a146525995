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
        #expect(try done.json["undone"] == false && done.json["undoable_until"]?.string != nil)
        #expect(try bench.run("runs", "--json").json.array?.isEmpty == true)
        #expect(try bench.run("show", "1").status == 1)
        let log = try bench.run("log")
        #expect(log.output.contains("run 1") && log.output.contains("deleted"))
        #expect(try bench.run("verify").status == 0)
        #expect(try bench.run("delete", "points", "--yes").status == 0)
        #expect(try bench.run("gc").status == 0)
        #expect(try bench.run("verify").status == 0)
    }

    @Test(
        "a deletion is listed, undone, purged, ended by gc; everything is as it was; the error says what is in the way")
    func undo() throws {
        let bench = try Bench.trained("--epochs", "3")
        try bench.run("alias", "points:1", "production")
        try bench.run("tag", "1", "stage=trial")
        try bench.run("train", "--from", "1@epoch:1", "--epochs", "2", "--model", "fork")
        func state() throws -> [String] {
            try ["runs", "models", "versions", "alias", "tag 1", "show 1", "history 1", "show 2"].map {
                try bench.run($0.split(separator: " ").map(String.init) + ["--json"]).output
            }
        }
        let before = try state()
        let deleted = try bench.run("delete", "1", "--cascade", "--yes")
        #expect(deleted.errors.contains("note: this can be undone until 20"), "\(deleted.errors)")
        #expect(deleted.errors.contains("(bpreg delete 1 --undo); bpreg gc frees the space"), "\(deleted.errors)")
        #expect(try bench.run("runs", "--json").json == [])
        let listed = try bench.run("delete", "--list", "--json").json.array?.first
        #expect(listed?["ref"] == "1" && listed?["runs"] == [1, 2])
        #expect(try bench.run("delete", "--list").output.contains("runs 1, 2, versions fork:1, points:1"))
        let other = try bench.run("delete", "2", "--undo")
        #expect(other.status == 1 && other.errors.contains("it was deleted together with run 1"), "\(other.errors)")
        #expect(other.errors.contains("next: bpreg delete 1 --undo"))
        #expect(try bench.run("verify").output.contains(", 1 deletion to undo, "))
        let undone = try bench.run("delete", "1", "--undo")
        #expect(undone.status == 0 && undone.output.contains("restored"), "\(undone.errors)")
        #expect(try state() == before)
        #expect(try bench.run("log", "1").output.contains("deletion undone"))
        #expect(try bench.run("verify").status == 0 && bench.run("audit", "1").status == 0)
        let again = try bench.run("delete", "1", "--undo")
        #expect(again.status == 1 && again.errors.contains("it was not deleted"), "\(again.errors)")
        // A new model in the place of a deleted one.
        try bench.run("delete", "points", "--cascade", "--yes")
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "1")
        let refused = try bench.run("delete", "points", "--undo")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("there is another model points now"), "\(refused.errors)")
        #expect(try bench.run("delete", "points", "--purge").errors.contains("would be deleted for good"))
        let purged = try bench.run("delete", "points", "--purge", "--yes", "--json")
        #expect(try purged.json["undoable_until"] == .null && purged.json["runs"] == [3])
        #expect(try bench.run("delete", "points", "--undo").status == 0)
        #expect(try state() == before)
        // gc says what it ends, and does.
        try bench.run("delete", "1", "--cascade", "--yes")
        let told = try bench.run("gc", "--dry-run")
        #expect(told.output.contains("could not be undone any more") && told.errors.contains("# ends the time"))
        #expect(try bench.run("delete", "--list", "--json").json.array?.count == 1)
        let collected = try bench.run("gc")
        #expect(collected.output.contains("can no longer be undone\n  run 1"), "\(collected.output)")
        let late = try bench.run("delete", "1", "--undo")
        #expect(late.status == 1 && late.errors.contains("nothing is kept of it any more"), "\(late.errors)")
        #expect(try bench.run("delete", "--list").output.contains("no deletion can be undone"))
        #expect(try bench.run("log").output.contains("its deletion can no longer be undone"))
        // What is deleted already can be purged.
        try bench.run("delete", "points", "--yes")
        #expect(try bench.run("delete", "points", "--purge", "--yes").status == 0)
        #expect(try bench.run("delete", "points", "--undo").status == 1)
        #expect(try bench.run("verify").status == 0)
    }

    @Test("options of delete that do not go together are refused, with the command that works")
    func deleteOptions() throws {
        let bench = try Bench.trained("--epochs", "1")
        for (words, next) in [
            (["1", "--undo", "--cascade"], "bpreg delete 1 --undo"),
            (["1", "--undo", "--purge"], "bpreg delete 1 --undo"),
            (["1", "--undo", "--yes"], "bpreg delete 1 --undo"), (["--list", "--undo"], "bpreg delete --list"),
            (["--list", "--purge"], "bpreg delete --list"), (["1", "--list"], "bpreg delete --list"),
            (["--undo"], "bpreg delete --list"),
        ] {
            let result = try bench.run(["delete"] + words)
            #expect(result.status == 64 && result.errors.contains("next: \(next)"), "\(words): \(result.errors)")
        }
        for words in [["--yes"], ["points@best", "--undo"], ["1@last", "--undo"]] {
            #expect(try bench.run(["delete"] + words).status == 64, "\(words)")
        }
        #expect(try bench.run("runs", "--json").json.array?.count == 1)
    }

    @Test("verify, doctor and backup agree on the size of a file, while a part of it is in the log too")
    func sizes() throws {
        let bench = try Bench.trained("--epochs", "300", "--batch-size", "1")
        func sizes() throws -> [String] {
            let copy = try bench.run("backup", "copy.sqlite", "--force")
            let verified = try bench.run("verify")
            let findings = try bench.run("doctor", "--json").json.array ?? []
            func found(_ check: String) -> String {
                findings.first { $0["check"]?.string == check && $0["status"] == "ok" }?["what"]?.string ?? ""
            }
            let texts = [
                verified.output.split(separator: ", ").last.map { $0.trimmingCharacters(in: .newlines) } ?? "",
                copy.output.split(separator: ", ").last.map { $0.trimmingCharacters(in: .newlines) } ?? "",
                found("file").split(separator: ", ").dropFirst().first.map(String.init) ?? "",
                found("contents").split(separator: ":").first.map(String.init) ?? "",
            ]
            let bytes = try bench.run("verify", "--json").json["bytes"]
            #expect(try bench.run("backup", "copy.sqlite", "--force", "--json").json["bytes"] == bytes)
            #expect(try bench.run("gc", "--dry-run", "--json").json["bytes_before"] == bytes)
            return texts
        }
        let closed = try sizes()
        #expect(Set(closed).count == 1, "\(closed)")
        // A process that is killed leaves the log.
        let (process, output, errors) = try bench.start([
            "train", "points.csv", "--target", "side", "--epochs", "1000000", "--hidden", "300,300", "--model", "large",
        ])
        while process.isRunning, try bench.registry().runs().first(where: { $0.number == 2 })?.epochs ?? 0 < 3 {
            usleep(20_000)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        _ = Bench.result(process, output, errors)
        #expect(try !Data(contentsOf: bench.folder.appending(path: "bpreg.sqlite-wal")).isEmpty)
        let open = try sizes()
        #expect(Set(open).count == 1, "\(open)")
        #expect(open != closed)
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
