import ArgumentParser
import BPCore
import BPTraining
import Foundation
import TestSupport
import Testing

@testable import BPCommands
@testable import BPReport

@Suite("Help, and the pages about the commands")
struct HelpTests {
    static let docs = Project.file("docs")

    /// Every command's name, `""` for bpreg itself.
    static let commands = [""] + Root.configuration.subcommands.map { $0.configuration.commandName ?? "" }

    /// Set `BPREG_RECORD_SNAPSHOTS=1` to write the snapshots anew; look at the difference before committing.
    @Test("help is as recorded", arguments: commands)
    func snapshot(_ command: String) throws {
        let file = Project.file("Tests/Fixtures/help/bpreg\(command.isEmpty ? "" : "-" + command).txt")
        let help = HelpTests.help(command) + "\n"
        if ProcessInfo.processInfo.environment["BPREG_RECORD_SNAPSHOTS"] == "1" {
            try Data(help.utf8).write(to: file)
        }
        let recorded = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(help == recorded)
    }

    @Test("help fits 80 columns", arguments: commands)
    func width(_ command: String) {
        for line in HelpTests.help(command).split(separator: "\n") {
            #expect(DisplayWidth.of(String(line)) <= 80, "\(line)")
        }
    }

    @Test("the help of bpreg has a first session, all commands in five groups, and all exit codes at the end")
    func root() throws {
        let help = HelpTests.help("")
        let lines = help.split(separator: "\n").map(String.init)
        #expect(help.contains("bpreg train iris.csv --target species"))
        let groups = ["Train:", "Inspect:", "History:", "Exchange:", "Maintain:"]
        #expect(lines.filter(groups.contains) == groups)
        for command in HelpTests.helps {
            let line = "  " + command.name.padding(toLength: 11, withPad: " ", startingAt: 0) + command.sentence
            #expect(lines.contains(line), "\(command.name) has one line")
        }
        let codes = try #require(help.range(of: "\n\nExit codes:\n")).upperBound
        for status in ExitStatus.allCases {
            #expect(help[codes...].contains(" \(status.rawValue)  \(status.meaning)"), "exit code \(status.rawValue)")
        }
        #expect(!help[codes...].contains("\n\n"))
        // A narrow terminal gets one column of exit codes.
        #expect(HelpPage.root(width: 60).contains("\n    1  failed\n"))
    }

    @Test("every command and every option appears in docs/commands.md")
    func page() throws {
        let page = try String(contentsOf: HelpTests.docs.appending(path: "commands.md"), encoding: .utf8)
        for command in Root.configuration.subcommands {
            let name = try #require(command.configuration.commandName)
            let parts = page.components(separatedBy: "\n## bpreg \(name)\n").count - 1
            #expect(parts == 1, "\(name) has a part of its own")
            let missing = HelpTests.options(of: HelpTests.help(name)).filter { !page.contains("`\($0)") }
            #expect(missing == [], "options of \(name)")
        }
        for status in ExitStatus.allCases {
            #expect(page.contains("| \(status.rawValue) |"), "exit code \(status.rawValue)")
        }
    }

    @Test("docs/commands.md has the defaults that training has")
    func defaults() throws {
        let page = try String(contentsOf: HelpTests.docs.appending(path: "commands.md"), encoding: .utf8)
        let adam = Optimizer(.adam)
        func rate(_ rule: Optimizer.Name) -> Double { TrainingDefaults.learningRate(rule) }
        for (options, value) in [
            ("`--hidden`", TrainingDefaults.hidden.map(String.init).joined(separator: ",")),
            ("`--activation`", TrainingDefaults.activation.rawValue),
            ("`--optimizer`", TrainingDefaults.optimizer.rawValue),
            (
                "`--learning-rate`",
                "\(rate(.sgd)) for sgd, \(rate(.momentum)) for momentum, \(rate(.adam)) for adam and adamw"
            ),
            ("`--momentum`", "\(try #require(Optimizer(.momentum).momentum))"),
            ("`--weight-decay`", "0; \(TrainingDefaults.weightDecay(.adamw)) for adamw"),
            ("`--beta1`, `--beta2`", "\(try #require(adam.beta1)), \(try #require(adam.beta2))"),
            ("`--batch-size`", "\(TrainingDefaults.batchSize), at most the training rows"),
            ("`--epochs`", "\(TrainingDefaults.epochs)"), ("`--seed`", "\(TrainingDefaults.seed)"),
            ("`--validation`", "\(TrainingDefaults.validation)"), ("`--test`", "\(TrainingDefaults.test)"),
            ("`--keyframe-seconds`", "\(TrainingDefaults.keyframeSeconds)"),
        ] { #expect(page.contains("| \(options) | \(value) |"), "\(options) is \(value)") }
        #expect(adam.epsilon == 1e-8 && page.contains("| `--epsilon` | 1e-8 |"))
        #expect(TrainingDefaults.keyframeBudget == 1 << 30 && page.contains("| `--keyframe-budget` | 1 GiB |"))
    }

    static let subcommands = Root.configuration.subcommands.compactMap { $0 as? any Subcommand.Type }

    static let helps = subcommands.map { $0.help }

    static func help(_ command: String) -> String {
        subcommands.first { $0.help.name == command }.map { HelpPage.text(of: $0, width: 80) }
            ?? HelpPage.root(width: 80)
    }

    private static func options(of help: String) -> Set<String> {
        let words = help.split(whereSeparator: { " ,.:;()[]\n|".contains($0) }).map(String.init)
        return Set(words.filter { $0.hasPrefix("--") && $0.count > 3 })
    }
}
