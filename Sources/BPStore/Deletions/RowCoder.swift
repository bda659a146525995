import BPSQLite

/// Rows as bytes: of each value its type (u8: 0 NULL, 1 integer, 2 real, 3 text, 4 blob), then an integer or the bits of
/// a real as 8 bytes, or the length (u32) and the bytes of a text (UTF-8) or a blob. All numbers are little-endian.
enum RowCoder {
    static func append(_ value: SQLiteValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(0)
        case .integer(let number):
            bytes.append(1)
            append(UInt64(bitPattern: number), to: &bytes)
        case .real(let number):
            bytes.append(2)
            append(number.bitPattern, to: &bytes)
        case .text(let text):
            bytes.append(3)
            append(UInt32(text.utf8.count), to: &bytes)
            bytes.append(contentsOf: text.utf8)
        case .blob(let blob):
            bytes.append(4)
            append(UInt32(blob.count), to: &bytes)
            bytes.append(contentsOf: blob)
        }
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The rows of these bytes; nil if they are not `count` rows of `width` values.
    static func rows(_ bytes: [UInt8], width: Int, count: Int) -> [[SQLiteValue]]? {
        var reader = Reader(rest: bytes[...])
        var rows: [[SQLiteValue]] = []
        for _ in 0..<count {
            var row: [SQLiteValue] = []
            row.reserveCapacity(width)
            for _ in 0..<width {
                guard let value = reader.next() else { return nil }
                row.append(value)
            }
            rows.append(row)
        }
        return reader.rest.isEmpty ? rows : nil
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func next() -> SQLiteValue? {
            guard let type = rest.popFirst() else { return nil }
            switch type {
            case 0: return .null
            case 1: return number(UInt64.self).map { .integer(Int64(bitPattern: $0)) }
            case 2: return number(UInt64.self).map { .real(Double(bitPattern: $0)) }
            case 3: return blob().flatMap { String(validating: $0, as: UTF8.self) }.map { .text($0) }
            case 4: return blob().map { .blob(Array($0)) }
            default: return nil
            }
        }

        private mutating func blob() -> ArraySlice<UInt8>? {
            guard let count = number(UInt32.self), count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(Int(count)) }
            return rest.prefix(Int(count))
        }

        private mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
            let width = Number.bitWidth / 8
            guard rest.count >= width else { return nil }
            defer { rest = rest.dropFirst(width) }
            return rest.prefix(width).reversed().reduce(0) { $0 << 8 | Number($1) }
        }
    }
}
