import BPJSON
import BPSQLite

/// A place in a sorted list: the sort key of a row and its number. The page after a place holds the same rows even if
/// rows before it were added or deleted.
package struct ListToken: Sendable, Equatable {
    package let id: Int
    /// The values by which the list is sorted; empty in the list's own order.
    let key: [SQLiteValue]

    init(id: Int, key: [SQLiteValue] = []) { (self.id, self.key) = (id, key) }
}

extension ListToken: LosslessStringConvertible {
    /// The token as text, for a link to the next page.
    package var description: String {
        let values = key.map { value -> JSONValue in
            switch value {
            case .null: .null
            case .integer(let number): .integer(number)
            // Bits preserve every value.
            case .real(let number): ["real": .integer(Int64(bitPattern: number.bitPattern))]
            case .text(let text): .string(text)
            case .blob(let bytes): ["blob": .string(hexText(bytes))]
            }
        }
        return JSONValue.array([.integer(Int64(id))] + values).serialized
    }

    /// Reads a token's text; nil if the text is not a token.
    package init?(_ description: String) {
        guard let parts = try? JSONValue(parsing: description).array, let id = parts.first?.int else { return nil }
        var key: [SQLiteValue] = []
        for part in parts.dropFirst() {
            switch part {
            case .null: key.append(.null)
            case .integer(let number): key.append(.integer(number))
            case .string(let text): key.append(.text(text))
            default:
                if case .integer(let bits)? = part["real"] {
                    key.append(.real(Double(bitPattern: UInt64(bitPattern: bits))))
                } else if let bytes = part["blob"]?.string.flatMap({ hexBytes($0) }) {
                    key.append(.blob(bytes))
                } else {
                    return nil
                }
            }
        }
        self.init(id: id, key: key)
    }
}
