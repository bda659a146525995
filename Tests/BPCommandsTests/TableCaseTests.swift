import Foundation
import TestSupport
import Testing

/// Whole commands on tables of the shapes that people reported about other tools (Tests/Fixtures/cases).
@Suite("Tables that go wrong")
struct TableCaseTests {
    /// A command on a table: words of its exit code 0 or 65, and what it prints.
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: String
        let status: Int32
        let words: [String]

        var testDescription: String { arguments }
    }

    static let cases: [Case] = [
        Case(
            arguments: "big_ids.csv --target id", status: 65,
            words: [
                "20 of 60 values are whole numbers that no float64 holds exactly", "line 3, column 2 (id)",
                "value \"9007199254740993\"", "next: bpreg train big_ids.csv --target id --type id=text\n",
            ]),
        Case(
            arguments: "big_ids.csv --target id --type id=text --epochs 1", status: 0,
            words: ["id as classes: it is text with 3 distinct values"]),
        Case(
            arguments: "big_ids.csv --target x --task regression --ignore id --epochs 1", status: 65,
            words: ["no column"]),
        Case(
            arguments: "tiny_scale.csv --target y --ignore b", status: 65,
            words: ["a varies by less than float32 can hold", "rescale", "subtract an offset"]),
        Case(
            arguments: "tiny_scale.csv --target y --epochs 1", status: 0,
            words: ["varies by less than float32 can hold", "): a\n"]),
        Case(
            arguments: "passengers.csv --target Survived", status: 65,
            words: [
                "190 values are missing in 3 columns: Age (39, first on line 6), Cabin (150, first on line 2), "
                    + "Embarked (1, first on line 62)", "column Ticket: 66 of 199 values are numbers",
                "--ignore Age --type Ticket=text --ignore Cabin --ignore Embarked\n",
            ]),
        Case(
            arguments: "passengers.csv --target Survived --ignore Cabin --ignore Age --ignore Ticket --ignore Embarked "
                + "--ignore Name --ignore PassengerId --epochs 1", status: 0,
            words: ["Survived as classes: it has only 2 distinct"]),
        Case(
            arguments: "mixed_column.csv --target y", status: 65,
            words: [
                "20 of 60 values are numbers, and the others are not",
                "next: bpreg train mixed_column.csv --target y --type bad=text\n",
            ]),
        Case(
            arguments: "mixed_column.csv --target y --ignore bad --epochs 1", status: 0,
            words: ["y as classes: it is text"]),
        Case(
            arguments: "trailing_separator.csv --target kind", status: 65,
            words: [
                "all 20 rows have 4 fields, and the header has 3", "trailing_separator.csv, line 2\n",
                "next: sed 's/,[[:space:]]*$//' trailing_separator.csv > trailing_separator-rows.csv\n",
            ]),
        Case(
            arguments: "infinite_column.csv --target y", status: 65,
            words: ["60 of 60 values are no finite numbers, the first is \"-inf\"", "line 2, column 1 (q)"]),
        Case(
            arguments: "unnamed_index.csv --target kind --epochs 1", status: 0,
            words: ["the first column has no name and is left out"]),
        Case(
            arguments: "comment_line.csv --target c --epochs 1", status: 0,
            words: ["1 line before the header is a comment"]),
        Case(
            arguments: "sep_line.csv --target c --epochs 1", status: 0,
            words: ["columns are separated by semicolons, as line 1 says"]),
        Case(
            arguments: "zip_codes.csv --target y --epochs 1", status: 0,
            words: [
                "zip is read as numbers: 20 of 40 values have leading zeros, such as \"01234\" on line 2, which is read as "
                    + "1234; if they are codes, and not quantities, read them as text (--type zip=text)",
                "\"1E2\" and \"10E1\" are one value", "(--type part=text)",
                "day is read as numbers: all values look like dates, such as 2024",
                "if the point separates thousands, write 1234 for \"1.234\"",
                "all 40 values look like amounts of money, such as \"US$5\"; write 5 for \"US$5\"",
                "numbers with the sign behind or apart, such as \"3-\"; write -3 for \"3-\"",
            ]),
        Case(
            arguments: "zip_codes.csv --target zip --ignore size --ignore note --type zip=text --epochs 1", status: 0,
            words: ["zip as classes: it is text with 8 distinct values"]),
        Case(
            arguments: "comment_above_text.csv --target kind --epochs 1", status: 0,
            words: ["1 line before the header is a comment", "if \"# pets, by owner\" names the columns"]),
        Case(arguments: "quoted_tab.csv --target y --epochs 1", status: 0, words: ["y as classes: it is text"]),
        Case(
            arguments: "comment_line.csv --target c --type b=text --type b=f64", status: 64,
            words: ["two types", "next: bpreg train comment_line.csv --target c --type b=f64\n"]),
        Case(arguments: "comment_line.csv --target c --type d=text", status: 65, words: ["which is no column"]),
        Case(
            arguments: "comment_line.csv --target c --type c=f64 --ignore a", status: 65,
            words: ["\"u\"", "not numbers"]),
    ]

    private func bench() throws -> Bench {
        let bench = try Bench()
        let folder = Project.file("Tests/Fixtures/cases")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try FileManager.default.copyItem(
                at: folder.appending(path: name), to: bench.folder.appending(path: name))
        }
        return bench
    }

    @Test("train", arguments: cases)
    func train(_ item: Case) throws {
        let result = try bench().run(["train"] + item.arguments.split(separator: " ").map(String.init))
        #expect(result.status == item.status, "\(result.errors)")
        for word in item.words { #expect(result.errors.contains(word), "\(result.errors)") }
        #expect(!result.errors.contains("\nwarning: constant"))
    }

    @Test("spaces around text are no part of a category, in new rows too")
    func spaces() throws {
        let bench = try bench()
        #expect(try bench.run("train", "spaces.csv", "--target", "income", "--epochs", "2").status == 0)
        let known = try bench.run("evaluate", "spaces", "spaces_new_rows.csv")
        let zero = try bench.run("evaluate", "spaces", "spaces_new_rows.csv", "--unknown", "zero")
        #expect(known.status == 0 && zero.status == 0, "\(known.errors)")
        #expect(known.output == zero.output)
        try bench.write("other.csv", "age,work,fnl,income\n20, Never ,1000,<=50K\n")
        let refused = try bench.run("evaluate", "spaces", "other.csv")
        #expect(refused.status == 65 && refused.errors.contains("\"Never\" is a category"), "\(refused.errors)")
        #expect(refused.errors.contains("next: bpreg evaluate spaces other.csv --unknown zero\n"))
        let zeroed = try bench.run("evaluate", "spaces", "other.csv", "--unknown", "zero")
        #expect(zeroed.status == 0 && zeroed.errors.contains("counts as 0"), "\(zeroed.errors)")
        let stored = try bench.run("evaluate", "spaces", "--unknown", "zero")
        #expect(stored.status == 64 && stored.errors.contains("--unknown is about the rows of a file"))
    }

    @Test("a file of another kind is named, and the command that is advised makes a table of it")
    func foreignFiles() throws {
        let bench = try bench()
        func shell(_ command: String) throws { #expect(try bench.shell(command).status == 0, "\(command)") }
        try shell("gzip -c < sep_line.csv | gzip -c > twice.csv.gz")
        let twice = try bench.run("train", "twice.csv.gz", "--target", "c")
        #expect(twice.status == 65 && twice.errors.contains("it is gzipped twice"), "\(twice.errors)")
        let next = try #require(PastedAdvice(twice).next)
        #expect(next == "gzip -dc < twice.csv.gz | gzip -dc > twice.csv")
        try shell(next)
        #expect(bench.bytes("twice.csv") == bench.bytes("sep_line.csv"))

        #expect(try bench.run("train", "sep_line.csv", "--target", "c", "--epochs", "1").status == 0)
        for (file, words, command) in [
            ("m.onnx", "it is an ONNX model", "reads no model"),
            (
                "m.npz", "it is a model that bpreg exported, and no table",
                "bring it into a registry with bpreg import m.npz"
            ),
            ("m.safetensors", "it is a safetensors file", "bpreg inspect m.safetensors"),
        ] {
            #expect(try bench.run("export", "1", "-o", file).status == 0)
            for words in [["train", file, "--target", "c"], ["predict", "1", file]] {
                let result = try bench.run(words)
                #expect(result.status == 65, "\(result.errors)")
                #expect(result.errors.contains(command), "\(result.errors)")
            }
            let result = try bench.run("train", file)
            #expect(result.errors.contains(words), "\(result.errors)")
        }
        #expect(try bench.run("archive", "1", "-o", "a.safetensors").status == 0)
        #expect(try bench.run("inspect", "a.safetensors").output.contains("sound"))
        for file in ["m.npz", "m.onnx"] {
            let result = try bench.run("restore", file)
            #expect(result.status == 65 && result.errors.contains("and no archive of bpreg"), "\(result.errors)")
        }
    }

    @Test("a fork of a run that ignores a column does not judge it in other data")
    func forks() throws {
        let bench = try bench()
        try bench.run("train", "mixed_column.csv", "--target", "y", "--ignore", "bad", "--epochs", "1")
        try bench.write(
            "more.csv",
            "a,bad,y\n" + (0..<40).map { "\($0),\($0 % 3 == 0 ? "x" : ""),\($0 % 2 == 0 ? "p" : "q")\n" }.joined())
        let result = try bench.run("train", "--from", "1", "more.csv", "--epochs", "2")
        #expect(result.status == 0, "\(result.errors)")
        let typed = try bench.run("train", "--from", "1", "--type", "a=f64", "--epochs", "2")
        #expect(typed.status == 64 && typed.errors.contains("--type is for DATA"), "\(typed.errors)")
    }

    @Test("text in another encoding is converted by the command that is advised")
    func encodings() throws {
        let bench = try Bench()
        let text = "größe,y\n" + (0..<20).map { "\($0),\($0 % 2 == 0 ? "ä" : "b")\n" }.joined()
        for (name, encoding) in [("l.csv", String.Encoding.isoLatin1), ("u.csv", .utf16)] {
            try #require(text.data(using: encoding)).write(to: bench.folder.appending(path: name))
            let result = try bench.run("train", name, "--target", "y", "--epochs", "1")
            #expect(result.status == 65)
            let next = try #require(PastedAdvice(result).next)
            #expect(next.hasPrefix("iconv -f "), "\(next)")
            _ = try bench.shell(next)
            let fixed = try bench.run("train", "\(name.dropLast(4))-utf8.csv", "--target", "y", "--epochs", "1")
            #expect(fixed.status == 0, "\(fixed.errors)")
        }
    }
}
