import Testing

@testable import BPData

@Suite struct QuickEncodingTests {
    /// Columns of all types side by side, more than are written at a time, with a text among them.
    @Test func theNumbersAreThoseOfTheScale() throws {
        var chance = Chance()
        let rows = 50
        var columns: [Column] = []
        for index in 0..<60 {
            let values: Column.Values
            switch chance.integer(0...4) {
            case 0: values = .f64((0..<rows).map { _ in Double(chance.integer(-1_000_000...1_000_000)) / 7 })
            case 1: values = .f32((0..<rows).map { _ in Float(chance.integer(-1_000...1_000)) / 3 })
            case 2 where index > 20: values = .text(try TextValues((0..<rows).map { "\($0 % 3)" }))
            default: values = .u8((0..<rows).map { _ in UInt8(chance.integer(0...255)) })
            }
            columns.append(Column(name: "c\(index)", values: values))
        }
        columns.append(Column(name: "t", values: .u8((0..<rows).map { UInt8($0 % 2) })))
        let table = try Table(name: "t", columns: columns)
        let chosen = (0..<rows).filter { $0 % 3 != 0 }
        let encoding = try Encoding.fit(table, target: "t", task: .classification, rows: chosen).encoding
        let stride = encoding.inputWidth + 5
        var values = [Float](repeating: 0, count: chosen.count * stride)
        _ = try values.withUnsafeMutableBufferPointer {
            try encoding.encodeInputs(table, rows: chosen, unknown: .refuse, into: $0, stride: stride)
        }
        let dense = try encoding.encodeInputs(table, rows: chosen).values
        var offset = 0
        for (feature, column) in zip(encoding.features, columns) {
            for (position, row) in chosen.enumerated() {
                let (wide, narrow) = (
                    values[position * stride + offset], dense[position * encoding.inputWidth + offset]
                )
                #expect(wide.bitPattern == narrow.bitPattern, "seed \(chance.seed)")
                guard case .number(_, let scale) = feature, let number = column.number(at: row) else { continue }
                #expect(wide.bitPattern == scale.encode(number).bitPattern, "seed \(chance.seed)")
            }
            offset += feature.width
        }
        let padding = (0..<chosen.count).allSatisfy { position in
            values[position * stride + encoding.inputWidth..<(position + 1) * stride].allSatisfy { $0 == 0 }
        }
        #expect(padding)
    }

    @Test func theFirstNumberBeyondFloat32IsNamed() throws {
        let text = "a,b,t\n" + (0..<20).map { "\($0),\(Double($0) * 1e-30),\($0 % 2)\n" }.joined()
        let encoding = try Encoding.fit(
            table(text), target: "t", task: .classification, rows: Array(0..<20)
        ).encoding
        let error = try failure {
            try encoding.encodeInputs(table("a,b\n1,1e-30\n2,1e30\n1e300,1e30\n"), rows: [0, 1, 2])
        }
        #expect(error.columnName == "a" && error.line == 4, "columns first, as they stand: \(error)")
    }
}
