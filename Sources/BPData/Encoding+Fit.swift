/// A fitted encoding, and what must be said about it.
package struct FittedEncoding: Sendable {
    /// The encoding.
    package let encoding: Encoding
    /// A line for each kind of trouble, naming the columns: features that are constant, or that float32 holds badly.
    package let warnings: [String]
}

extension Encoding {
    /// Fits an encoding on the training `rows` of a table.
    ///
    /// Numeric columns are standardised, text columns become one input a category.
    /// - Parameters:
    ///   - features: the feature columns; all but the target if nil.
    ///   - hasSingleOutput: one output for two classes instead of one for each.
    /// - Throws: `DataError` if a column is not there, a text column has more than 1,000 categories, the target is
    ///   constant in `rows`, numbers are beyond float32, or no feature varies.
    package static func fit(
        _ table: Table, target: String, task: LearningTask, rows: [Int], features: [String]? = nil,
        hasSingleOutput: Bool = false
    ) throws(DataError) -> FittedEncoding {
        let targetIndex = try table.requiredIndex(ofColumn: target, as: "target")
        guard rows.count >= 2 else {
            throw DataError(
                .unusable, "\(Visible.count(rows.count, "row")) for training; at least 2 are needed", file: table.file
            )
        }
        let indices = try featureIndices(table, features, targetIndex)
        var fitted: [Feature] = []
        var columnsByWarning: [(warning: String, columns: [String])] = []
        var reasons: [String] = []
        var varies = false
        func warn(_ variation: Variation, _ name: String) {
            guard let warning = variation.warning else { return }
            if let known = columnsByWarning.firstIndex(where: { $0.warning == warning }) {
                columnsByWarning[known].columns.append(name)
            } else {
                columnsByWarning.append((warning, [name]))
            }
        }
        for index in indices {
            let feature = try fitFeature(table, index, rows)
            let variation = Variation(table.columns[index], feature, rows: rows)
            varies = varies || feature.varies
            if let reason = variation.reason { reasons.append("\(Visible.text(feature.name)) \(reason)") }
            warn(variation, feature.name)
            fitted.append(feature)
        }
        guard varies else {
            throw DataError(
                .unusable,
                "no feature column varies in the training rows"
                    + (reasons.isEmpty ? "" : ": " + reasons.prefix(3).joined(separator: "; ")), file: table.file)
        }
        let fittedTarget = try fitTarget(table, targetIndex, task, rows, hasSingleOutput)
        if case .number(let name, let scale) = fittedTarget {
            warn(Variation(table.columns[targetIndex], .number(name: name, scale: scale), rows: rows), name)
        }
        return FittedEncoding(
            encoding: Encoding(features: fitted, target: fittedTarget),
            warnings: columnsByWarning.map { "\($0.warning): \(Visible.list($0.columns))" })
    }

    private static func featureIndices(
        _ table: Table, _ names: [String]?, _ target: Int
    ) throws(DataError) -> [Int] {
        var indices: [Int] = []
        if let names {
            for name in names {
                let index = try table.requiredIndex(ofColumn: name, as: "feature")
                if index == target || indices.contains(index) {
                    throw DataError(
                        .unusable, index == target ? "the target cannot be a feature" : "the feature is named twice",
                        file: table.file, columnName: name, columnNumber: table.columnNumber(index))
                }
                indices.append(index)
            }
        } else {
            indices = table.columns.indices.filter { $0 != target }
        }
        if indices.isEmpty {
            throw DataError(.unusable, "there is no column to learn from beside the target", file: table.file)
        }
        return indices
    }

    private static func fitFeature(_ table: Table, _ index: Int, _ rows: [Int]) throws(DataError) -> Feature {
        let column = table.columns[index]
        guard column.type == .text else {
            return .number(name: column.name, scale: try fitScale(table, index, rows))
        }
        guard case .texts(let categories) = ClassLabels.distinct(in: column, rows: rows) else {
            throw table.refuse(index, column.excess)
        }
        return .categories(name: column.name, categories)
    }

    private static func fitScale(_ table: Table, _ index: Int, _ rows: [Int]) throws(DataError) -> Scale {
        let column = table.columns[index]
        guard let scale = Scale(fitting: rows.compactMap { column.number(at: $0) }) else {
            throw table.refuse(
                index, "its mean or standard deviation is beyond the range of a float32; rescale the column")
        }
        return scale
    }

    private static func fitTarget(
        _ table: Table, _ index: Int, _ task: LearningTask, _ rows: [Int], _ hasSingleOutput: Bool
    ) throws(DataError) -> Target {
        let column = table.columns[index]
        if task == .regression {
            if column.type == .text {
                throw table.error(.badValue, "regression needs numbers", column: index, row: rows[0])
            }
            let scale = try fitScale(table, index, rows)
            let variation = Variation(column, .number(name: column.name, scale: scale), rows: rows)
            if scale.deviation == 0 || variation == .offCentre {
                throw table.refuse(index, "the target \(variation.predicate ?? "is constant in the training rows")")
            }
            return .number(name: column.name, scale: scale)
        }
        guard let labels = ClassLabels.distinct(in: column, rows: rows) else {
            throw table.refuse(index, "the target has more than \(Visible.grouped(ClassLabels.limit)) classes")
        }
        if labels.count < 2 {
            throw table.refuse(index, "the training rows have one class only, \(Visible.quoted(labels.name(0)))")
        }
        if hasSingleOutput, labels.count != 2 {
            throw table.refuse(index, "a single output tells 2 classes apart, and the target has \(labels.count)")
        }
        return .classes(name: column.name, labels, hasSingleOutput: hasSingleOutput)
    }
}

extension Encoding.Feature {
    fileprivate var varies: Bool {
        switch self {
        case .number(_, let scale): scale.deviation > 0
        case .categories(_, let categories): categories.count > 1
        }
    }
}

extension Table {
    /// An error about a whole column.
    func refuse(_ index: Int, _ message: String) -> DataError {
        DataError(
            .unusable, message, file: file, columnName: columns[index].name, columnNumber: columnNumber(index))
    }
}
