import BPJSON
import Foundation
import TestSupport
import Testing

/// `bpreg inspect` of tables, and what a training prints of what it understood. The files are in Tests/Fixtures/cases.
@Suite("inspect of a table with the built bpreg")
struct InspectTests {
    private func bench(_ files: String...) throws -> Bench {
        let bench = try Bench()
        for file in files {
            try FileManager.default.copyItem(
                at: Project.file("Tests/Fixtures/cases/\(file)"), to: bench.folder.appending(path: file))
        }
        return bench
    }

    /// A table that is sound: two features of numbers, one of text, three classes.
    private func writeSound(_ bench: Bench) throws {
        var text = "size,shape,kind\n"
        for row in 0..<60 {
            text += "\(Double(row * row % 17) / 4),\(["round", "flat"][row / 5 % 2]),\(["a", "b", "c"][row % 3])\n"
        }
        try bench.write("sound.csv", text)
    }

    @Test("a sound table: columns, target, task, classes, and the command that trains")
    func sound() throws {
        let bench = try bench()
        try writeSound(bench)
        let text = try bench.run("inspect", "sound.csv")
        #expect(text.status == 0 && text.errors.isEmpty)
        for line in [
            "file     sound.csv: CSV, columns separated by commas", "rows     60",
            "columns  3: 1 of numbers, 2 of text",
            "target   kind is the last column",
            "task     classification: treating kind as classes: it is text with 3 distinct values",
            "classes  3: a 20 (33.3%), b 20 (33.3%), c 20 (33.3%)", "train  bpreg train sound.csv --target kind",
        ] {
            #expect(text.output.contains(line + "\n"), "\(line) in\n\(text.output)")
        }
        #expect(text.output.contains("size    f32   0.25 is not whole   0 … 4"), "\(text.output)")

        let json = try bench.run("inspect", "sound.csv", "--target", "shape", "--ignore", "kind", "--json").json
        #expect(json["target"]?.string == "shape" && json["task"]?.string == "classification")
        #expect(json["columns"]?.array?.compactMap { $0["role"]?.string } == ["feature", "target", "ignored"])
        #expect(json["train"]?.string == "bpreg train sound.csv --ignore kind --target shape")
        #expect(json["warnings"]?.array == [] && json["obstacles"]?.array == [])

        let csv = try bench.run("inspect", "sound.csv", "--csv").output.split(separator: "\n")
        #expect(csv.count == 4 && csv[0] == "column,number,role,type,example,min,max,distinct,missing,reason,fault")
        #expect(
            csv[1] == "size,1,feature,f32,0,0.0,4.0,\(Set((0..<60).map { $0 * $0 % 17 }).count),0,0.25 is not whole,")
    }

    @Test("the same from standard input, gzipped, and as an array")
    func formats() throws {
        let bench = try bench()
        try writeSound(bench)
        let piped = try bench.run(["inspect", "-", "--json"], input: bench.folder.appending(path: "sound.csv")).json
        let plain = try bench.run("inspect", "sound.csv", "--json").json
        #expect(piped["columns"] == plain["columns"] && piped["classes"] == plain["classes"])
        for file in ["u1.npy", "columns.npz", "stored.npz", "t10k-images-idx3-ubyte.gz", "structure.npy"] {
            let result = try bench.run("inspect", Project.file("Tests/Fixtures/data/\(file)").path, "--json")
            #expect(result.status == 0, "\(file): \(result.errors)")
            #expect(try result.json["columns"]?.array?.isEmpty == false)
        }
    }

    @Test("a table with faults is shown with all of them")
    func faults() throws {
        let bench = try bench("passengers.csv", "mixed_column.csv")
        let passengers = try bench.run("inspect", "passengers.csv", "--target", "Survived", "--json")
        #expect(passengers.status == 0)
        let columns = try passengers.json["columns"]?.array ?? []
        #expect(columns.count == 10)
        let faulty = columns.filter { $0["fault"] != .null }.compactMap { $0["column"]?.string }
        #expect(faulty == ["Age", "Ticket", "Cabin", "Embarked"])
        #expect(columns.compactMap { $0["missing"]?.int } == [0, 0, 0, 0, 0, 39, 0, 0, 150, 1])
        let train = try #require(try passengers.json["train"]?.string)
        let words = train.split(separator: " ").dropFirst().map(String.init)
        #expect(try bench.run(Array(words) + ["--epochs", "1"]).status == 0, "\(train)")

        let mixed = try bench.run("inspect", "mixed_column.csv")
        #expect(mixed.status == 0 && mixed.output.contains("--type bad=text"), "\(mixed.output)")
    }

    @Test("columns with numbered names share a line, and many columns are shortened")
    func wide() throws {
        let bench = try bench()
        let names = (0..<784).map { "pixel\($0)" }
        let words = (0..<96).map {
            "\(Character(Unicode.Scalar(97 + UInt8($0 / 26))))\(Character(Unicode.Scalar(97 + UInt8($0 % 26))))"
        }
        for (name, columns) in [("wide.csv", names), ("words.csv", words)] {
            var text = columns.joined(separator: ",") + ",label\n"
            for row in 0..<30 { text += columns.indices.map { "\(($0 * row) % 251)," }.joined() + "\(row % 3)\n" }
            try bench.write(name, text)
        }
        let wide = try bench.run("inspect", "wide.csv").output
        #expect(wide.contains("pixel0 … pixel783 (784)") && wide.split(separator: "\n").count < 20, "\(wide)")
        #expect(try bench.run("inspect", "wide.csv", "--csv").output.split(separator: "\n").count == 786)
        let many = try bench.run("inspect", "words.csv").output
        #expect(many.contains("57 lines before the last 5 are left out") && many.contains("\nlabel"), "\(many)")
    }

    @Test("an archive takes no option of a table")
    func archives() throws {
        let bench = try Bench.trained("--epochs", "2", "--hidden", "4")
        try bench.run("archive", "1", "-o", "a.safetensors")
        #expect(try bench.run("inspect", "a.safetensors").output.hasPrefix("archive"))
        for option in [["--target", "side"], ["--type", "x=text"], ["--csv"]] {
            let result = try bench.run(["inspect", "a.safetensors"] + option)
            #expect(
                result.status == 64 && result.errors.contains("  next: bpreg inspect a.safetensors"), "\(result.errors)"
            )
        }
        try FileManager.default.moveItem(
            at: bench.folder.appending(path: "a.safetensors"), to: bench.folder.appending(path: "a.csv"))
        #expect(try bench.run("inspect", "a.csv").output.hasPrefix("archive"))
    }

    @Test("training prints what it understood, and what is doubtful")
    func training() throws {
        let bench = try bench("thousands.csv", "decimal_comma.csv", "two_targets.csv")
        let thousands = try bench.run("train", "thousands.csv", "--target", "y", "--epochs", "1")
        #expect(thousands.status == 0)
        for words in [
            "note: 60 rows; features: 1 column of numbers, 1 of text; target: y",
            "note: treating y as classes: it is text with 2 distinct values",
            "warning: q is read as text, each value a category: all 60 values look like numbers with thousands "
                + "separators, such as \"1,000\"; write 1000",
        ] {
            #expect(thousands.errors.contains(words), "\(thousands.errors)")
        }
        let commas = try bench.run("train", "decimal_comma.csv", "--target", "y", "--epochs", "1").errors
        #expect(commas.contains("numbers with a decimal comma, such as \"0,5\"; write 0.5"), "\(commas)")
        let copy = try bench.run("train", "two_targets.csv", "--target", "y1", "--epochs", "1").errors
        #expect(copy.contains("x gives y1 in every row: y1 = 2 · x"), "\(copy)")
    }

    @Test("a target where each class has one row is refused with what to do")
    func singleRows() throws {
        let bench = try bench("percent_target.csv")
        let percent = try bench.run("train", "percent_target.csv", "--target", "y")
        #expect(percent.status == 65 && !bench.has("bpreg.sqlite"))
        #expect(percent.errors.contains("percentages, such as \"0.0%\"; write 0.0"), "\(percent.errors)")
        #expect(percent.errors.contains("next: bpreg inspect percent_target.csv --target y"), "\(percent.errors)")
        let inspected = try bench.run("inspect", "percent_target.csv", "--target", "y")
        #expect(inspected.status == 0 && inspected.output.contains("cannot train  y: the target would be 60 classes"))

        try bench.write("few.csv", "x,y\n" + (0..<12).map { "\($0 * $0 % 7),\($0)\n" }.joined())
        let few = try bench.run("train", "few.csv", "--target", "y", "--epochs", "1")
        #expect(
            few.status == 65 && few.errors.contains("next: bpreg train few.csv --target y --epochs 1 --task regression")
        )
        #expect(try bench.run("train", "few.csv", "--target", "y", "--epochs", "1", "--task", "regression").status == 0)

        try bench.write("small.csv", "x,y\n1,a\n2,b\n3,c\n4,a\n5,b\n6,c\n")
        let small = try bench.run("train", "small.csv", "--target", "y", "--epochs", "1")
        #expect(small.status == 0, "\(small.errors)")
    }

    @Test("a check of the gradient prints the task that it inferred")
    func gradcheck() throws {
        let bench = try bench()
        try writeSound(bench)
        let result = try bench.run("gradcheck", "sound.csv", "--target", "kind")
        #expect(
            result.errors.contains("note: treating kind as classes: it is text with 3 distinct values"),
            "\(result.errors)")
    }

    @Test("classes that are in neither validation nor test are named")
    func absences() throws {
        let bench = try bench()
        try bench.write(
            "rare.csv", "x,y\n" + (0..<41).map { "\($0 * $0 % 7),\($0 == 40 ? "rare" : ["a", "b"][$0 % 2])\n" }.joined()
        )
        let rare = try bench.run("train", "rare.csv", "--target", "y", "--epochs", "1")
        #expect(
            rare.errors.contains("note: in neither validation nor test, only trained on: class rare (1 row)"),
            "\(rare.errors)")
    }
}
