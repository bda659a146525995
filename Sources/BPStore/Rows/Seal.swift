import BPSQLite

/// Makes the seals of rows.
///
/// A seal is the SHA-256 of the table's name, the number of its key columns as below and, for each column that is not
/// NULL, its place (u16), its type (u8: 1 integer, 2 real, 3 text, 4 blob) and its value. Integers and the bits of
/// reals are 8 bytes; text (UTF-8) and blobs are preceded by their length (u64). All numbers are little-endian.
struct Sealer: ~Copyable {
    private var hash = SHA256()
    private var bytes: [UInt8] = []

    /// The seal of a row with these values, in the order of `table.columns`.
    mutating func seal(_ table: SealedTable, _ values: [SQLiteValue]) -> SHA256Digest {
        bytes.removeAll(keepingCapacity: true)
        append(UInt64(table.name.utf8.count))
        bytes.append(contentsOf: table.name.utf8)
        for (place, value) in values.prefix(table.columns.count).enumerated() {
            switch value {
            case .null: continue
            case .integer(let number):
                begin(place, 1)
                append(UInt64(bitPattern: number))
            case .real(let number):
                // SQLite stores −0.0 as 0.0.
                begin(place, 2)
                append((number == 0 ? 0 : number).bitPattern)
            case .text(let text):
                begin(place, 3)
                append(UInt64(text.utf8.count))
                bytes.append(contentsOf: text.utf8)
            case .blob(let blob):
                begin(place, 4)
                append(UInt64(blob.count))
                bytes.append(contentsOf: blob)
            }
        }
        hash.update(bytes)
        return hash.finish()
    }

    private mutating func begin(_ place: Int, _ type: UInt8) {
        bytes.append(UInt8(truncatingIfNeeded: place))
        bytes.append(UInt8(truncatingIfNeeded: place >> 8))
        bytes.append(type)
    }

    private mutating func append(_ value: UInt64) {
        // Eight appends are several times as fast as one of a sequence.
        for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte)))) }
    }
}
