import ArgumentParser
import Testing

@testable import BPCommands
@testable import BPReport
import BPCore
import BPTraining

@Suite("Command lines that are refused")
struct ParsingTests {
    /// What `bpreg` says of a command line that ArgumentParser refuses.
    static func failure(_ line: String) -> Failure? {
        let arguments = line.split(separator: " ").map(String.init)
        do {
            _ = try Root.parseAsRoot(arguments)
            return nil
        } catch {
            return Failure(parsing: Root.message(for: error), arguments: arguments)
        }
    }

    @Test(
        "the value, the option and the help to look at are named",
        arguments: [
            ("train a.csv --target y --epochs many", "'many'", "bpreg train --help"),
            ("train a.csv --target y --learning-rate fast", "'fast'", "bpreg train --help"),
            ("train a.csv --target y --hidden 3,x", "'3,x'", "bpreg train --help"),
            ("train a.csv --target y --learning-rate 0x10", "a decimal number such as 0.01", "bpreg train --help"),
            ("train a.csv --target y --learning-rate nan", "'nan'", "bpreg train --help"),
            ("train a.csv --target y --validation inf", "'inf'", "bpreg train --help"),
            ("train a.csv --target y --validation 1e-400", "'1e-400'", "bpreg train --help"),
            ("train a.csv --target y --tolerance 1e999", "'1e999'", "bpreg train --help"),
            // A number out of range gets the range.
            ("train a.csv --target y --seed 18446744073709551615", "0 to 9223372036854775807", "bpreg train --help"),
            ("train a.csv --target y --epochs 99999999999999999999", "1 to 4294967295", "bpreg train --help"),
            (
                "train a.csv --target y --batch-size 9223372036854775808", "1 to 9223372036854775807, or all",
                "bpreg train --help"
            ),
            (
                "train a.csv --target y --keyframe-budget 99999999999GiB", "0 to 9223372036854775807 bytes",
                "bpreg train --help"
            ),
            ("train a.csv --target y --learning-rate 1e400", "at most 1.7976931348623157e+308", "bpreg train --help"),
            ("train a.csv --target y --tolerance 1e-400", "at least 5e-324", "bpreg train --help"),
            ("runs --limit 99999999999999999999", "at most 9223372036854775807", "bpreg runs --help"),
            ("history 1 --to 99999999999999999999", "at most 9223372036854775807", "bpreg history --help"),
            ("train a.csv --target y --momentum 1_0", "'1_0'", "bpreg train --help"),
            ("train a.csv --target y --keyframe-seconds 0x1p3", "'0x1p3'", "bpreg train --help"),
            ("train a.csv --target y --epochs 1e3", "a whole number such as 10", "bpreg train --help"),
            ("train a.csv --target y --keyframe-budget 1e9", "500MB", "bpreg train --help"),
            ("gradcheck a.csv --target y --step 0x1", "'0x1'", "bpreg gradcheck --help"),
            ("sql x --timeout inf", "'inf'", "bpreg sql --help"),
            ("train a.csv --target y --batch-size most", "'most'", "bpreg train --help"),
            ("train a.csv --target", "--target", "bpreg train --help"),
            ("train a.csv --tarhet y", "--tarhet", "bpreg train a.csv --target y"),
            ("train a.csv --nonsense y", "--nonsense", "bpreg train --help"),
            ("history", "<run>", "bpreg history --help"),
            ("history 1 --from x", "'x'", "bpreg history --help"),
            ("runs --json --csv", "cannot be combined", "bpreg runs --help"),
            ("nonsense", "\"nonsense\"", "bpreg --help"),
            ("trian a.csv --target y", "\"trian\"", "bpreg train a.csv --target y"),
            ("vesions iris", "\"vesions\"", "bpreg versions iris"),
        ])
    func refused(_ line: String, _ word: String, _ next: String) throws {
        let failure = try #require(ParsingTests.failure(line))
        #expect(failure.status == .usage)
        #expect(failure.what.contains(word), "\(failure.what)")
        #expect(failure.next == next)
        let lines = failure.lines
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("error: ") && lines[1].hasPrefix("  at: ") && lines[2].hasPrefix("  next: "))
    }

    @Test(
        "negative and impossible numbers are parsed, so that they can be refused with their value",
        arguments: [
            "train a.csv --target y --learning-rate -1",
            "train a.csv --target y --epochs 0", "train a.csv --target y --epochs -3",
            "train a.csv --target y --hidden -5,0", "train a.csv --target y --batch-size -1",
            "train a.csv --target y --validation -0.5", "train a.csv --target y --seed -1",
            "train a.csv --target y --tolerance -1e-3", "train a.csv --target y --threads -2", "history 1 --from -1",
        ])
    func parsed(_ line: String) {
        #expect(ParsingTests.failure(line) == nil)
    }

    @Test("names for later are told apart from slips of the pen")
    func names() throws {
        func names(_ setting: String) throws -> NameChoice {
            try #require(SettingCatalogue.training[setting].flatMap { NameChoice($0) })
        }
        #expect(try names("loss").value("cross-entropy", as: Loss.self) == .crossEntropy)
        let later = try names("optimizer").refusal(of: "nesterov")
        #expect(later.what == "nesterov is not yet supported; supported: sgd, momentum, adam, adamw")
        #expect(later.place == "--optimizer nesterov")
        let slip = try names("activation").refusal(of: "rleu")
        #expect(slip.what.hasPrefix("--activation does not know \"rleu\"; supported: identity, sigmoid, tanh, relu"))
        #expect(slip.what.hasSuffix("not yet: leaky-relu, elu, gelu, softplus"))
        #expect(slip.hint == "did you mean --activation relu?")
        #expect(slip.corrected(["train", "a", "--activation", "rleu"]).next == "bpreg train a --activation relu")
        #expect(throws: Failure.self) { try names("activation").check("softmax") }
    }
}
