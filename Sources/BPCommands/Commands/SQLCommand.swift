import ArgumentParser
import BPJSON
import BPRegistry

/// `bpreg sql "SELECT …"`
struct SQLCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Answers one SQL statement over the registry's views and tables.",
        usage: "bpreg sql \"SELECT …\" [--limit N] [--timeout SECONDS] [options]",
        discussion: """
            Only reading is possible. docs/schema.md explains the views, with many questions answered:

              bpreg sql 'SELECT run, model, status, val_loss FROM runs ORDER BY val_loss LIMIT 5'
              bpreg sql 'SELECT min(iteration) FROM iterations WHERE run = 1 AND loss < 0.1'

            Blobs are shown as hex digits; text shows measures with seven digits, JSON and CSV the exact ones.
            """)

    @Argument(help: "One statement.")
    var statement: String

    @Option(parsing: .unconditional, help: ArgumentHelp("Show at most this many rows.", valueName: "n"))
    var limit = 1_000

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Give up when it has worked for so long.", valueName: "seconds"))
    var timeout = 10.0

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let question = SQLQuestion(
            statement, timeout: .seconds(min(86_400, try Check.notNegative(timeout, option: "--timeout"))),
            limit: try Check.atLeast(0, limit, option: "--limit"))
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        var names: [String] = []
        var table: TableWriter?
        func writer(_ first: [SQLCell]) -> TableWriter {
            let columns = names.enumerated().map { index, name in
                SQLCommand.column(name, isNumber: index < first.count && first[index].isNumber)
            }
            return TableWriter(columns, format: options.format, output: output)
        }
        let tooLong = Failure(RegistryError.tooLong(seconds: timeout), registry: options.registry)
        let watchdog = Watchdog(after: timeout + 1, tooLong)
        defer { watchdog.stop() }
        let isCut = try registry.ask(question, columns: { names = SQLCommand.distinct($0) }) { row in
            try watchdog.rest {
                let writer = table ?? writer(row)
                table = writer
                try writer.add(row.map(\.json))
            }
        }
        watchdog.stop()
        try (table ?? writer([])).finish(empty: "no rows")
        if let missing = table?.leftOut, !missing.isEmpty {
            Notes.say(
                "\(NumberText.counted(missing.count, "column")) left out, since the terminal is too narrow: "
                    + "\(missing.prefix(8).joined(separator: ", "))\(missing.count > 8 ? ", …" : ""); "
                    + "--csv and --json print all")
        }
        if isCut {
            Notes.say("there are more rows than the \(NumberText.grouped(limit)) shown; --limit N shows more")
        }
        return .done
    }

    /// Whole numbers and measures to the right, the rest to the left.
    private static func column(_ name: String, isNumber: Bool) -> TableColumn {
        TableColumn(
            key: name, title: SafeText.escaped(name), alignment: isNumber ? .right : .left, shrinks: !isNumber
        ) { value in
            if case .double(let number) = value { return NumberText.measure(number) }
            return TableColumn.plainText(value)
        }
    }

    /// The names, those that come again with a number behind them: members of one JSON object differ.
    private static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.map { name in
            var (unique, count) = (name, 1)
            while !seen.insert(unique).inserted {
                count += 1
                unique = "\(name)_\(count)"
            }
            return unique
        }
    }
}

extension SQLCell {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .real: true
        case .null, .text, .blob: false
        }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .null: .null
        case .integer(let value): .integer(value)
        case .real(let value): .double(value)
        case .text(let text): .string(text)
        case .blob(let bytes): .string(SQLCell.hex(bytes))
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
