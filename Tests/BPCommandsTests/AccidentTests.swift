import BPJSON
import BPRegistry
import Foundation
import Testing

/// What people, cleaners and other programs do to a registry's files: nothing is reported as done that was not, nothing
/// that could be read is lost, and no advice touches another's process or file.
@Suite("Accidents to a registry's files")
struct AccidentTests {
    /// A run that trains, in a registry of its own.
    private func training() throws -> (bench: Bench, process: Process, output: URL, errors: URL) {
        let bench = try Bench()
        try bench.writeClasses()
        let (process, output, errors) = try bench.start(SignalTests.long)
        try bench.waitForIterations()
        return (bench, process, output, errors)
    }

    private func iterations(_ bench: Bench, _ registry: String = "bpreg.sqlite") throws -> Int {
        let runs = try bench.run("runs", "--json", "--registry", registry)
        return (try? runs.json)?.array?.first?["iteration"]?.int ?? -1
    }

    /// The words of a proposed command, without the program's name and the remark.
    private func next(_ errors: String) throws -> String {
        let line = try #require(errors.split(separator: "\n").last { $0.hasPrefix("  next: ") }, "\(errors)")
        return line.dropFirst("  next: ".count).components(separatedBy: "   #")[0]
    }

    @Test(
        "a registry that is deleted, moved, replaced or overwritten while a run trains: exit 15, and all is saved",
        arguments: [
            "rm bpreg.sqlite", "rm bpreg.sqlite*", "mv bpreg.sqlite away", "cp bpreg.sqlite n && mv n bpreg.sqlite",
            "rm bpreg.sqlite-wal", "rm bpreg.sqlite-shm", "rm bpreg.sqlite-wal bpreg.sqlite-shm",
            "mv bpreg.sqlite-wal away", "cp bpreg.sqlite-wal n && mv n bpreg.sqlite-wal",
            // In place: the same file with other content.
            "cp other.sqlite bpreg.sqlite", ": > bpreg.sqlite", ": > bpreg.sqlite-wal",
            "cp other.sqlite bpreg.sqlite-wal",
        ])
    func lost(_ accident: String) throws {
        let (bench, process, output, errors) = try training()
        let words = ["train", "points.csv", "--target", "side", "--epochs", "1", "--registry", "other.sqlite"]
        #expect(try bench.run(words).status == 0)
        let before = try iterations(bench)
        #expect(try bench.shell(accident).status == 0)
        process.waitUntilExit()
        let result = Bench.result(process, output, errors)
        #expect(result.status == 15, "\(accident): \(result.errors)")
        #expect(result.output.isEmpty && result.errors.contains("while it was in use"), "\(result.errors)")
        #expect(bench.has("bpreg.sqlite.rescued-1"), "\(result.errors)")
        #expect(try bench.run("verify", "--registry", "bpreg.sqlite.rescued-1").status == 0)
        #expect(try iterations(bench, "bpreg.sqlite.rescued-1") >= before)
        // No log lies where the next registry would take it for its own.
        if accident.hasPrefix("rm bpreg.sqlite") == true, !bench.has("bpreg.sqlite") {
            #expect(!bench.has("bpreg.sqlite-wal"))
        }
        // What somebody put there is that, and not mixed with what was there before.
        if accident == "cp other.sqlite bpreg.sqlite" {
            #expect(try bench.run("verify").status == 0)
            #expect((bench.bytes("bpreg.sqlite") == bench.bytes("other.sqlite")) == true)
        }
        let command = try next(result.errors)
        let epochs = try bench.run("runs", "--json", "--registry", "bpreg.sqlite.rescued-1").json.array?.first?[
            "epoch"]?.int
        let resumed = try bench.shell("\(command) --epochs \((epochs ?? 0) + 5)")
        #expect(resumed.status == 0, "\(command): \(resumed.errors)")
    }

    @Test("an emptied index of the log is no bus error: exit 15, and nothing is lost")
    func emptiedIndex() throws {
        let (bench, process, output, errors) = try training()
        let before = try iterations(bench)
        #expect(try bench.shell(": > bpreg.sqlite-shm").status == 0)
        process.waitUntilExit()
        let result = Bench.result(process, output, errors)
        #expect(result.status == 15, "\(result.errors)")
        // Within a transaction of a millisecond it may be too late to save a copy; the registry itself has everything then.
        let copy = bench.has("bpreg.sqlite.rescued-1") ? "bpreg.sqlite.rescued-1" : "bpreg.sqlite"
        #expect(copy != "bpreg.sqlite" || result.errors.contains("mapped into memory"), "\(result.errors)")
        for registry in ["bpreg.sqlite", copy] {
            #expect(try bench.run("verify", "--registry", registry).status == 0)
            #expect(try iterations(bench, registry) >= before)
        }
    }

