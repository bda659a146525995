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
            guard let start = values.baseAddress.map({ $0 + group.offset }), !rows.isEmpty else { return true }
            switch group.columns {
            case .u8(let columns):
                let tables = group.scales.map { scale in (0..<256).map { scale.encode(Double($0)) } }
                return QuickEncoding.withPointers(columns[...], []) { columns in
                    guard tables.joined().allSatisfy(\.isFinite) else {
                        return QuickEncoding.scale(columns, group.scales, rows, start, stride) { Double($0) }
                    }
                    QuickEncoding.look(columns, tables.flatMap { $0 }, rows, start, stride)
                    return true
                }
            case .f32(let columns):
                return QuickEncoding.withPointers(columns[...], []) {
                    QuickEncoding.scale($0, group.scales, rows, start, stride) { Double($0) }
                }
            case .f64(let columns):
                return QuickEncoding.withPointers(columns[...], []) {
                    QuickEncoding.scale($0, group.scales, rows, start, stride) { $0 }
                }
            }
        }
    }

    /// Writes what the tables have for each value.
    private static func look(
        _ columns: [UnsafePointer<UInt8>], _ tables: [Float], _ rows: [Int], _ start: UnsafeMutablePointer<Float>,
        _ stride: Int
    ) {
        columns.withUnsafeBufferPointer { columns in
            tables.withUnsafeBufferPointer { tables in
                var target = start
                for row in rows {
                    for index in 0..<columns.count { target[index] = tables[index << 8 | Int(columns[index][row])] }
                    target += stride
                }
            }
        }
    }

    /// Writes each value scaled.
    @inline(__always)
    private static func scale<Number>(
        _ columns: [UnsafePointer<Number>], _ scales: [Scale], _ rows: [Int], _ start: UnsafeMutablePointer<Float>,
        _ stride: Int, _ double: (Number) -> Double
    ) -> Bool {
        columns.withUnsafeBufferPointer { columns in
            scales.withUnsafeBufferPointer { scales in
                // x − x is 0 but for numbers that are not finite.
                var fault: Float = 0
                var target = start
                for row in rows {
                    for index in 0..<columns.count {
                        let scaled = scales[index].encode(double(columns[index][row]))
                        fault += scaled - scaled
                        target[index] = scaled
                    }
                    target += stride
                }
                return fault == 0
            }
        }
    }

    private static func withPointers<Number, Result>(
        _ columns: ArraySlice<[Number]>, _ pointers: [UnsafePointer<Number>],
        _ body: ([UnsafePointer<Number>]) -> Result
    ) -> Result {
        guard let first = columns.first else { return body(pointers) }
        return first.withUnsafeBufferPointer { numbers in
            // A table has a row, so that every column has a place.
            withPointers(columns.dropFirst(), pointers + [numbers.baseAddress].compactMap { $0 }, body)
        }
    }
}
