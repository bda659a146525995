/// The values of a column that differ from those of the file, because its type does not hold them.
package struct Rounding: Sendable, Hashable {
    /// A value of the file and where it is.
    package struct Example: Sendable, Hashable {
        /// As the file has it, shortened.
        let text: String
        let line: Int?
        /// From 1, of data without lines.
        let row: Int?
        /// The value in the column.
        let value: Double

        var place: String { line.map { "line \($0)" } ?? "row \(Visible.grouped(row ?? 1))" }
    }

    /// float64, or a float32 that was asked for.
    let type: ColumnType
    /// How many values have more digits than the type holds, or became 0.
    package private(set) var count = 0
    /// The first of them.
    package private(set) var first: Example?
    /// The first value of 16 or 17 digits that is printed with others. It is sound as a number, but no name of a class.
    package private(set) var respelt: Example?

    init(_ type: ColumnType) { self.type = type }

    mutating func add(_ example: @autoclosure () -> Example) {
        first = first ?? example()
        count += 1
    }

    mutating func addRespelt(_ example: Example) { respelt = respelt ?? example }

    /// One sentence on the rounded values of some columns; nil if there are none.
    static func note(on columns: [Column]) -> String? {
        let rounded = columns.compactMap { column in
            column.rounding.flatMap { rounding in rounding.first.map { (column.name, rounding, $0) } }
        }
        guard let (_, rounding, example) = rounded.first else { return nil }
        let count = rounded.reduce(0) { $0 + $1.1.count }
        let names = rounded.map { rounded.count == 1 ? $0.0 : "\($0.0) (\(Visible.grouped($0.1.count)))" }
        let areFloats = rounded.allSatisfy { $0.1.type == .f32 }
        return "\(Visible.count(count, "value")) \(count == 1 ? "has" : "have") more digits than a "
            + "\(areFloats ? "float32" : rounding.type == .f32 ? "float32 or float64" : "float64") holds and "
            + "\(count == 1 ? "is" : "are") rounded, in \(Visible.list(names)): "
            + (count == 1
                ? "\(example.text) on \(example.place) is read as "
                : "the first, \(example.text) on \(example.place), is read as ")
            + Column.spelling(of: example.value)
    }
}

extension Table {
    /// Refuses classes that would have another name than their values in the file.
    func checkClassNames(_ index: Int) throws(DataError) {
        guard let rounding = columns[index].rounding, let example = rounding.first ?? rounding.respelt else { return }
        let type = rounding.type == .f32 ? "float32" : "float64"
        var error = DataError(
            .badValue,
            "\(example.text) would be the class \(Column.spelling(of: example.value)), since a \(type) does not hold all "
                + "its digits: classes need exact values",
            file: file, line: example.line, columnName: columns[index].name, columnNumber: columnNumber(index),
            value: example.text)
        error.row = example.row
        error.remedy = .text
        throw error
    }
}
