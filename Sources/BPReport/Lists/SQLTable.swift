package import BPJSON
package import BPRegistry

/// The answer to a statement of SQL as a table.
package enum SQLTable {
    /// The columns of these names, which take their alignment from the first row.
    package static func columns(_ names: [String], first: [SQLCell]) -> [TableColumn] {
        distinct(names).enumerated().map { index, name in
            column(name, isNumber: index < first.count && first[index].isNumber)
        }
    }

    /// A row's values.
    package static func values(_ row: [SQLCell]) -> [JSONValue] { row.map(\.json) }

    /// Whole numbers and measures to the right, the rest to the left.
    private static func column(_ name: String, isNumber: Bool) -> TableColumn {
        TableColumn(
            key: name, title: SafeText.escaped(name), alignment: isNumber ? .right : .left, shrinks: !isNumber
        ) { value in
            if case .double(let number) = value { return NumberText.measure(number) }
            return TableColumn.plainText(value)
        }
    }

    /// The names, with a number behind a repeated one, because the members of a JSON object differ.
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
