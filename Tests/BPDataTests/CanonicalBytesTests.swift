@testable import BPData
import Testing

@Suite struct CanonicalBytesTests {
    @Test func numbersAreLittleEndian() {
        #expect(
            Column(name: "a", values: .f64([1, -0.0])).canonicalBytes == [
                0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0x80,
            ])
        #expect(Column(name: "a", values: .f32([1, -2])).canonicalBytes == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
        #expect(Column(name: "a", values: .u8([0, 7, 255])).canonicalBytes == [0, 7, 255])
    }

    @Test func textsAreLengthAndUTF8() throws {
        let column = Column(name: "a", values: .text(try TextValues(["é", "", "ab"])))
        #expect(column.canonicalBytes == [2, 0, 0, 0, 0xC3, 0xA9, 0, 0, 0, 0, 2, 0, 0, 0, 0x61, 0x62])
    }

    @Test func everyBitComesBack() throws {
        var chance = Chance()
        for rows in [0, 1, 2, 257] {
            let doubles =
                (0..<rows).map { _ in Double(bitPattern: chance.bits()) } + [
                    0, -0.0, .leastNonzeroMagnitude, -.infinity, .nan,
                ]
            let floats =
                (0..<rows).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: chance.bits())) } + [
                    .leastNonzeroMagnitude, -0.0,
                ]
            let texts = (0..<rows).map { _ in chance.pick(["", "a", "日本", "\n", "e\u{301}", "é"]) }
            for values: Column.Values in [
                .f64(doubles), .f32(floats), .u8(floats.map { UInt8(truncatingIfNeeded: $0.bitPattern) }),
                .text(try TextValues(texts)),
            ] {
                let column = Column(name: "a", values: values)
                let back = try Column(
                    name: "a", type: column.type, rowCount: column.rowCount, canonicalBytes: column.canonicalBytes)
                #expect(back.type == column.type && back.rowCount == column.rowCount)
                #expect(back.canonicalBytes == column.canonicalBytes, "seed \(chance.seed)")
                #expect(back.texts == column.texts, "seed \(chance.seed)")
            }
        }
    }

    @Test(arguments: [
        (ColumnType.f64, 1, [UInt8](repeating: 0, count: 7)),
        (.f64, 1, [UInt8](repeating: 0, count: 16)),
        (.f32, 2, [0, 0, 0, 0]),
        (.u8, 3, [0, 0]),
        (.u8, -1, []),
        (.f64, Int.max, []),
        (.f64, Int.max / 4, []),
        (.text, 1, []),
        (.text, 1, [1, 0, 0]),
        (.text, 1, [1, 0, 0, 0]),
        (.text, 1, [2, 0, 0, 0, 0x61]),
        (.text, 1, [0xFF, 0xFF, 0xFF, 0xFF, 0x61]),
        (.text, 1, [1, 0, 0, 0, 0xFF]),
        (.text, 1, [1, 0, 0, 0, 0x61, 0]),
        (.text, 0, [0, 0, 0, 0]),
        (.text, Int.max, [0, 0, 0, 0]),
    ])
    func bytesThatDoNotMakeTheColumn(type: ColumnType, rows: Int, bytes: [UInt8]) throws {
        let error = try failure { try Column(name: "a", type: type, rowCount: rows, canonicalBytes: bytes) }
        #expect(error.kind == .corrupt)
        #expect(error.columnName == "a")
    }

    @Test func aTextAboveTheLimit() throws {
        let long = String(repeating: "x", count: (1 << 20) + 1)
        #expect(try failure { try TextValues(["a", long]) }.kind == .badValue)
        #expect(try TextValues([String(long.dropLast())]).count == 1)
    }

    @Test func damagedBytesNeverTrap() throws {
        var chance = Chance()
        let good = Column(name: "a", values: .text(try TextValues(["one", "zwei", "три", ""]))).canonicalBytes
        for _ in 0..<3_000 {
            var bytes = good
            bytes[chance.integer(0...bytes.count - 1)] ^= 1 << UInt8(chance.integer(0...7))
            if chance.integer(0...2) == 0 { bytes.removeLast(chance.integer(0...bytes.count)) }
            guard let column = try? Column(name: "a", type: .text, rowCount: 4, canonicalBytes: bytes) else { continue }
            #expect(column.canonicalBytes == bytes, "seed \(chance.seed)")
        }
    }
}
