/// What to do with a category that the training rows did not have.
public enum UnknownCategory: String, CaseIterable, Sendable {
    /// It is an error.
    case refuse
    /// All inputs of the column are 0.
    case zero
}

/// The network's inputs for some rows.
package struct EncodedInputs: Sendable {
    /// [rows × inputWidth], row-major.
    package let values: [Float]
    /// What must be said of them.
    package let remarks: InputRemarks
}

/// What must be said of encoded inputs.
package struct InputRemarks: Sendable {
    /// Columns of the table that are neither features nor the target.
    package let extraColumns: [String]
    /// How many values were unknown categories that became 0.
    package let zeroedCount: Int
    /// The first of them: where, and which.
    package let firstZeroed: DataError?
}

extension Encoding {
    /// Encodes `rows` of a table whose columns are matched by name, in any order.
    /// - Precondition: the rows are rows of the table.
    /// - Throws: `DataError` that lists the feature columns that are not there, or names the line, column and value
    ///   of a text where a number belongs, a number beyond float32, or a category never seen.
    package func encodeInputs(
        _ table: Table, rows: [Int], unknown: UnknownCategory = .refuse
    ) throws(DataError) -> EncodedInputs {
        let count = try Encoding.valueCount(rows: rows.count, width: inputWidth, of: "inputs", table)
        var values = [Float](repeating: 0, count: count)
        let width = inputWidth
        let remarks = try values.withUnsafeMutableBufferPointer { buffer throws(DataError) in
            try encodeInputs(table, rows: rows, unknown: unknown, into: buffer, stride: width)
        }
        return EncodedInputs(values: values, remarks: remarks)
    }

    /// Encodes them into memory that holds zeros: the position p of `rows` begins at p · stride.
    /// - Precondition: the memory holds rows × stride values, and a stride is no shorter than `inputWidth`.
    /// - Throws: as above.
    package func encodeInputs(
        _ table: Table, rows: [Int], unknown: UnknownCategory, into values: UnsafeMutableBufferPointer<Float>,
        stride: Int
    ) throws(DataError) -> InputRemarks {
        let indices = try matchingIndices(table)
        var zeroed = Zeroed()
        var offset = 0
        let isQuick = QuickEncoding(self, table, indices)?.write(rows, into: values, stride: stride) ?? false
        for (feature, index) in zip(features, indices) {
            switch feature {
            case .number where isQuick: break
            case .number(_, let scale):
                try Encoding.encode(table, index, rows, scale) { values[$0 * stride + offset] = $1 }
            case .categories(_, let categories):
                let lookup = ClassLookup(.texts(categories))
                for (position, row) in rows.enumerated() {
                    if let category = lookup.index(in: table.columns[index], row: row) {
                        values[position * stride + offset + category] = 1
                    } else {
                        try zeroed.add(unknown, table, index, row)
                    }
                }
            }
            offset += feature.width
        }
        let known = Set(features.map(\.name) + [target.name])
        return InputRemarks(
            extraColumns: (table.columns.map(\.name) + table.skippedColumns).filter { !known.contains($0) },
            zeroedCount: zeroed.count, firstZeroed: zeroed.first)
    }

    /// Refuses inputs that are not to be had: columns that are not there, or more than this machine's memory holds.
    package func checkInputs(_ table: Table, rows: Int) throws(DataError) {
        _ = try matchingIndices(table)
        _ = try Encoding.valueCount(rows: rows, width: inputWidth, of: "inputs", table)
    }

    /// rows × width float32 values.
    /// - Throws: `DataError` where they are beyond this machine's memory.
    static func valueCount(rows: Int, width: Int, of what: String, _ table: Table) throws(DataError) -> Int {
        guard let count = Memory.count(rows: rows, width: width, bytes: 4) else {
            throw DataError(
                .unusable,
                "\(Visible.grouped(rows)) rows of \(Visible.grouped(width)) \(what) do not fit into this machine's memory",
                file: table.file)
        }
        return count
    }

    /// Scales a numeric column, and hands over each row's position in `rows` with its number.
    static func encode(
        _ table: Table, _ index: Int, _ rows: [Int], _ scale: Scale, store: (Int, Float) -> Void
    ) throws(DataError) {
        let column = table.columns[index]
        for (position, row) in rows.enumerated() {
            guard let number = column.number(at: row) else {
                let value = Visible.quoted(column.text(at: row))
                throw table.error(
                    .badValue, "\(value) is not a number, as the column was in training", column: index, row: row)
            }
            let scaled = scale.encode(number)
            guard scaled.isFinite else {
                throw table.error(
                    .badValue, "\(column.text(at: row)) is beyond the range of a float32 once it is scaled",
                    column: index, row: row)
            }
            store(position, scaled)
        }
    }

    private func matchingIndices(_ table: Table) throws(DataError) -> [Int] {
        var indices: [String: Int] = [:]
        for (index, column) in table.columns.enumerated() { indices[column.name] = index }
        let missing = features.map(\.name).filter { indices[$0] == nil }
        guard missing.isEmpty else {
            throw DataError(
                .unknownColumn,
                "\(missing.count == 1 ? "a column" : "columns") that the model needs \(missing.count == 1 ? "is" : "are") not there: "
                    + "\(Visible.list(missing)); the columns are: \(Visible.list(table.columns.map(\.name) + table.skippedColumns))",
                file: table.file, columnName: missing[0])
        }
        return features.compactMap { indices[$0.name] }
    }
}

/// Counts categories that become 0, and keeps the first.
private struct Zeroed {
    var count = 0
    var first: DataError?

    mutating func add(_ unknown: UnknownCategory, _ table: Table, _ index: Int, _ row: Int) throws(DataError) {
        if unknown == .zero && first != nil {
            count += 1
            return
        }
        let value = Visible.quoted(table.columns[index].text(at: row))
        var error = table.error(
            .unseen, "\(value) is a category that the training rows did not have", column: index, row: row)
        error.remedy = .unknownZero
        if unknown == .refuse { throw error }
        first = error
        count = 1
    }
}
