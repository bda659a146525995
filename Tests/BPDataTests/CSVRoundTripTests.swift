import BPData
import Testing

/// Tables made by chance, written as CSV in one of many ways, and read back.
@Suite struct CSVRoundTripTests {
    @Test func generatedTablesReadBack() throws {
        var chance = Chance()
        for _ in 0..<150 {
            let rows = chance.integer(1...12)
            let names = (0..<chance.integer(1...6)).map { "\(word(&chance))\($0)" }
            let columns = names.map { _ in column(&chance, rows) }
            let text = write(names, columns, &chance)
            let types = Dictionary(
                uniqueKeysWithValues: zip(names, columns).filter { !$0.1.isNumeric }.map { ($0.0, ColumnType.text) })
            let read = try table(text, types: types)
            #expect(read.columns.map(\.name) == names, "seed \(chance.seed)")
            for (column, found) in zip(columns, read.columns) {
                #expect(found.type.isNumeric == column.isNumeric, "seed \(chance.seed)")
                if column.isNumeric {
                    let expected = column.values.map { Double($0)?.bitPattern }
                    #expect(found.numbers.map(\.bitPattern) == expected, "seed \(chance.seed)")
                } else {
                    #expect(
                        found.texts.map { Array($0.utf8) } == column.values.map { Array($0.utf8) },
                        "seed \(chance.seed)")
                }
            }
        }
    }

    private struct Generated {
        let isNumeric: Bool
        let values: [String]
    }

    private func column(_ chance: inout Chance, _ rows: Int) -> Generated {
        let kind = chance.integer(0...3)
        let values = (0..<rows).map { _ in
            switch kind {
            case 0: String(chance.integer(0...255))
            case 1: chance.finiteDouble().description
            case 2: Float(chance.integer(-999...999)).description
            default: word(&chance)
            }
        }
        return Generated(isNumeric: kind < 3, values: values)
    }

    private func word(_ chance: inout Chance) -> String {
        let letters = [
            "a", "Z", "é", "e\u{301}", "日", "🧪", "\"", "\"\"", ",", ";", "\n", "\r\n", "\r", "\t", " ", "\u{7F}", "-",
            "x",
        ]
        return "w" + (0..<chance.integer(0...6)).map { _ in chance.pick(letters) }.joined() + "w"
    }

    private func write(_ names: [String], _ columns: [Generated], _ chance: inout Chance) -> String {
        let end = chance.pick(["\n", "\r\n", "\r"])
        let quotesAll = chance.integer(0...1) == 0
        func field(_ text: String) -> String {
            // A comma-free header would let other characters speak as separators, so names are quoted.
            let needsQuotes = text.unicodeScalars.contains { "\",;\n\r\t".unicodeScalars.contains($0) }
            guard needsQuotes || quotesAll else { return text }
            return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        }
        let rows = columns[0].values.indices.map { row in columns.map { field($0.values[row]) }.joined(separator: ",") }
        let text = ([names.map(field).joined(separator: ",")] + rows).joined(separator: end)
        return chance.pick(["", "\u{FEFF}"]) + text + chance.pick(["", end, end + end])
    }
}
