import ArgumentParser
import BPReport
import Foundation
import TestSupport
import Testing

@testable import BPCommands

@Suite("The help of each command has the same form")
struct HelpFormTests {
    /// The words that a sentence may begin with.
    static let verbs: Set<String> = [
        "Add", "Check", "Compare", "Copy", "Delete", "Export", "Find", "Free", "Import", "List", "Make", "Measure",
        "Migrate", "Pin", "Plot", "Predict", "Print", "Query", "Recompute", "Restore", "Roll", "Set", "Show", "Train",
        "Write",
    ]

    @Test("a sentence in the imperative, that fits a line of the list", arguments: HelpTests.helps)
    func sentence(_ help: Help) throws {
        #expect(HelpFormTests.verbs.contains(String(help.sentence.prefix { $0.isLetter })))
        #expect(help.sentence.count <= 67 && !help.sentence.hasSuffix("."))
        #expect(HelpTests.help(help.name).hasPrefix(help.sentence + ".\n\nUsage:\n  bpreg \(help.name)"))
        #expect(help.usage.allSatisfy { $0.hasPrefix("bpreg \(help.name) ") })
    }

    @Test("three examples or more, each of which is one line and parses", arguments: HelpTests.helps)
    func examples(_ help: Help) throws {
        #expect(help.examples.count >= 3)
        let lines = HelpTests.help(help.name).split(separator: "\n")
        for example in help.examples {
            #expect(example.command.count <= 78, "\(example.command)")
            // A narrow terminal breaks no example.
            #expect(HelpPage.text(of: try #require(HelpFormTests.command(help)), width: 40).contains(example.command))
            #expect(lines.contains { $0.hasPrefix("  " + example.command) && $0.count <= 80 })
            let words = try #require(ShellWords.split(example.command), "\(example.command)")
            #expect(words.prefix(2) == ["bpreg", help.name])
            let command = try Root.parseAsRoot(Array(words.dropFirst()))
            #expect(type(of: command) == HelpFormTests.command(help), "\(example.command)")
        }
    }

    @Test("every option says its default, or is required, or is a flag", arguments: HelpTests.helps)
    func options(_ help: Help) throws {
        let type = try #require(HelpFormTests.command(help))
        let text = HelpTests.help(help.name)
        for argument in DeclaredArgument.all(of: type) {
            #expect(!argument.text.isEmpty && text.contains(argument.label), "\(argument.label)")
            guard argument.kind == .option else { continue }
            #expect(
                argument.text.contains("(default: ") || argument.text.hasSuffix(" (required)"), "\(argument.label)")
        }
    }

    @Test("its exit codes, and a page that is there", arguments: HelpTests.helps)
    func ends(_ help: Help) throws {
        let text = HelpTests.help(help.name)
        #expect(text.hasSuffix("\n\nMore: \(help.page)") && text.contains("\n\nExit codes:\n  0 "))
        #expect(help.exits.first == .done && help.exits.contains(.usage) && Set(help.exits).count == help.exits.count)
        let parts = help.page.split(separator: "#").map(String.init)
        #expect(help.page.hasPrefix("docs/"))
        let page = try String(contentsOf: Project.file(parts[0]), encoding: .utf8)
        let anchors = page.split(separator: "\n").filter { $0.hasPrefix("#") }.map { heading in
            heading.drop { $0 == "#" }.dropFirst().lowercased().replacing(" ", with: "-").replacing("`", with: "")
        }
        if parts.count == 2 { #expect(anchors.contains(parts[1]), "\(help.page)") }
    }

    @Test("the commands give all exit codes together")
    func exits() {
        #expect(Set(HelpTests.helps.flatMap(\.exits)) == Set(ExitStatus.allCases))
    }

    private static func command(_ help: Help) -> (any Subcommand.Type)? {
        HelpTests.subcommands.first { $0.help.name == help.name }
    }
}

extension Help: CustomTestStringConvertible {
    /// The name of the command.
    public var testDescription: String { name }
}

/// A command as a POSIX shell splits it into words.
enum ShellWords {
    /// The words up to a comment; nil if a quote is not closed, or if the shell would do more than split.
    static func split(_ command: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in command {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                (quote, word) = (character, word ?? "")
            } else if character == " " {
                if let done = word { words.append(done) }
                word = nil
            } else if character == "#", word == nil {
                return words
            } else if "|<>&;$`*?()".contains(character) {
                return nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return quote == nil ? words + (word.map { [$0] } ?? []) : nil
    }
}