    @Test("what cannot be saved is said: log and its index emptied, so that only the file is left")
    func lostForGood() throws {
        let (bench, process, output, errors) = try training()
        #expect(try bench.shell(": > bpreg.sqlite-wal; : > bpreg.sqlite-shm").status == 0)
        process.waitUntilExit()
        let result = Bench.result(process, output, errors)
        #expect(result.status == 15, "\(result.errors)")
        if bench.has("bpreg.sqlite.rescued-1") {
            // The log was missed before the index was emptied too.
            #expect(try bench.run("verify", "--registry", "bpreg.sqlite.rescued-1").status == 0)
        } else if !result.errors.contains("mapped into memory") {
            // A checkpoint may have been cut short by a reader, so that more than iterations is missing.
            #expect(result.errors.contains("could not be saved: a part of it was only in what was overwritten ("))
        }
    }

    @Test("log and index are deleted under two writers: both stop before anything is written over, and save all")
    func twoWriters() throws {
        let (bench, first, out1, err1) = try training()
        let (second, out2, err2) = try bench.start(SignalTests.long + ["--seed", "2"])
        for _ in 0..<500 where try bench.run("runs", "--json").json.array?.count != 2 { usleep(10_000) }
        #expect(try bench.shell("rm bpreg.sqlite-wal bpreg.sqlite-shm").status == 0)
        for (process, output, errors, run) in [(first, out1, err1, 1), (second, out2, err2, 2)] {
            process.waitUntilExit()
            let result = Bench.result(process, output, errors)
            #expect(result.status == 15, "\(result.errors)")
            let copy = "bpreg.sqlite.rescued-\(run)"
            #expect(try bench.run("verify", "--registry", copy).status == 0, "\(result.errors)")
            #expect(try bench.run("runs", "--json", "--registry", copy).json.array?.count == 2)
        }
        #expect(try bench.run("verify").status == 0)
    }

    #if os(Linux)
        @Test("the folder is moved: nothing need be saved, and the error says where the registry is now")
        func movedFolder() throws {
            let bench = try Bench()
            try bench.writeClasses()
            let old = bench.folder.appending(path: "old"), new = bench.folder.appending(path: "new")
            try FileManager.default.createDirectory(at: old, withIntermediateDirectories: true)
            let (process, output, errors) = try bench.start(SignalTests.long + ["--registry", "old/r.sqlite"])
            for _ in 0..<500 where try iterations(bench, "old/r.sqlite") < 1 { usleep(10_000) }
            try FileManager.default.moveItem(at: old, to: new)
            process.waitUntilExit()
            let result = Bench.result(process, output, errors)
            #expect(result.status == 15 && result.errors.contains("new/r.sqlite, with its log"), "\(result.errors)")
            #expect(try next(result.errors).hasSuffix("new/r.sqlite"))
            #expect(try bench.run("verify", "--registry", "new/r.sqlite").status == 0)
        }

        @Test("a copy of a registry in use: its runs are not alive, and nobody is told to kill their process")
        func copies() throws {
            let (bench, process, _, _) = try training()
            defer { kill(process.processIdentifier, SIGKILL) }
            // Without the log, in the first seconds: it is a registry, and says what is missing.
            #expect(try bench.shell("cp bpreg.sqlite alone.sqlite").status == 0)
            for words in [["runs"], ["verify"], ["train", "--resume", "1", "--epochs", "3"]] {
                let result = try bench.run(words + ["--registry", "alone.sqlite"])
                #expect(result.status == 0, "\(words): \(result.errors)")
                #expect(result.errors.contains("alone.sqlite-wal") || words[0] == "train", "\(result.errors)")
                #expect(!result.errors.contains("kill"), "\(result.errors)")
            }
            // With the log.
            #expect(try bench.shell("mkdir c && cp bpreg.sqlite bpreg.sqlite-wal c/").status == 0)
            let runs = try bench.run("runs", "--json", "--registry", "c/bpreg.sqlite")
            #expect(try runs.json.array?.first?["status"] == "interrupted", "\(runs.output)\(runs.errors)")
            #expect(!runs.errors.contains("left behind"), "\(runs.errors)")
            // The run itself is alive as before.
            #expect(try bench.run("runs", "--json").json.array?.first?["status"] == "running")
        }
    #endif

    @Test("a log without its registry is not deleted by the next command, which says what it is")
    func logAlone() throws {
        let (bench, process, _, _) = try training()
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let log = try #require(bench.bytes("bpreg.sqlite-wal"))
        #expect(try bench.shell("mv bpreg.sqlite aside").status == 0)
        for words in [["runs"], ["verify"], ["train", "points.csv", "--target", "side", "--epochs", "1"]] {
            let result = try bench.run(words)
            #expect(result.status == 10 && result.errors.contains("bpreg.sqlite-wal"), "\(words): \(result.errors)")
            #expect(try bench.shell(next(result.errors)).status == 0)
        }
        #expect(bench.bytes("bpreg.sqlite-wal") == log)
        #expect(try bench.shell("mv aside bpreg.sqlite").status == 0)
        #expect(try bench.run("verify").status == 0)
        #expect(try iterations(bench) > 0)
    }

