import BPJSON
import BPQuery
import BPSQLite

/// A field of the rows of a list: one of the names of docs/query.md.
package struct ListedField: Sendable, Equatable {
    /// The name as it was written.
    package let name: String
    /// The kind of its values.
    package let kind: Kind
    /// Whether it is a setting of a run.
    package let isSetting: Bool
    let field: SQLField

    /// The kinds of values.
    package enum Kind: Sendable { case number, measure, text, hash, truth, time }

    init(_ field: SQLField) {
        (name, self.field) = (field.name, field)
        isSetting = field.forms[0].access.value.text.contains(" FROM setting AS ")
        kind =
            switch field.forms[0].type {
            case .number: .number
            case .measure: .measure
            case .text, .mixed, .choice: .text
            case .hash: .hash
            case .truth: .truth
            case .time: .time
            }
    }

    /// Whether two names mean the same thing, as `created` and `started` do.
    package func means(_ other: ListedField) -> Bool {
        field.forms.map(\.access.value) == other.field.forms.map(\.access.value)
    }

    package static func == (one: ListedField, other: ListedField) -> Bool { one.name == other.name }
}

/// A value of a field.
package enum FieldValue: Sendable, Hashable {
    /// There is no value.
    case missing
    /// A measure that is NaN.
    case notANumber
    case number(Double)
    case integer(Int64)
    case text(String)
    case truth(Bool)
    /// The values of a field that may have several.
    case several([FieldValue])

    /// A number as a Double.
    package var double: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
}

extension ListedKeys {
    /// The fields of these names; a name that nothing has is left out.
    package func fields(_ names: [String]) throws -> [ListedField] {
        try names.compactMap { try vocabulary.field($0).map(ListedField.init) }
    }

    /// The fields that a person named as columns, separated by commas.
    /// - Throws: `QueryError`.
    package func columnFields(_ text: String) throws -> [ListedField] {
        try QueryNames(text, .columns, vocabulary).fields.map(ListedField.init)
    }

    /// The fields by which a person groups the rows, separated by commas.
    /// - Throws: `QueryError`.
    package func groupFields(_ text: String) throws -> [ListedField] {
        try QueryNames(text, .groups, vocabulary).fields.map(ListedField.init)
    }

    /// The fields by which the rows are sorted, the first key first.
    package func sortFields() throws -> [ListedField] {
        try query.sort.map { try QuerySort($0, vocabulary).keys.map { ListedField($0.field) } } ?? []
    }

    /// The values of fields in the rows of these numbers, by row, in the order of the fields.
    package func values(of fields: [ListedField], in ids: [Int]) throws -> [Int: [FieldValue]] {
        guard !fields.isEmpty, !ids.isEmpty else { return [:] }
        let readers = fields.map { FieldReader($0.field) }
        let list = readers.flatMap(\.expressions).reduce(SQLFragment("\(table).id")) { $0 + ", " + $1 }
        let statement =
            "SELECT " + list + " FROM \(table)"
            + SQLFragment(" WHERE \(table).id IN (SELECT value FROM json_each(?))", [.text(store.list(ids))])
        var values: [Int: [FieldValue]] = [:]
        try store.connection.query(statement.text, statement.bindings) { row in
            var column = 1
            let id: Int = try row.get(0)
            values[id] = try readers.map { reader in
                defer { column += reader.expressions.count }
                return try reader.value(row, from: column)
            }
        }
        return values
    }
}

/// The columns of a statement that hold a field, and the value that they make.
private struct FieldReader {
    private let forms: [SQLField.Form]
    /// For each form its value and, if a missing value may be a NaN, whether there is one.
    let expressions: [SQLFragment]

    init(_ field: SQLField) {
        // A form of words, such as "all" for a batch, is another spelling of the number before it.
        forms = field.forms.enumerated().filter { index, form in
            if index > 0, case .choice = form.type { false } else { true }
        }.map(\.element)
        expressions = forms.flatMap { form -> [SQLFragment] in
            if form.isMultivalued { return ["(SELECT json_group_array(value) FROM " + form.access.value + ")"] }
            return FieldReader.mayBeNaN(form) ? [form.access.value, form.access.presence] : [form.access.value]
        }
    }

    private static func mayBeNaN(_ form: SQLField.Form) -> Bool {
        !form.type.isText && form.access.presence != form.access.value
    }

    func value(_ row: Row, from first: Int) throws -> FieldValue {
        var column = first
        for form in forms {
            let isDoubtful = !form.isMultivalued && FieldReader.mayBeNaN(form)
            defer { column += isDoubtful ? 2 : 1 }
            let value = try FieldReader.value(row, column, form)
            if value != .missing { return value }
            if isDoubtful, form.type == .measure || form.type == .number, try !row.isNull(column + 1) {
                return .notANumber
            }
        }
        return .missing
    }

    private static func value(_ row: Row, _ column: Int, _ form: SQLField.Form) throws -> FieldValue {
        switch try row.kind(column) {
        case .null, .blob: return .missing
        case .integer:
            let value: Int64 = try row.get(column)
            return form.type == .truth ? .truth(value != 0) : .integer(value)
        case .real:
            let value: Double = try row.get(column)
            return form.type == .truth ? .truth(value != 0) : .number(value)
        case .text:
            let text = try row.shownText(column)
            guard form.isMultivalued else { return .text(text) }
            let values = ((try? JSONValue(parsing: text))?.array ?? []).map { element -> FieldValue in
                if case .integer(let number) = element { return .integer(number) }
                return element.string.map { .text($0) } ?? .missing
            }
            return values.isEmpty ? .missing : .several(values)
        }
    }
}
