import BPJSON
import Foundation
import Testing

@Suite("archive, restore and inspect with the built bpreg")
struct ArchiveTests {
    /// Model points: run 1 of 20 epochs, rolled back to epoch 10 and gone on to 14; run 2 forked from its first line.
    private func bench(_ rule: [String] = []) throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        try ran(bench.run(["train", "points.csv", "--target", "side", "--epochs", "20", "--hidden", "6"] + rule))
        try ran(bench.run("train", "--from", "1@epoch:5", "--learning-rate", "0.01", "--epochs", "12"))
        try ran(bench.run("rollback", "1@epoch:10"))
        try ran(bench.run("train", "--resume", "1", "--epochs", "14"))
        try ran(bench.run("tag", "1", "stage=trial"))
        try ran(bench.run("alias", "points:1", "production"))
        return bench
    }

    @discardableResult
    private func ran(
        _ result: Bench.Result, _ status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) -> Bench.Result {
        #expect(result.status == status, "\(result.output)\(result.errors)", sourceLocation: sourceLocation)
        return result
    }

    /// A folder elsewhere, with `file` of another.
    private func elsewhere(_ bench: Bench, _ file: String) throws -> Bench {
        let other = try Bench()
        try FileManager.default.copyItem(at: bench.folder.appending(path: file), to: other.folder.appending(path: file))
        return other
    }

    private func train(_ run: String, to epochs: String, in bench: Bench) throws -> [JSONValue?] {
        let json = try ran(bench.run("train", "--resume", run, "--epochs", epochs, "--json")).json
        return [json["weights_sha256"], json["loss"], json["val_loss"], json["version"], json["status"]]
    }

    @Test(
        "a fresh registry elsewhere goes on as the one that never left, to the bit",
        arguments: [
            ["--optimizer", "sgd"],
            ["--optimizer", "adam", "--schedule", "step", "--gamma", "0.5", "--step-epochs", "8"],
        ])
    func roundTrip(_ rule: [String]) throws {
        let bench = try bench(rule)
        ran(try bench.run("archive", "points", "-o", "a.safetensors"))
        let other = try elsewhere(bench, "a.safetensors")
        ran(try other.run("restore", "a.safetensors"))
        for words in [
            ["runs"], ["alias", "points"], ["tag", "1"], ["history", "1", "--all"], ["history", "2"],
            ["history", "1", "--all", "--iterations"], ["models"], ["show", "1"], ["show", "points:2"],
        ] {
            let (here, there) = (try bench.run(words + ["--json"]), try other.run(words + ["--json"]))
            #expect(here.status == 0 && here.output == there.output, "\(words)")
        }
        let names = { (bench: Bench) in
            Set(try bench.run("versions", "--json").json.array?.compactMap { $0["name"]?.string } ?? [])
        }
        #expect(try names(bench) == names(other))
        let events = { (bench: Bench) in
            try bench.run("log", "1", "--json").json.array?.compactMap { $0["what"]?.string } ?? []
        }
        let (here, there) = (try events(bench), try events(other))
        #expect(here == there.dropLast() && there.last?.hasPrefix("restored") == true, "\(there)")
        // It needs no file: the data came along.
        try FileManager.default.removeItem(at: bench.folder.appending(path: "points.csv"))
        for (run, epochs) in [("1", "24"), ("2", "22")] {
            let (here, there) = (try train(run, to: epochs, in: bench), try train(run, to: epochs, in: other))
            #expect(here == there, "run \(run)")
            let losses = ["history", run, "--iterations", "--json"]
            #expect(try bench.run(losses).output == other.run(losses).output)
            ran(try other.run("audit", run))
        }
        ran(try other.run("compare", "points:1", "2@last"))
        ran(try other.run("rollback", "1@epoch:12"))
        ran(try other.run("rollback", "1", "--undo"))
        ran(try other.run("verify"))
        let again = ran(try other.run("restore", "a.safetensors", "--json"))
        #expect(try again.json["changed"] == false, "\(again.output)")
        ran(try other.run("verify"))
    }

    @Test("without the data a resume asks for the file, and takes no other")
    func withoutData() throws {
        let bench = try Bench.trained("--epochs", "6", "--hidden", "4")
        ran(try bench.run("archive", "1", "-o", "a.safetensors", "--without-data"))
        let other = try elsewhere(bench, "a.safetensors")
        ran(try other.run("restore", "a.safetensors"))
        let data = bench.folder.appending(path: "points.csv")
        try FileManager.default.moveItem(at: data, to: other.folder.appending(path: "moved.csv"))
        let refused = ran(try other.run("train", "--resume", "1", "--epochs", "16"), 65)
        #expect(refused.errors.contains("points.csv"))
        ran(try other.run("train", "--resume", "1", "--epochs", "16", "--data", "moved.csv"))
        try other.writeClasses(rows: 30)
        ran(try other.run("train", "--resume", "1", "--epochs", "17", "--data", "points.csv"), 65)
        let resumed = try other.run("show", "points", "--json").json["weights_sha256"]
        #expect(try train("1", to: "16", in: bench).first == resumed)
    }

    @Test("--remove frees the weights: what needs them says where they are, and restore brings them back")
    func remove() throws {
        let bench = try Bench.trained("--epochs", "6", "--hidden", "4")
        let before = try bench.run("predict", "points", "points.csv").output
        let shown = try bench.run("show", "points", "--json").json
        let removed = ran(try bench.run("archive", "1", "-o", "a.safetensors", "--remove", "--json"))
        #expect(try #require(removed.json["removed_tensors"]?.int) > 0)
        ran(try bench.run("verify"))

        let refused = ran(try bench.run("predict", "points", "points.csv"), 1)
        let file = bench.folder.resolvingSymlinksInPath().appending(path: "a.safetensors").path
        #expect(refused.errors.contains("archived in \(file)"), "\(refused.errors)")
        #expect(refused.errors.contains("next: bpreg restore \(file)\n"), "\(refused.errors)")
        let show = ran(try bench.run("show", "points"))
        #expect(show.output.contains("archived") && show.output.contains("bpreg restore \(file)"), "\(show.output)")
        let tombstone = try bench.run("show", "points", "--json").json
        #expect(tombstone["weights_sha256"] == shown["weights_sha256"])
        #expect(tombstone["archive"]?.string == file)
        #expect(try bench.run("versions", "--json").json.array?.first?["archive"]?.string == file)
        ran(try bench.run("history", "1"))
        ran(try bench.run("archive", "1", "-o", "b.safetensors"), 1)
        #expect(!bench.has("b.safetensors"))

        let restored = ran(try bench.run("restore", "a.safetensors", "--json"))
        #expect(try restored.json["tensors_brought_back"] == removed.json["removed_tensors"], "\(restored.output)")
        #expect(try bench.run("predict", "points", "points.csv").output == before)
        #expect(try bench.run("show", "points", "--json").json == shown)
        ran(try bench.run("verify"))
        ran(try bench.run("audit", "1"))
    }

    @Test("a file that is there is replaced only with --force, and a folder never")
    func overwrite() throws {
        let bench = try Bench.trained("--epochs", "2", "--hidden", "4")
        try bench.write("a.safetensors", "mine")
        let refused = ran(try bench.run("archive", "1", "-o", "a.safetensors"), 64)
        #expect(refused.errors.contains("next: bpreg archive 1 -o a.safetensors --force"), "\(refused.errors)")
        #expect(bench.bytes("a.safetensors") == Data("mine".utf8))
        ran(try bench.run("archive", "1", "-o", "a.safetensors", "--force"))
        ran(try bench.run("inspect", "a.safetensors"))
        ran(try bench.run("archive", "1", "-o", ".", "--force"), 64)
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder.appending(path: "link").path, withDestinationPath: "bpreg.sqlite")
        for name in ["bpreg.sqlite", "link"] {
            let own = ran(try bench.run("archive", "1", "-o", name, "--force"), 64)
            #expect(own.errors.contains("is a registry, and cannot be replaced"), "\(own.errors)")
        }
        for suffix in ["wal", "shm", "journal"] {
            let name = "bpreg.sqlite-\(suffix)"
            ran(try bench.run("archive", "1", "-o", name, "--force", "--remove"), 64)
            ran(try bench.run("export", "points", "-o", name, "--format", "json", "--force"), 64)
            ran(try bench.run("show", "1@last", "--weights", name), 64)
            ran(try bench.run("backup", name, "--force"), 64)
            #expect(!bench.has(name))
        }
        ran(try bench.run("show", "1@last", "--weights", "bpreg.sqlite"), 64)
        ran(try bench.run("predict", "points", "points.csv", "-o", "points.csv"), 64)
        ran(try bench.run("verify"))
        ran(try bench.run("archive", "1", "-o", "no/such/folder.safetensors"), 15)
        ran(try bench.run("archive", "1@epoch:1", "-o", "b.safetensors"), 64)
        ran(try bench.run("archive", "9", "-o", "b.safetensors"), 1)
        #expect(!bench.has("b.safetensors"))
    }

    @Test("a disk that fills: a clear error, exit code 15, and no file under the name or beside it")
    func full() throws {
        let bench = try Bench.trained("--epochs", "2", "--hidden", "4000")
        let before = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).sorted()
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        // Blocks of 512 bytes: room for SQLite's shared memory, not for the weights.
        shell.arguments = ["-c", "ulimit -f 128; exec '\(Bench.binary.path)' archive 1 -o a.safetensors 2>errors.txt"]
        shell.currentDirectoryURL = bench.folder
        try shell.run()
        shell.waitUntilExit()
        let errors = String(decoding: bench.bytes("errors.txt") ?? Data(), as: UTF8.self)
        #expect(shell.terminationStatus == 15, "\(errors)")
        #expect(errors.contains("a.safetensors cannot be written: File too large"), "\(errors)")
        let after = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).sorted()
        #expect(after.filter { $0 != "errors.txt" } == before)
    }

    @Test("what is damaged, newer, or something else is told as such, and makes no registry")
    func noArchive() throws {
        let bench = try Bench.trained("--epochs", "2", "--hidden", "4")
        ran(try bench.run("archive", "1", "-o", "a.safetensors"))
        let whole = try #require(bench.bytes("a.safetensors"))
        var flipped = whole
        flipped[whole.count / 2] ^= 4
        try flipped.write(to: bench.folder.appending(path: "flipped"))
        try whole.dropLast(1).write(to: bench.folder.appending(path: "short"))
        var newer = whole
        let mark = Data(#""bpreg.format":"1""#.utf8)
        let digit = try #require(whole.firstRange(of: mark)).upperBound - 2
        newer[digit] = UInt8(ascii: "2")
        try newer.write(to: bench.folder.appending(path: "newer"))
        try Data([2, 0, 0, 0, 0, 0, 0, 0, 123, 125]).write(to: bench.folder.appending(path: "foreign"))
        for (file, code, word) in [
            ("flipped", 65, "it was changed, or is cut off"), ("short", 65, "it was changed, or is cut off"),
            ("newer", 12, "made by a newer bpreg"), ("foreign", 65, "no archive of bpreg"),
            ("points.csv", 65, "no safetensors file"), (".", 65, "is a directory"), ("none", 65, "cannot be opened"),
        ] as [(String, Int32, String)] {
            // A table is no archive, and can be inspected.
            for command in file == "points.csv" ? ["restore"] : ["inspect", "restore"] {
                let result = ran(try bench.run(command, file, "--registry", "fresh.sqlite"), code)
                #expect(result.errors.contains(word), "\(command) \(file): \(result.errors)")
                #expect(
                    result.errors.contains("\n  at: ")
                        && (result.errors.contains("  next: ") || result.errors.contains("  hint: ")))
                #expect(result.output.isEmpty && !bench.has("fresh.sqlite"))
            }
        }
    }

    @Test("another registry is taken in by what it is, whatever its name, and only if it is sound")
    func registry() throws {
        let bench = try bench()
        let other = try Bench.trained("--epochs", "3", "--hidden", "4")
        try FileManager.default.copyItem(
            at: bench.folder.appending(path: "bpreg.sqlite"), to: other.folder.appending(path: "old.bin"))
        let inspected = ran(try other.run("inspect", "old.bin"), 65)
        #expect(inspected.errors.contains("next: bpreg verify --registry old.bin"), "\(inspected.errors)")
        let restored = ran(try other.run("restore", "old.bin", "--json"))
        let runs = try #require(try restored.json["runs"]?.array)
        #expect(runs.map { $0["archived_run"]?.int } == [1, 2] && runs.map { $0["run"]?.int } == [3, 2], "\(runs)")
        ran(try other.run("verify"))
        ran(try other.run("audit", "2"))
        #expect(try other.run("restore", "old.bin", "--json").json["changed"] == false)
        #expect(try train("3", to: "20", in: other).first == train("1", to: "20", in: bench).first)

        // One bit of the weights of its version.
        ran(try bench.run("show", "points:2", "--weights", "w.bin"))
        var bytes = try #require(other.bytes("old.bin"))
        let weights = try #require(bench.bytes("w.bin"))
        let place = try #require(bytes.firstRange(of: weights))
        bytes[place.lowerBound] ^= 1
        try bytes.write(to: other.folder.appending(path: "old.bin"))
        let damaged = ran(try other.run("restore", "old.bin"), 13)
        #expect(damaged.errors.contains("old.bin"), "\(damaged.errors)")
        ran(try other.run("verify"))
    }

    @Test(
        "a run that is alive can be archived, not freed; elsewhere it is interrupted, and goes on to the same weights")
    func alive() throws {
        let bench = try Bench()
        try bench.writeClasses(rows: 200)
        let words = [
            "train", "points.csv", "--target", "side", "--epochs", "1000000", "--hidden", "16", "--threads", "1",
        ]
        let (process, _, errors) = try bench.start(words)
        defer { process.terminate() }
        for _ in 0..<600 {
            if process.isRunning, let runs = try? bench.run("runs", "--json").json.array,
                runs.first?["iteration"]?.int ?? 0 > 1000
            {
                break
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(process.isRunning, "\((try? String(contentsOf: errors, encoding: .utf8)) ?? "")")
        ran(try bench.run("archive", "1", "-o", "a.safetensors"))
        let refused = ran(try bench.run("archive", "1", "-o", "b.safetensors", "--remove"), 11)
        #expect(refused.errors.contains("run 1 is alive") && !bench.has("b.safetensors"), "\(refused.errors)")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()

        let other = try elsewhere(bench, "a.safetensors")
        ran(try other.run("restore", "a.safetensors"))
        #expect(try other.run("runs", "--json").json.array?.first?["status"] == "interrupted")
        ran(try other.run("verify"))
        let reached = try #require(try bench.run("runs", "--json").json.array?.first?["epoch"]?.int)
        let end = String(reached + 10)
        #expect(try train("1", to: end, in: other) == train("1", to: end, in: bench))
        let losses = ["history", "1", "--iterations", "--from", "\(10 * reached - 100)", "--json"]
        #expect(try other.run(losses).output == bench.run(losses).output)
    }
}