    @Test("a registry that is a symbolic link is used where it is; one that leads nowhere names its target")
    func links() throws {
        let bench = try Bench.trained("--epochs", "2")
        #expect(
            try bench.shell("mkdir d && mv bpreg.sqlite d/real.sqlite && ln -s d/real.sqlite bpreg.sqlite").status
                == 0)
        #expect(try bench.run("tag", "1", "a=b").status == 0)
        #expect(try bench.run("train", "--resume", "1", "--epochs", "4").status == 0)
        #expect(try bench.run("verify").status == 0)
        #expect(try bench.run("doctor").status == 0)
        #expect(try bench.run("runs", "--json", "--registry", "d/real.sqlite").json.array?.first?["epoch"] == 4)
        #expect(
            bench.folder.appending(path: "bpreg.sqlite").resolvingSymlinksInPath().lastPathComponent == "real.sqlite")
        #expect(!bench.has("bpreg.sqlite-wal"))
        #expect(try bench.shell("ln -s b.sqlite a.sqlite; ln -s a.sqlite b.sqlite").status == 0)
        for words in [["runs"], ["train", "points.csv", "--target", "side"]] {
            let result = try bench.run(words + ["--registry", "a.sqlite"])
            #expect(
                result.status == 10
                    && result.errors.contains("a symbolic link to b.sqlite, which leads back to itself"),
                "\(result.errors)")
        }
        #expect(try bench.shell("ln -s no/where.sqlite loose.sqlite").status == 0)
        for words in [["runs"], ["train", "points.csv", "--target", "side"]] {
            let result = try bench.run(words + ["--registry", "loose.sqlite"])
            #expect(result.status == 10 && result.errors.contains("no/where.sqlite"), "\(result.errors)")
        }
    }

    #if os(Linux)
        @Test("a hard link to a registry in use is not opened beside another log, and the error says what it is")
        func hardLink() throws {
            let (bench, process, _, _) = try training()
            defer { kill(process.processIdentifier, SIGKILL) }
            #expect(try bench.shell("ln bpreg.sqlite hard.sqlite").status == 0)
            for words in [["runs"], ["tag", "1", "a=b"]] {
                let result = try bench.run(words + ["--registry", "hard.sqlite"])
                #expect(
                    result.status == 15
                        && result.errors.contains("hard.sqlite is a hard link to a registry that is in use"),
                    "\(result.errors)")
                #expect(try bench.shell(next(result.errors)).output.contains("./bpreg.sqlite"))
            }
            #expect(!bench.has("hard.sqlite-wal"))
        }
    #endif

    @Test(
        "a symbolic link that leads elsewhere at the end is noticed, and the error names the registry that has the run")
    func changedLink() throws {
        let bench = try Bench.trained("--epochs", "2")
        #expect(try bench.shell("cp bpreg.sqlite other.sqlite; ln -s bpreg.sqlite link.sqlite").status == 0)
        let result = try bench.shell(
            """
            '\(Bench.binary.path)' train --resume 1 --epochs 3000000 --registry link.sqlite & p=$!
            sleep 2; ln -sfn other.sqlite link.sqlite; kill -TERM $p; wait $p
            """)
        #expect(result.status == 15, "\(result.errors)")
        #expect(
            result.errors.contains("link.sqlite was changed to lead to another file while it was in use; it is now at ")
        )
        let command = try next(result.errors)
        #expect(command.contains("--registry") && command.contains("/bpreg.sqlite"), "\(command)")
        #expect(try iterations(bench) > 0)
    }

    @Test("standard input is no file for --data, and the proposed command keeps it in one")
    func dataFromStandardInput() throws {
        let bench = try Bench.trained("--epochs", "2")
        let result = try bench.run("audit", "1", "--data", "-")
        #expect(result.status == 64)
        #expect(try bench.shell("cat points.csv | (\(next(result.errors)))").status == 0)
    }

    /// Makes the last attempt at run 1 that of a process elsewhere, with a lease of so many seconds from now.
    private func leave(_ bench: Bench, host: String, lease: Int64) throws {
        let registry = try bench.registry()
        try registry.writing { store in
            var run = try store.runs.need(1)
            run.status = nil
            run.ended = nil
            run.reason = nil
            try store.update(run)
            var attempt = try store.attempts.need(run: 1, number: run.attempts)
            (attempt.ended, attempt.status) = (nil, nil)
            (attempt.host, attempt.pid, attempt.pidNamespace) = (host, 1, "pid:[4026532500]")
            attempt.leaseUntil = registry.environment.now() + lease * 1_000_000
            try store.update(attempt)
        }
        try registry.close()
    }

    @Test("a run of a process that cannot be checked: its host, its lease, and a command that waits; never kill")
    func elsewhere() throws {
        let bench = try Bench.trained("--epochs", "2")
        try leave(bench, host: "9f2c1e", lease: 40)
        for words in [["train", "--resume", "1", "--epochs", "4"], ["delete", "1", "--cascade", "--yes"]] {
            let result = try bench.run(words)
            #expect(result.status == 11, "\(result.errors)")
            #expect(!result.errors.contains("kill"), "\(result.errors)")
            #expect(result.errors.contains("9f2c1e") && result.errors.contains("lease ends in"), "\(result.errors)")
            let command = try next(result.errors)
            #expect(
                command.hasPrefix("sleep ") && command.hasSuffix("&& bpreg " + words.joined(separator: " ")),
                "\(command)")
        }
        try leave(bench, host: "9f2c1e", lease: 1)
        let refused = try bench.run("train", "--resume", "1", "--epochs", "4")
        if refused.status == 11 {
            #expect(try bench.shell(next(refused.errors)).status == 0)
        }
        #expect(try bench.run("runs", "--json").json.array?.first?["epoch"] == 4)
    }

    @Test("a lease longer than bpreg gives one counts as none, and the doctor says so")
    func wrongClock() throws {
        let bench = try Bench.trained("--epochs", "2")
        for seconds: Int64 in [365 * 86_400, 3_600, 130] {
            try leave(bench, host: "9f2c1e", lease: seconds)
            #expect(try bench.run("runs", "--json").json.array?.first?["status"] == "interrupted", "\(seconds)")
            let doctor = try bench.run("doctor")
            #expect(doctor.status == 0 && doctor.output.contains("the lease of run 1 ends at"), "\(doctor.output)")
        }
        #expect(try bench.run("train", "--resume", "1", "--epochs", "4").status == 0)
        #expect(try !bench.run("doctor").output.contains("lease"))
    }

    @Test("an archive that holds weights is found beside the registry after their folder was moved")
    func archive() throws {
        let bench = try Bench()
        try bench.writeClasses()
        #expect(try bench.shell("mkdir old").status == 0)
        let words = ["train", "points.csv", "--target", "side", "--epochs", "2"]
        #expect(try bench.run(words + ["--registry", "old/bpreg.sqlite"]).status == 0)
        let archived = try bench.run(
            "archive", "points", "-o", "old/points.safetensors", "--remove", "--registry", "old/bpreg.sqlite")
        #expect(archived.status == 0, "\(archived.errors)")
        #expect(try bench.shell("mv old new").status == 0)
        let registry = ["--registry", "new/bpreg.sqlite"]
        let command = "bpreg restore new/points.safetensors --registry new/bpreg.sqlite"
        let refused = try bench.run(["predict", "points", "points.csv"] + registry)
        #expect(
            refused.status == 1 && refused.errors.contains("archived in new/points.safetensors"), "\(refused.errors)")
        #expect(try next(refused.errors) == command)
        #expect(try bench.run(["show", "points:1"] + registry).output.contains(command))
        #expect(try bench.run(["doctor"] + registry).output.contains("each there in its full length"))
        // It is still the only copy.
        let export = try bench.run(["export", "1", "-o", "new/points.safetensors", "--force"] + registry)
        #expect(export.status != 0, "\(export.output)")
        // Another file of the name is not it.
        #expect(
            try bench.shell("mv new/points.safetensors keep && tr a b <keep >new/points.safetensors").status == 0)
        #expect(
            try bench.run(["predict", "points", "points.csv"] + registry).errors.contains("old/points.safetensors"))
        #expect(try bench.shell("mv keep new/points.safetensors").status == 0)
        #expect(try bench.shell(command).status == 0)
        #expect(try bench.run(["predict", "points", "points.csv"] + registry).status == 0)
    }

    @Test("what a killed command left unfinished is removed by the next to write the same file")
    func unfinished() throws {
        let bench = try Bench.trained("--epochs", "2")
        for name in ["copy.sqlite", "m.safetensors", "a.safetensors"] {
            try bench.write("\(name).4194999-7.unfinished", "half")
            try bench.write("\(name).4194999-7.unfinished-wal", "half")
            try bench.write("\(name).mine.unfinished", "of another program")
        }
        #expect(try bench.run("backup", "copy.sqlite").status == 0)
        #expect(try bench.run("export", "1", "-o", "m.safetensors").status == 0)
        #expect(try bench.run("archive", "1", "-o", "a.safetensors").status == 0)
        let left = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).filter {
            $0.contains("unfinished")
        }
        #expect(left.count == 3 && left.allSatisfy { $0.hasSuffix(".mine.unfinished") }, "\(left)")
    }
}
