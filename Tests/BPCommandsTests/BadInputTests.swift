import Foundation
import Testing

/// What is refused before a run starts leaves no registry, and an existing one as it was.
@Suite("Bad input")
struct BadInputTests {
    /// A file, what is done with it, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        var arguments: [String] = []
        let status: Int32
        let words: [String]

        var testDescription: String { name }
    }

    static let rows = "a,b,t\n" + (0..<40).map { "\($0),\(Double($0) / 3),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()

    static let data: [Case] = [
        Case(name: "a ragged row", text: rows + "1,2\n", status: 65, words: ["line 42", "2 fields", "3 expected"]),
        Case(
            name: "a bad number", text: rows + "1,1.x,y\n", status: 65, words: ["line 42", "column 2 (b)", "\"1.x\""]),
        Case(
            name: "overflow to infinity", text: rows + "1,1e999,y\n", status: 65,
            words: ["line 42", "column 2 (b)", "1e999"]),
        Case(name: "a missing value", text: rows + "1,,y\n", status: 65, words: ["line 42", "column 2 (b)"]),
        Case(name: "duplicate column names", text: "a,a,t\n1,2,x\n", status: 65, words: ["line 1", "\"a\"", "twice"]),
        Case(name: "an empty file", text: "", status: 65, words: ["empty"]),
        Case(name: "a header only", text: "a,b,t\n", status: 65, words: ["no rows"]),
        Case(name: "a binary file", text: "a,b,t\n1,\u{0},x\n", status: 65, words: ["line 2", "binary"]),
        Case(
            name: "a field of megabytes", text: rows + "1,\(String(repeating: "9x", count: 2_000_000)),y\n", status: 65,
            words: ["line 42", "column 2", "9x9x", "1 MiB"]),
        Case(name: "a constant target", text: "a,t\n1,5\n2,5\n3,5\n", status: 65, words: ["constant", "(t)"]),
        Case(name: "one class only", text: "a,t\n1,x\n2,x\n3,x\n", status: 65, words: ["one class", "(t)"]),
        Case(name: "an unknown target", text: "a,b\n1,2\n3,4\n", status: 65, words: ["\"t\"", "a, b"]),
        Case(
            name: "a target that is nearly there", text: "alpha,T\n1,2\n3,4\n", status: 65,
            words: ["(did you mean T?)", "next: bpreg train bad.csv --target T"]),
    ]

    static let options: [Case] = [
        Case(name: "a layer of no units", text: rows, arguments: ["--hidden", "0"], status: 64, words: ["--hidden 0"]),
        Case(
            name: "a layer of a negative size", text: rows, arguments: ["--hidden", "8,-3"], status: 64,
            words: ["--hidden -3"]),
        Case(
            name: "a size beyond memory", text: rows, arguments: ["--hidden", "300000,300000"], status: 64,
            words: ["iB of memory, and the machine has"]),
        Case(
            name: "a size beyond counting", text: rows, arguments: ["--hidden", "9000000000000000000,9"], status: 64,
            words: ["too large"]),
        Case(
            name: "a learning rate of nan", text: rows, arguments: ["--learning-rate", "nan"], status: 64,
            words: ["--learning-rate nan"]),
        Case(
            name: "a negative learning rate", text: rows, arguments: ["--learning-rate", "-1"], status: 64,
            words: ["--learning-rate -1\n", "not -1\n"]),
        Case(name: "no epochs", text: rows, arguments: ["--epochs", "0"], status: 64, words: ["--epochs 0"]),
        Case(name: "negative epochs", text: rows, arguments: ["--epochs", "-5"], status: 64, words: ["--epochs -5"]),
        Case(name: "no threads", text: rows, arguments: ["--threads", "0"], status: 64, words: ["--threads 0"]),
        Case(
            name: "a batch of none", text: rows, arguments: ["--batch-size", "0"], status: 64, words: ["--batch-size 0"]
        ),
        Case(
            name: "a batch larger than the data", text: rows, arguments: ["--batch-size", "1000"], status: 64,
            words: ["--batch-size 1000", "training rows"]),
        Case(
            name: "a share above one", text: rows, arguments: ["--validation", "1.5"], status: 64,
            words: ["--validation 1.5"]),
        Case(
            name: "shares that leave nothing", text: rows, arguments: ["--validation", "0.6", "--test", "0.6"],
            status: 64, words: ["--validation 0.6, --test 0.6", "nothing"]),
        Case(
            name: "a share that leaves nothing beside the default", text: rows, arguments: ["--validation", "0.9"],
            status: 64, words: ["--validation 0.9, --test 0.15 (the default)"]),
        Case(
            name: "a negative share", text: rows, arguments: ["--test", "-0.1"], status: 64, words: ["--test -0.1"]),
        Case(
            name: "a tolerance of zero", text: rows, arguments: ["--tolerance", "0"], status: 64,
            words: ["--tolerance 0"]),
        Case(name: "a bad model name", text: rows, arguments: ["--model", "7up"], status: 64, words: ["7up"]),
        Case(
            name: "an activation for later", text: rows, arguments: ["--activation", "gelu"], status: 64,
            words: ["not yet supported", "relu"]),
        Case(
            name: "an optimizer for later", text: rows, arguments: ["--optimizer", "rmsprop"], status: 64,
            words: ["not yet supported", "adam"]),
        Case(
            name: "a negative decay", text: rows, arguments: ["--weight-decay", "-0.1"], status: 64,
            words: ["--weight-decay -0.1", "must be 0, or at least 1.4e-45"]),
        Case(
            name: "a decay of whole weights", text: rows,
            arguments: ["--optimizer", "sgd", "--learning-rate", "0.5", "--weight-decay", "2"], status: 64,
            words: ["--optimizer sgd --weight-decay 2", "below 1"]),
        Case(
            name: "a growing rate", text: rows, arguments: ["--schedule", "exponential", "--gamma", "1.5"], status: 64,
            words: ["at: --gamma 1.5", "--gamma 0.5"]),
        Case(
            name: "a cosine without a length", text: rows, arguments: ["--schedule", "cosine"], status: 64,
            words: ["cosine needs schedule epochs", "--schedule cosine --schedule-epochs 100"]),
        Case(
            name: "a warm-up longer than the schedule", text: rows,
            arguments: ["--schedule", "cosine", "--schedule-epochs", "5", "--warmup", "10"], status: 64,
            words: ["at: --schedule-epochs 5", "10 of the warm-up"]),
        Case(
            name: "a number of another schedule", text: rows, arguments: ["--gamma", "0.5"], status: 64,
            words: ["at: --gamma 0.5", "constant has none", "next: bpreg train bad.csv"]),
        Case(
            name: "a schedule that is none", text: rows, arguments: ["--schedule", "cosin"], status: 64,
            words: ["--schedule cosine\n"]),
        Case(
            name: "a loss that does not fit", text: rows,
            arguments: ["--loss", "cross-entropy", "--output-activation", "tanh"], status: 64,
            words: ["cross-entropy", "tanh"]),
        Case(
            name: "the best without validation", text: rows, arguments: ["--validation", "0", "--keep", "best"],
            status: 64, words: ["--keep best"]),
    ]

    @Test("in the data", arguments: data)
    func badData(_ bad: Case) throws { try refused(bad) }

    @Test("in the options", arguments: options)
    func badOptions(_ bad: Case) throws { try refused(bad) }

    private func refused(_ bad: Case) throws {
        let bench = try Bench()
        try bench.write("bad.csv", bad.text)
        let words = ["train", "bad.csv", "--target", "t"] + bad.arguments
        let fresh = try bench.run(words)
        check(fresh, bad)
        #expect(!bench.has("bpreg.sqlite"), "a registry was made")

        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "1")
        let before = try #require(bench.bytes("bpreg.sqlite"))
        check(try bench.run(words), bad)
        #expect(bench.bytes("bpreg.sqlite") == before, "the registry was touched")
    }

    private func check(_ result: Bench.Result, _ bad: Case) {
        #expect(result.status == bad.status, "\(result.errors)")
        #expect(result.output == "")
        for word in bad.words { #expect(result.errors.contains(word), "\(result.errors)") }
        let lines = result.errors.split(separator: "\n").suffix(3)
        let labels = lines.map { String($0.prefix { $0 != ":" }) }
        #expect(labels.prefix(2) == ["error", "  at"], "\(result.errors)")
        #expect(["  next", "  hint"].contains(labels.last), "\(result.errors)")
        #expect(result.errors.utf8.count < 4000)
    }

    @Test("a file that is not there, or is a folder")
    func noFile() throws {
        let bench = try Bench()
        for name in ["none.csv", "."] {
            let result = try bench.run("train", name, "--target", "t")
            #expect(result.status == 65, "\(result.errors)")
            #expect(result.errors.contains("error: \(name) ") && result.errors.contains("at: \(name)"))
        }
        #expect(!bench.has("bpreg.sqlite"))
    }

    @Test("without a target the columns are listed and one is proposed")
    func noTarget() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let result = try bench.run("train", "points.csv")
        #expect(result.status == 64)
        #expect(result.errors.contains("side    text  2"), "\(result.errors)")
        #expect(result.errors.contains("next: bpreg train points.csv --target side"))
        #expect(!bench.has("bpreg.sqlite"))
    }
}
