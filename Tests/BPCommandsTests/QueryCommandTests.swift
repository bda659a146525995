import BPJSON
import Testing

@Suite("Asking at the command line")
struct QueryCommandTests {
    private func bench() throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        for rate in ["0.01", "0.1"] {
            try bench.run("train", "points.csv", "--target", "side", "--epochs", "2", "--learning-rate", rate)
        }
        return bench
    }

    @Test("--where, --sort and --limit choose, in all three shapes")
    func lists() throws {
        let bench = try bench()
        let words = [
            "--where", "learning_rate <= 0.1 and status = \"finished\"", "--sort", "learning_rate", "--limit", "1",
        ]
        let json = try bench.run(["runs", "--json"] + words).json
        #expect(json.array?.compactMap { $0["run"]?.int } == [1])
        let csv = try bench.run(["runs", "--csv"] + words)
        #expect(csv.output.split(separator: "\n").count == 2 && csv.output.contains("\n1,points,finished,"))
        let versions = try bench.run("versions", "points", "--where", "run = 2 or alias = 'x'", "--json").json
        #expect(versions.array?.compactMap { $0["name"]?.string } == ["points:2"])
        #expect(try bench.run("runs", "--where", "epochs > 99").output == "no run matches\n")
        #expect(try bench.run("runs", "--limit", "0", "--json").output == "[]\n")
        #expect(try bench.run("runs", "--limit", "0").output == "no run is shown\n")
        #expect(try bench.run("runs", "--limit", "-1").status == 64)
    }

    @Test("text without quotes is answered with the quotes, SQL with the first fault in it")
    func quotes() throws {
        let bench = try bench()
        let text = try bench.run("runs", "--where", "optimizer = adam", "--limit", "1").errors
        #expect(text.contains("unknown field: adam; text needs quotes\n"), "\(text)")
        #expect(text.contains("next: bpreg runs --where 'optimizer = \"adam\"' --limit 1\n"), "\(text)")
        let short = try bench.run("runs", "--where", "val_acc > 0.5").errors
        #expect(short.contains("next: bpreg runs --where 'val_accuracy > 0.5'\n"), "\(short)")
        let narrow = try bench.run(["sql", "SELECT * FROM runs"], environment: ["COLUMNS": "40"])
        #expect(
            narrow.errors.contains("columns left out") && narrow.errors.contains("--json prints all"),
            "\(narrow.errors)")
        let sql = try bench.run("sql", "SELECT run FROM runs WHRE run = 1").errors
        #expect(sql.contains("near \"run\": syntax error\n  at: the SQL, column 27\n"), "\(sql)")
        let first = try bench.run("sql", "SELEC 1").errors
        #expect(first.contains("near \"SELEC\": syntax error\n  at: the SQL, column 1\n"), "\(first)")
    }

    @Test("a mistake is marked under what was typed, and the whole command is mended")
    func mistakes() throws {
        let bench = try bench()
        let result = try bench.run("runs", "--where", "epochs > 1 and lerning_rate < 1")
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(
            result.errors == """
                error: unknown field: lerning_rate
                  at: --where, column 16
                    epochs > 1 and lerning_rate < 1
                                   ^^^^^^^^^^^^
                  next: bpreg runs --where 'epochs > 1 and learning_rate < 1'

                """)
        let sort = try bench.run("versions", "--sort", "-epohc")
        #expect(sort.status == 64 && sort.errors.contains("--sort, column 1"))
        #expect(sort.errors.contains("next: bpreg versions --sort -epoch\n"))
        let long = try bench.run("runs", "--where", String(repeating: "epochs > 1 and ", count: 40) + "\u{1B}x = 1")
        #expect(long.status == 64 && !long.errors.contains("\u{1B}"))
        let mark = long.errors.split(separator: "\n").first { $0.contains("^") }
        #expect(mark.map { $0.count < 120 } == true)
    }

    @Test("sql reads, in all three shapes, and tells when there is more")
    func sql() throws {
        let bench = try bench()
        let json = try bench.run(
            "sql", "SELECT run, model, run, x'0a' AS \"a \"\"b\"\"\" FROM runs ORDER BY 1", "--json")
        #expect(
            json.output == """
                [
                {"run":1,"model":"points","run_2":1,"a \\"b\\"":"0a"},
                {"run":2,"model":"points","run_2":2,"a \\"b\\"":"0a"}
                ]

                """)
        let text = try bench.run("sql", "SELECT run, NULL AS blank FROM runs ORDER BY run", "--limit", "1")
        #expect(text.output == "run  blank\n  1  –\n")
        #expect(text.errors == "note: there are more rows than the 1 shown; --limit N shows more\n")
        #expect(try bench.run("sql", "SELECT run FROM runs WHERE 0", "--csv").output == "run\n")
        let control = try bench.run("sql", "SELECT char(27) || '[1m' AS \"\u{1B}\"")
        #expect(!control.output.contains("\u{1B}"))
    }

    @Test("sql that cannot be answered changes nothing and says why")
    func refusals() throws {
        let bench = try bench()
        for (sql, status, words) in [
            ("SELECT rnu FROM runs", 64, "no such column: rnu"), ("DELETE FROM run", 64, "DELETE is not allowed"),
            ("SELECT 1; SELECT 2", 64, "more than one statement"), ("", 64, "no statement"),
            (
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n", 1,
                "no answer within 0.2 s"
            ),
        ] as [(String, Int32, String)] {
            let result = try bench.run("sql", sql, "--timeout", "0.2")
            #expect(result.status == status && result.errors.contains(words), "\(sql): \(result.errors)")
        }
        #expect(try bench.run("runs", "--json").json.array?.count == 2)
    }

    @Test("sql ends in time within one function that SQLite does not interrupt")
    func watchdog() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "2")
        let began = ContinuousClock.now
        let result = try bench.run(
            "sql", "--timeout", "0.5", "SELECT instr(zeroblob(60000000), zeroblob(30000000)||x'01')")
        #expect(result.status == 1 && result.errors.contains("no answer within 0.5 s"), "\(result.errors)")
        #expect(ContinuousClock.now - began < .seconds(60))
    }
}
