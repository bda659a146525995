import ArgumentParser
import BPReport

// The help of bpreg itself: ArgumentParser calls a group "TRAIN SUBCOMMANDS" and puts the exit codes before the usage.
extension HelpPage {
    /// The help of bpreg.
    static func root(width: Int, isBold: Bool = false) -> String {
        var page = HelpPage(width: width, isBold: isBold)
        page.add(nil, [Root.sentence + "."])
        page.add("Usage", ["  bpreg [global options] COMMAND [options]", "  bpreg COMMAND --help"])
        page.add("Examples", HelpPage.lines(Root.examples))
        let names = Root.configuration.subcommands.compactMap { $0.configuration.commandName }
        let column = HelpPage.column(of: names)
        for group in Root.configuration.groupedSubcommands {
            page.add(
                group.name,
                group.subcommands.flatMap { command in
                    page.row(
                        command.configuration.commandName ?? "", command.configuration.abstract, column: column)
                })
        }
        page.add(
            "REF, the name of a run, of a point of a run, or of a version",
            [
                "  7  7@last  7@best  7@epoch:50  7@iteration:1234  7.1@last (segment 1 of run 7)",
                "  iris (its current version)  iris:3  iris@production (an alias)",
            ])
        let options = LeadingOptions.all.map { ($0.label, $0.text) }
        page.add(
            "Global options (before or after the command)",
            options.flatMap { page.row($0, $1, column: HelpPage.column(of: options.map(\.0))) })
        page.add("Exit codes", page.exitCodes)
        return page.text
    }

    /// All exit codes, in two columns if there is room.
    private var exitCodes: [String] {
        let lines = ExitStatus.allCases.map { status in
            let code = "\(status.rawValue)"
            return String(repeating: " ", count: 5 - code.count) + code + "  " + status.meaning
        }
        let half = (lines.count + 1) / 2
        guard width >= 80 else { return lines }
        return (0..<half).map { index in
            let (left, right) = (lines[index], index + half < lines.count ? lines[index + half] : "")
            return right.isEmpty ? left : left + String(repeating: " ", count: max(2, 42 - left.count)) + right
        }
    }
}
