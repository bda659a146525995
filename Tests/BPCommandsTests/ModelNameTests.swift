import Foundation
import Testing

@Suite("A model's name that comes from a file's name")
struct ModelNameTests {
    private static func bench() throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        let numbers = "a,b,c\n" + (0..<40).map { "\($0 % 7),\($0 % 5),\($0 % 3 == 0 ? "x" : "y")\n" }.joined()
        for folder in ["sub", "sub2"] {
            try FileManager.default.createDirectory(
                at: bench.folder.appending(path: folder), withIntermediateDirectories: false)
        }
        for name in ["癌.csv", "sub2/d.csv"] { try bench.write(name, numbers) }
        for name in ["花.csv", "sub/d.csv", "e\u{301}te\u{301}.csv"] {
            try FileManager.default.copyItem(
                at: bench.folder.appending(path: "points.csv"), to: bench.folder.appending(path: name))
        }
        return bench
    }

    private static let short = ["--epochs", "2", "--threads", "1"]

    @Test("letters of any script are kept: two tables are two models")
    func scripts() throws {
        let bench = try ModelNameTests.bench()
        for (file, target) in [("花.csv", "side"), ("癌.csv", "c"), ("e\u{301}te\u{301}.csv", "side")] {
            let result = try bench.run(["train", file, "--target", target] + ModelNameTests.short)
            #expect(result.status == 0, "\(result.errors)")
        }
        let names = try bench.run("models", "--json").json.array?.compactMap {
            $0["name"]?.string ?? $0["model"]?.string
        }
        #expect(names.map(Set.init) == ["花", "癌", "\u{E9}t\u{E9}"])
        #expect(try bench.run("alias", "花:1", "最新").status == 0)
        #expect(try bench.run("tag", "花:1", "试=9").status == 0)
        for words in [
            ["show", "花:1"], ["predict", "花@最新", "花.csv"], ["show", "e\u{301}te\u{301}"], ["versions", "癌"],
            ["export", "花", "-o", "花.npz"], ["archive", "花:1", "-o", "花.bpreg"],
            ["restore", "花.bpreg", "--registry", "other.sqlite"], ["train", "--from", "花:1", "--epochs", "3"],
            ["verify"],
        ] {
            let result = try bench.run(words)
            #expect(result.status == 0, "\(words): \(result.errors)")
        }
        for query in ["tag.试 = \"9\"", "model = \"花\" and tag.试 > 8"] {
            #expect(try bench.run("versions", "--where", query, "--json").json.array?.count == 1, "\(query)")
        }
    }

    @Test("another table of the same name is refused with a name that is free; --model takes it with a warning")
    func otherTable() throws {
        let bench = try ModelNameTests.bench()
        #expect(try bench.run(["train", "sub/d.csv", "--target", "side"] + ModelNameTests.short).status == 0)
        let words = ["train", "sub2/d.csv", "--target", "c"] + ModelNameTests.short
        let refused = try bench.run(words)
        #expect(refused.status == 64 && refused.errors.contains("target c, not side"), "\(refused.errors)")
        #expect(
            refused.errors.contains("next: bpreg \(words.joined(separator: " ")) --model sub2-d"), "\(refused.errors)")
        #expect(try bench.run("runs", "--json").json.array?.count == 1)
        // The other table's net did not become current.
        #expect(try bench.run("predict", "d", "points.csv").status == 0)
        let free = try bench.run(words + ["--model", "sub2-d"])
        #expect(free.status == 0 && !free.errors.contains("differs from run 1"), "\(free.errors)")
        let named = try bench.run(words + ["--model", "d"])
        #expect(
            named.status == 0 && named.errors.contains("warning: this run differs from run 1 of the model d: "),
            "\(named.errors)")
    }

    @Test("another target or task of the same table is refused; other ignored columns and the same again are not")
    func otherTarget() throws {
        let bench = try ModelNameTests.bench()
        func train(_ options: String...) throws -> Bench.Result {
            try bench.run(["train", "points.csv"] + options + ModelNameTests.short)
        }
        #expect(try train("--target", "side").status == 0)
        #expect(try train("--target", "height").status == 64)
        #expect(try train("--target", "side", "--ignore", "height").status == 0)
        #expect(try train("--target", "side").status == 0)
        try bench.write(
            "points.csv", "side,height,x\nleft,1,2\nright,2,3\n" + String(repeating: "left,3,4\n", count: 30))
        #expect(try train("--target", "side").status == 0, "the same columns in another order")
        #expect(try bench.run("versions", "--json").json.array?.count == 4)
    }

    @Test("an import is refused in the same way")
    func imports() throws {
        let bench = try ModelNameTests.bench()
        #expect(try bench.run(["train", "points.csv", "--target", "side"] + ModelNameTests.short).status == 0)
        #expect(try bench.run(["train", "癌.csv", "--target", "c"] + ModelNameTests.short).status == 0)
        #expect(try bench.run("export", "points", "-o", "癌.npz").status == 0)
        let refused = try bench.run("import", "癌.npz", "--data", "points.csv")
        #expect(refused.status == 64 && refused.errors.contains("--model"), "\(refused.errors)")
        let named = try bench.run("import", "癌.npz", "--data", "points.csv", "--model", "癌")
        #expect(
            named.status == 0 && named.errors.contains("warning: this run differs from run 2 of the model 癌: "),
            "\(named.errors)")
    }

    @Test("other types of the columns and other classes are refused; another order and more categories are not")
    func typesAndClasses() throws {
        let bench = try Bench()
        /// Writes d.csv with these values of a number or text, a text and the class, in turn.
        func write(_ sizes: [String], _ towns: [String], _ classes: [String]) throws {
            try bench.write(
                "d.csv",
                "n,size,town,kind\n"
                    + (0..<60).map { row in
                        "\(row % 11),\(sizes[row % sizes.count]),\(towns[row % towns.count]),"
                            + "\(classes[row * 7 % 60 % classes.count])\n"
                    }.joined())
        }
        func train(_ options: String...) throws -> Bench.Result {
            try bench.run(["train", "d.csv", "--target", "kind"] + options + ModelNameTests.short)
        }
        let (sizes, towns, classes) = (["1", "2", "3"], ["Rome", "Bern"], ["a", "b"])
        try write(sizes, towns, classes)
        #expect(try train().status == 0)
        let refused: [([String], [String], [String], String)] = [
            (["S", "M", "L"], towns, classes, "column \"size\" is text, not numbers"),
            (sizes, ["10", "20"], classes, "column \"town\" is numbers, not text"),
            (sizes, ["Lima", "Oslo"], classes, "column \"town\" has none of the known categories"),
            (sizes, towns, ["a", "b", "c"], "other classes: \"c\""),
            (sizes, towns, ["a", "c"], "other classes: \"c\", without \"b\""),
            (sizes, towns, ["0", "1"], "classes are numbers, not text"),
        ]
        for (sizes, towns, classes, words) in refused {
            try write(sizes, towns, classes)
            let result = try train()
            #expect(result.status == 64 && result.errors.contains(words), "\(words): \(result.errors)")
            #expect(try bench.run("runs", "--json").json.array?.count == 1)
        }
        // Three classes, then two of them.
        try write(sizes, towns, ["a", "b", "c"])
        let named = try train("--model", "d")
        #expect(
            named.status == 0
                && named.errors.contains("warning: this run differs from run 1 of the model d: other classes: \"c\"; "),
            "\(named.errors)")
        try write(sizes, towns, classes)
        #expect(try train().errors.contains("without \"c\""))
        try write(sizes, towns, ["c", "b", "a"])
        #expect(try train().status == 0, "the order of the classes in the file")
        try write(sizes, ["Rome", "Oslo", "Lima"], ["a", "b", "c"])
        #expect(try train().status == 0, "more categories of a text feature")
        #expect(try train("--seed", "9").status == 0, "other training rows")
    }

    @Test("a version that becomes current names how it differs, in the same words")
    func version() throws {
        let bench = try ModelNameTests.bench()
        func train(_ options: String...) throws {
            #expect(try bench.run(["train", "points.csv"] + options + ModelNameTests.short).status == 0)
        }
        try train("--target", "side", "--model", "r")
        try train("--target", "height", "--model", "s")
        let made = try bench.run("version", "2@epoch:2", "--model", "r")
        #expect(
            made.errors.contains(
                """
                warning: r:2 differs from r:1, which was current: target height, not side; regression, not classification
                """), "\(made.errors)")
        let same = try bench.run("version", "1@epoch:1")
        #expect(same.status == 0 && same.errors.contains("r:3 differs from r:2"), "\(same.errors)")
        #expect(try !bench.run("version", "1@epoch:2").errors.contains("differs"))
    }
}
