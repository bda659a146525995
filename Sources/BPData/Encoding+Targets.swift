extension Encoding {
    /// The network's targets for `rows`: [rows × outputWidth], row-major. Classes are 1 for the row's own and 0 for the
    /// others (a single output: 1 for the second class), numbers are standardised.
    /// - Precondition: the rows are rows of the table.
    /// - Throws: `DataError` if the target is not there, or with line, column and value of a class that the training
    ///   rows did not have or a value that is no number.
    package func encodeTargets(_ table: Table, rows: [Int]) throws(DataError) -> [Float] {
        let width = outputWidth
        let count = try Encoding.valueCount(rows: rows.count, width: width, of: "outputs", table)
        var values = [Float](repeating: 0, count: count)
        switch target {
        case .number(let name, let scale):
            let index = try table.requiredIndex(ofColumn: name, as: "target")
            try Encoding.encode(table, index, rows, scale) { values[$0] = $1 }
        case .classes(_, _, let hasSingleOutput):
            for (position, label) in try classIndices(table, rows: rows).enumerated() {
                if hasSingleOutput { values[position] = Float(label) } else { values[position * width + label] = 1 }
            }
        }
        return values
    }

    /// The class of each of `rows`, as an index into `classes`.
    /// - Throws: `DataError` if this is a regression, the target is not there, or a class was never seen.
    package func classIndices(_ table: Table, rows: [Int]) throws(DataError) -> [Int] {
        guard case .classes(let name, let labels, _) = target else {
            throw DataError(.unusable, "a regression has no classes", columnName: target.name)
        }
        let index = try table.requiredIndex(ofColumn: name, as: "target")
        try table.checkClassNames(index)
        let lookup = ClassLookup(labels)
        var classes: [Int] = []
        classes.reserveCapacity(rows.count)
        for row in rows {
            guard let label = lookup.index(in: table.columns[index], row: row) else {
                let value = Visible.quoted(table.columns[index].text(at: row))
                throw table.error(
                    .unseen, "\(value) is none of the classes: \(Visible.list(labels.names))", column: index, row: row)
            }
            classes.append(label)
        }
        return classes
    }

    /// The target of each of `rows` in its own units.
    /// - Throws: `DataError` if the target is not there or is no number.
    package func targetNumbers(_ table: Table, rows: [Int]) throws(DataError) -> [Double] {
        let index = try table.requiredIndex(ofColumn: target.name, as: "target")
        var numbers: [Double] = []
        numbers.reserveCapacity(rows.count)
        for row in rows {
            guard let number = table.columns[index].number(at: row) else {
                let value = Visible.quoted(table.columns[index].text(at: row))
                throw table.error(.badValue, "\(value) is not a number", column: index, row: row)
            }
            numbers.append(number)
        }
        return numbers
    }
}
