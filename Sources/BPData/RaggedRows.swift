/// Rows that have another number of fields than the header.
struct RaggedRows {
    private let width: Int
    private var count = 0
    private var first: (line: Int, fields: Int)?
    private var haveSameCount = true
    private var endEmpty = true

    init(width: Int) { self.width = width }

    var isEmpty: Bool { count == 0 }

    /// Adds the scanner's row.
    mutating func add(_ scanner: CSVScanner) {
        let fields = scanner.fields
        first = first ?? (fields[0].line, fields.count)
        haveSameCount = haveSameCount && fields.count == first?.fields
        endEmpty = endEmpty && fields.last.map { FieldKind.isEmpty(scanner.bytes(of: $0)) } == true
        count += 1
    }

    /// The error about them.
    /// - Parameters:
    ///   - total: how many rows there are; nil if the file could not be read to its end.
    func error(total: Int?, separator: UInt8) -> DataError? {
        guard let first else { return nil }
        let expected = Visible.grouped(width)
        var error = DataError(.malformed, "", line: first.line)
        if count == total, count > 1 {
            let found = haveSameCount ? Visible.count(first.fields, "field") : "another number of fields"
            error.message = "all \(Visible.grouped(count)) rows have \(found), and the header has \(expected)"
            if haveSameCount, first.fields == width + 1, endEmpty {
                error.message += ": each row ends with a separator that the header does not have"
                error.remedy = .trailingSeparator(String(decoding: [separator], as: UTF8.self))
            }
        } else if count == 1 {
            error.message = "\(Visible.count(first.fields, "field")) found, \(expected) expected, as in the header"
        } else {
            error.message =
                "\(Visible.grouped(count)) \(total.map { "of \(Visible.grouped($0)) " } ?? "")rows do not have the "
                + "\(Visible.count(width, "field")) of the header; the first has \(Visible.grouped(first.fields))"
        }
        return error
    }
}
