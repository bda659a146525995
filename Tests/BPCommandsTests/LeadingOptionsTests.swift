import BPReport
import Testing

@testable import BPCommands

@Suite("Options before the command")
struct LeadingOptionsTests {
    private static func moved(_ line: String) throws -> String {
        try LeadingOptions.behindCommand(line.split(separator: " ").map(String.init)).joined(separator: " ")
    }

    @Test(
        "they are those of the command",
        arguments: [
            ("--registry x.sqlite runs", "runs --registry x.sqlite"),
            ("--registry=x runs --tree", "runs --registry=x --tree"),
            ("--json --registry x show 1", "show --json --registry x 1"),
            ("--csv history 1 --all", "history --csv 1 --all"),
            ("--json note 1 -- --json", "note --json 1 -- --json"), ("runs --json", "runs --json"),
            ("--json --help", "--help"), ("--registry x help runs", "help runs"),
            ("--registry x runz", "runz --registry x"), ("--where x runs", "--where x runs"),
        ])
    func moved(_ line: String, _ words: String) throws {
        #expect(try LeadingOptionsTests.moved(line) == words)
    }

    @Test(
        "what has no effect is refused",
        arguments: [
            ("--json plot 1", "the command plot has no option --json", "bpreg plot --help"),
            ("--csv show 1", "the command show has no option --csv", "bpreg show --help"),
            ("--json runs --json", "--json is given twice, before and after the command", "bpreg runs --json"),
            ("--registry x", "there is no command after --registry", "bpreg --help"),
            ("--registry --json runs", "--registry needs a path", "bpreg --help"),
            ("--registry", "--registry needs a path", "bpreg --help"),
        ])
    func refused(_ line: String, _ what: String, _ next: String) throws {
        let failure = try #require(throws: Failure.self) { try LeadingOptionsTests.moved(line) }
        #expect(failure.status == .usage && failure.what == what && failure.next == next)
        #expect(failure.place == "the command line: bpreg " + line)
    }

    @Test("the binary takes them, and its advice can be pasted")
    func binary() throws {
        let bench = try Bench.trained("--epochs", "2", "--registry", "a.sqlite")
        for (words, twin) in [
            ("--registry a.sqlite runs", "runs --registry a.sqlite"),
            ("--json --registry a.sqlite show 1", "show 1 --json --registry a.sqlite"),
            ("--registry a.sqlite --csv history 1", "history 1 --csv --registry a.sqlite"),
        ] {
            let (front, back) = (try bench.shell("bpreg " + words), try bench.shell("bpreg " + twin))
            #expect(front.status == 0 && front.output == back.output, "\(words)\n\(front.errors)")
        }
        for (words, next) in [
            ("--registry a.sqlite show pionts", "bpreg show --registry a.sqlite points"),
            ("--registry a.sqlite rusn", "bpreg runs --registry a.sqlite"),
            ("--registry a.sqlite runs --registry b.sqlite", "bpreg runs --registry a.sqlite"),
            ("--registry a.sqlite history 1 --form 2", "bpreg history --registry a.sqlite 1 --from 2"),
            ("--json runs --json --registry a.sqlite", "bpreg runs --json --registry a.sqlite"),
        ] {
            let result = try bench.shell("bpreg " + words)
            let advice = PastedAdvice(result)
            #expect(result.status != 0 && advice.next == next, "\(words)\n\(result.errors)")
            try advice.paste(in: bench, words, expecting: [0])
        }
        let missing = try bench.shell("bpreg --registry missing.sqlite runs")
        #expect(missing.status == 10 && missing.errors.contains("missing.sqlite"))
    }

    @Test("help and completion are printed by the binary")
    func printed() throws {
        let bench = try Bench()
        for (words, start) in [
            ("", Root.sentence), ("--help", Root.sentence), ("help", Root.sentence), ("-h", Root.sentence),
            ("help runs", RunsCommand.help.sentence), ("runs -h", RunsCommand.help.sentence),
            ("show 1 --help", ShowCommand.help.sentence), ("--registry x runs --help", RunsCommand.help.sentence),
            ("--generate-completion-script bash", "#!/bin/bash"), ("--version", "bpreg "),
            ("--experimental-dump-help", "{"),
        ] {
            let result = try bench.shell("bpreg " + words)
            #expect(result.status == 0 && result.output.hasPrefix(start), "\(words): \(result.output.prefix(200))")
        }
    }
}
