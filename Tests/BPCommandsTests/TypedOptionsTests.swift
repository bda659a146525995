import ArgumentParser
import BPReport
import Testing

@testable import BPCommands

@Suite("Options that are given twice")
struct TypedOptionsTests {
    private static func failure(_ words: [String]) throws -> Failure? {
        let command = try Root.parseAsRoot(words)
        do {
            try TypedOptions(type(of: command), words.dropFirst()).refuseRepeated(typed: words)
            return nil
        } catch {
            return error as? Failure
        }
    }

    /// Every option with a value, of every command.
    private static let options: [(command: any ParsableCommand.Type, option: String, isRepeating: Bool)] =
        Root.configuration.subcommands.flatMap { command in
            TypedOptions.declarations(of: command).flatMap { declaration in
                declaration.names.map { (command, $0, declaration.isRepeating) }
            }
        }

    @Test("every option of every command that takes one value is refused the second time")
    func everyOption() {
        let known = TypedOptionsTests.options.filter(\.isRepeating).map(\.option)
        #expect(Set(known) == ["--ignore", "--type", "--remove"])
        #expect(TypedOptionsTests.options.count > 150)
        for (command, option, isRepeating) in TypedOptionsTests.options {
            for words in [
                [option, "1", option, "1"], [option + "=1", "x", option, "2"], [option, "1", option + "=2"],
            ] {
                let typed = TypedOptions(command, words)
                let isRefused = (try? typed.refuseRepeated(typed: words)) == nil
                #expect(isRefused == !isRepeating, "\(command) \(words)")
            }
            #expect(throws: Never.self) { try TypedOptions(command, [option, "1"]).refuseRepeated(typed: []) }
        }
    }

    @Test(
        "the command to type next has the option once",
        arguments: [
            (["train", "a b.csv", "--target", "y1", "--target", "y2"], "bpreg train 'a b.csv' --target y1"),
            (["train", "a.csv", "--target=y1", "--target", "y1"], "bpreg train a.csv --target y1"),
            (
                ["train", "a.csv", "--hidden", "8", "--seed", "2", "--hidden", "4"],
                "bpreg train a.csv --hidden 8,4 --seed 2"
            ),
            (["runs", "--where", "run > 1", "--where", "run < 4"], "bpreg runs --where '(run > 1) and (run < 4)'"),
            (["export", "1", "-o", "a.onnx", "--output", "b.onnx"], "bpreg export 1 -o a.onnx"),
            (["runs", "--registry", "a", "--registry", "b"], "bpreg runs --registry a"),
        ])
    func next(_ words: [String], _ next: String) throws {
        let failure = try #require(try TypedOptionsTests.failure(words))
        #expect(failure.status == .usage && failure.what.hasSuffix("takes one value and is given twice"))
        #expect(failure.next == next)
    }

    @Test(
        "values that look like options, repeatable options and arguments are no repetition",
        arguments: [
            ["train", "a.csv", "--ignore", "a", "--ignore", "b", "--type", "a=f64", "--type", "b=f64"],
            ["train", "a.csv", "--ignore", "--seed", "--seed", "1"],
            ["train", "a.csv", "--learning-rate", "-1", "--min-rate", "-1"],
            ["note", "1", "--", "--edit"], ["compare", "1", "1"], ["runs", "--json", "--json"],
        ])
    func none(_ words: [String]) throws {
        #expect(try TypedOptionsTests.failure(words) == nil)
    }
}
