import ArgumentParser
import BPData
import BPReport

/// The treatment of categories that the training rows did not have.
struct UnknownOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Inputs of a category that training never saw: zero (default: such a category is an error)",
            valueName: "zero"))
    var unknown: String?

    /// The choice, for data that are read from a file.
    func choice() throws -> UnknownCategory {
        try unknown.map { try UnknownOption.choices.value($0) } ?? .refuse
    }

    /// The choice, which needs a file: stored rows know their own categories.
    /// - Parameter data: the file, if one is given.
    func choice(data: String?) throws -> UnknownCategory {
        if let unknown, data == nil {
            throw Failure(
                .usage, "--unknown is about the rows of a file; unknown categories of stored rows always count as 0",
                at: "--unknown \(ShellText.quoted(unknown))", next: "leave out --unknown, or name a file",
                correction: .removing("--unknown"))
        }
        return try choice()
    }

    private static let choices = NameChoice(option: "--unknown", supported: [UnknownCategory.zero.rawValue])
}
