/// Encodes the numeric features a few columns at a time, so that each line of memory is written once; the numbers are
/// those that `Scale.encode` gives, for a u8 column from a table of all 256.
struct QuickEncoding {
    /// Columns as many as share a line of the cache.
    private static let groupSize = 16

    /// Neighbouring numeric features whose columns have one type.
    private struct Group {
        var offset: Int
        var scales: [Scale]
        var columns: Columns
    }

    private enum Columns {
        case u8([[UInt8]])
        case f32([[Float]])
        case f64([[Double]])
    }

    private let groups: [Group]

    /// Nil where a numeric feature's column is text: whoever goes slowly finds the first error.
    init?(_ encoding: Encoding, _ table: Table, _ indices: [Int]) {
        var groups: [Group] = []
        var offset = 0
        for (feature, index) in zip(encoding.features, indices) {
            if case .number(_, let scale) = feature {
                guard let columns = QuickEncoding.columns(table.columns[index].values) else { return nil }
                if let last = groups.last, last.offset + last.scales.count == offset,
                    last.scales.count < QuickEncoding.groupSize,
                    let joined = QuickEncoding.join(last.columns, columns)
                {
                    groups[groups.count - 1].columns = joined
                    groups[groups.count - 1].scales.append(scale)
                } else {
                    groups.append(Group(offset: offset, scales: [scale], columns: columns))
                }
            }
            offset += feature.width
        }
        self.groups = groups
    }

    private static func columns(_ values: Column.Values) -> Columns? {
        switch values {
        case .u8(let numbers): .u8([numbers])
        case .f32(let numbers): .f32([numbers])
        case .f64(let numbers): .f64([numbers])
        case .text: nil
        }
    }

    private static func join(_ columns: Columns, _ other: Columns) -> Columns? {
        switch (columns, other) {
        case (.u8(let left), .u8(let right)): .u8(left + right)
        case (.f32(let left), .f32(let right)): .f32(left + right)
        case (.f64(let left), .f64(let right)): .f64(left + right)
        default: nil
        }
    }

    /// Writes all of them.
    /// - Returns: false if a number is beyond float32 once it is scaled; what was written then means nothing.
    func write(_ rows: [Int], into values: UnsafeMutableBufferPointer<Float>, stride: Int) -> Bool {
        groups.allSatisfy { group in
            let offset = group.offset
            switch group.columns {
            case .u8(let columns):
                let tables = group.scales.flatMap { scale in (0..<256).map { scale.encode(Double($0)) } }
                guard tables.allSatisfy(\.isFinite) else {
                    return QuickEncoding.write(columns, rows, into: values, offset, stride) {
                        group.scales[$0].encode(Double($1))
                    }
                }
                return tables.withUnsafeBufferPointer { tables in
                    QuickEncoding.write(columns, rows, into: values, offset, stride) { tables[$0 << 8 | Int($1)] }
                }
            case .f32(let columns):
                return QuickEncoding.write(columns, rows, into: values, offset, stride) {
                    group.scales[$0].encode(Double($1))
                }
            case .f64(let columns):
                return QuickEncoding.write(columns, rows, into: values, offset, stride) { group.scales[$0].encode($1) }
            }
        }
    }

    @inline(__always)
    private static func write<Number>(
        _ columns: [[Number]], _ rows: [Int], into values: UnsafeMutableBufferPointer<Float>, _ offset: Int,
        _ stride: Int, _ encode: (Int, Number) -> Float
    ) -> Bool {
        withPointers(columns[...], []) { pointers in
            // A number that is not finite makes the sum of these so: x − x is 0 for all others.
            var fault: Float = 0
            for (position, row) in rows.enumerated() {
                let start = position * stride + offset
                for index in pointers.indices {
                    let scaled = encode(index, pointers[index][row])
                    fault += scaled - scaled
                    values[start + index] = scaled
                }
            }
            return fault == 0
        }
    }

    private static func withPointers<Number, Result>(
        _ columns: ArraySlice<[Number]>, _ pointers: [UnsafeBufferPointer<Number>],
        _ body: ([UnsafeBufferPointer<Number>]) -> Result
    ) -> Result {
        guard let first = columns.first else { return body(pointers) }
        return first.withUnsafeBufferPointer { withPointers(columns.dropFirst(), pointers + [$0], body) }
    }
}
