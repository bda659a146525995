import BPJSON
import Testing

@testable import BPReport

@Suite("Text, tables, JSON lists and CSV")
struct OutputTests {
    /// Prints a table into memory.
    static func printed(
        _ columns: [TableColumn], _ rows: [[JSONValue]], _ format: OutputFormat = .text, width: Int? = nil,
        isTerminal: Bool = false
    ) throws -> String {
        let sink = Sink()
        let output = Output(width: width, isTerminal: isTerminal) { sink.bytes += $0 }
        let table = TableWriter(columns, format: format, output: output)
        for row in rows { try table.add(row) }
        try table.finish(empty: "nothing")
        return sink.text
    }

    static let columns: [TableColumn] = [.count("run"), .words("model"), .measure("loss"), .hidden("uuid")]
    static let rows: [[JSONValue]] = [[10, "iris", .float(0.25), "a"], [9, "日本語のモデル", .null, "b"]]

    @Test("numbers touch the right, words the left, wide characters take two columns")
    func alignment() throws {
        let text = try OutputTests.printed(OutputTests.columns, OutputTests.rows)
        #expect(
            text == """
                run  model               loss
                 10  iris            0.250000
                  9  日本語のモデル         –

                """)
    }

    @Test("a narrow terminal cuts long words, then leaves out columns from the right, and never cuts a number")
    func narrow() throws {
        let long = OutputTests.rows + [[8, "a model with a name that nobody types", .float(0.5), .null]]
        for width in 12...60 {
            let text = try OutputTests.printed(OutputTests.columns, long, width: width)
            #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= width }, "at \(width)")
        }
        let cut = try OutputTests.printed(OutputTests.columns, long, width: 32)
        #expect(cut.contains("  8  a model with a n…  0.500000"), "\(cut)")
        let left = try OutputTests.printed(OutputTests.columns, long, width: 26)
        #expect(!left.contains("loss"))
        #expect(left.contains("  8  a model with a name …"), "\(left)")
    }

    @Test("what a reader came for stays on a narrow terminal, and sentences go on in the next line")
    func staying() throws {
        let rows: [[JSONValue]] = [[1, "iris", .float(0.25), "seed 1 → 9, and a rate that is half of what it was"]]
        let columns = OutputTests.columns.dropLast() + [TableColumn.essential("changed", least: 28)]
        let cut = try OutputTests.printed(Array(columns), rows, width: 44)
        #expect(cut == "run  model  changed\n  1  iris   seed 1 → 9, and a rate that is …\n")
        let wrapped = try OutputTests.printed(
            [.count("run"), .words("model"), .sentences("what")],
            rows.map {
                [$0[0], $0[1], $0[3]]
            }, width: 44)
        #expect(
            wrapped == """
                run  model  what
                  1  iris   seed 1 → 9, and a rate that is
                            half of what it was

                """)
    }

    @Test("JSON lists have an object a line, with hidden columns, in the order of the columns")
    func json() throws {
        #expect(try OutputTests.printed(OutputTests.columns, [], .json) == "[]\n")
        let text = try OutputTests.printed(OutputTests.columns, OutputTests.rows, .json)
        #expect(text.hasPrefix("[\n{\"run\":10,\"model\":\"iris\",\"loss\":0.25,\"uuid\":\"a\"},\n{\"run\":9"))
        let parsed = try JSONValue(parsing: text)
        #expect(parsed.array?.count == 2)
        #expect(parsed.array?[1]["loss"] == .null)
    }

    @Test("CSV quotes what it must, and writes NaN without quotes")
    func csv() throws {
        let text = try OutputTests.printed(
            OutputTests.columns, [[1, "a \"b\", c", .float(.nan), "x\ny"]], .csv)
        #expect(text == "run,model,loss,uuid\n1,\"a \"\"b\"\", c\",NaN,\"x\ny\"\n")
        #expect(try OutputTests.printed(OutputTests.columns, [], .csv) == "run,model,loss,uuid\n")
        #expect(CSVText.line([""]) == "\"\"")
    }

    @Test("control and bidirectional characters are spelt out in tables")
    func control() throws {
        let rows: [[JSONValue]] = [[1, "\u{1B}[31mred\u{9B}\u{202E}\r\n\t\u{7F}", .null, .null]]
        let text = try OutputTests.printed(OutputTests.columns, rows)
        #expect(text.contains("\\u{1B}[31mred\\u{9B}\\u{202E}\\r\\n\\t\\u{7F}"))
        #expect(try OutputTests.printed(OutputTests.columns, rows, .csv, isTerminal: true).contains("\\u{1B}[31m"))
        #expect(try OutputTests.printed(OutputTests.columns, rows, .csv).contains("\u{1B}[31m"))
        // A title may be the name of a class.
        let titled = try OutputTests.printed([.count("two\nlines"), .words("b")], [[1, "x"]])
        #expect(titled == "two\\nlines  b\n         1  x\n", "\(titled)")
    }

    @Test("a table of more than a thousand rows streams, and says all of them")
    func streaming() throws {
        let rows = (1...2500).map { [JSONValue($0), "m", .float(1), .null] as [JSONValue] }
        let text = try OutputTests.printed(OutputTests.columns, rows)
        #expect(text.split(separator: "\n").count == 2501)
        #expect(text.hasSuffix("2500  m      1.000000\n"))
    }

    @Test("a long value in a message is cut")
    func longLine() {
        let line = SafeText.line(String(repeating: "x", count: 5_000_000))
        #expect(line.count == 400 && line.hasSuffix("…"))
    }

    @Test(
        "widths of characters",
        arguments: [
            ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("👍🏽", 2), ("👨‍👩‍👧", 2), ("🇨🇭", 2), ("…–", 2),
            ("", 0),
        ])
    func widths(_ text: String, _ width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test("truncation counts columns, not characters")
    func truncation() {
        #expect(DisplayWidth.truncated("日本語", to: 5) == "日本…")
        #expect(DisplayWidth.truncated("日本語", to: 4) == "日…")
        #expect(DisplayWidth.truncated("日本語", to: 6) == "日本語")
        #expect(DisplayWidth.truncated("abc", to: 0) == "")
    }

    @Test("sentences break between words and keep their margin")
    func wrapping() {
        #expect(
            LineWrap.lines("  next: bpreg runs now", width: 14, indent: "      ") == [
                "  next: bpreg", "      runs now",
            ])
        #expect(LineWrap.lines("abcdefgh ij", width: 4, indent: "  ") == ["abcdefgh", "  ij"])
        #expect(LineWrap.lines("", width: 4, indent: "  ") == [""])
    }

    @Test("words that a shell would take apart are quoted")
    func shell() {
        #expect(ShellText.quoted("a/b-c.csv") == "a/b-c.csv")
        #expect(ShellText.quoted("it's here") == "'it'\\''s here'")
        #expect(ShellText.quoted("") == "''")
    }
}

/// Bytes gathered from an output.
final class Sink {
    var bytes: [UInt8] = []
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
