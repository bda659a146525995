import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg sql "SELECT …"`
struct SQLCommand: Subcommand {
    static let help = Help(
        "sql", "Query the registry with a read-only SQL statement",
        usage: "bpreg sql \"SELECT ...\" [--limit N] [--timeout SECONDS] [options]",
        examples: [
            ("bpreg sql 'SELECT run, model, val_loss FROM runs ORDER BY val_loss LIMIT 5'", ""),
            ("bpreg sql 'SELECT min(iteration) FROM iterations WHERE run = 1 AND loss < 0.1'", ""),
            ("bpreg sql 'SELECT name, sql FROM sqlite_schema' --json", ""),
        ],
        notes: """
            Blobs are shown as hex digits. The table rounds measures to seven digits; JSON and CSV have the exact values.
            """,
        exits: .registry, page: "docs/schema.md")

    @Argument(help: "One SQL statement")
    var statement: String

    @Option(parsing: .unconditional, help: ArgumentHelp("Largest number of rows to show", valueName: "n"))
    var limit = 1_000

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seconds of work before the query is given up", valueName: "seconds"))
    var timeout = DecimalNumber(10)

    @OptionGroup var options: TableOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let timeout = try Check.notNegative(timeout.value, option: "--timeout")
        let question = SQLQuestion(
            statement, timeout: .seconds(min(86_400, timeout)),
            limit: try Check.atLeast(0, limit, option: "--limit"))
        let registry = try Registry.open(at: options.registry.path, for: .reading)
        var names: [String] = []
        var table: TableWriter?
        func writer(_ first: [SQLCell]) -> TableWriter {
            TableWriter(SQLTable.columns(names, first: first), format: options.format, output: output)
        }
        let tooLong = Failure(RegistryError.tooLong(seconds: timeout), registry: options.registry.location)
        let watchdog = Watchdog(after: timeout + 1, tooLong)
        defer { watchdog.stop() }
        let isCut = try registry.ask(question, columns: { names = $0 }) { row in
            try watchdog.rest {
                let writer = table ?? writer(row)
                table = writer
                try writer.add(SQLTable.values(row))
            }
        }
        watchdog.stop()
        try (table ?? writer([])).finish(empty: "no rows")
        if isCut {
            Notes.say("there are more rows than the \(NumberText.grouped(limit)) shown; --limit N shows more")
        }
        return .done
    }
}
