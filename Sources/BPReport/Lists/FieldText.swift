import BPJSON
import BPRegistry

/// The value of a field in a list, as JSON and as text.
enum FieldText {
    /// The value as JSON and CSV carry it: with all its digits.
    static func json(_ value: FieldValue, of field: ListedField) -> JSONValue {
        switch defined(value, of: field) {
        case .missing: .null
        case .notANumber: .double(.nan)
        case .integer(let number) where field.kind == .time: TimeText.json(number)
        case .integer(let number): .integer(number)
        case .number(let number): field.name.hasSuffix("seconds") ? .seconds(number) : measure(number)
        case .text(let text): .string(text)
        case .truth(let truth): .bool(truth)
        case .several(let values): .array(values.map { json($0, of: field) })
        }
    }

    /// A number that may be a float32 that was stored as a Double: the shortest decimal that says so.
    static func measure(_ number: Double) -> JSONValue {
        let single = Float(number)
        return Double(single) == number ? .float(single) : .double(number)
    }

    /// The value for people; nil if there is none.
    /// - Parameter score: the name of the row's score, which decides how `val_score` reads.
    static func text(_ value: FieldValue, of field: ListedField, score: String?) -> String? {
        switch defined(value, of: field) {
        case .missing: nil
        case .notANumber: "NaN"
        case .integer(let number) where field.kind == .time: TimeText.plain(number)
        case .integer(let number): FieldText.number(Double(number), of: field, score: score) ?? "\(number)"
        case .number(let number): FieldText.number(number, of: field, score: score) ?? NumberText.plain(number)
        case .text(let text): field.kind == .hash ? String(text.prefix(12)) : text
        case .truth(let truth): field.isSetting ? (truth ? "on" : "off") : (truth ? "yes" : "no")
        case .several(let values):
            values.compactMap { FieldText.text($0, of: field, score: score) }.joined(separator: ", ")
        }
    }

    /// The value, or none for an R² that is not defined, which earlier versions of bpreg recorded as −∞.
    private static func defined(_ value: FieldValue, of field: ListedField) -> FieldValue {
        switch value {
        case .number(let number) where !number.isFinite && field.isScore: .missing
        case .notANumber where field.isScore: .missing
        default: value
        }
    }

    /// A measure; nil for other numbers, which read as they were typed.
    private static func number(_ value: Double, of field: ListedField, score: String?) -> String? {
        if field.name == "seconds" || field.name == "run.seconds" { return NumberText.format("%.3f", value) }
        if field.isAccuracy(score) { return NumberText.percent(value) }
        return field.isMeasure ? NumberText.measure(value) : nil
    }
}

extension ListedField {
    /// The name without the words in front that say which value is meant: `val_loss` of `best.val_loss`.
    private var measureName: Substring { name.split(separator: ".").last ?? "" }

    /// The accuracy or R² of a version on the test split, under the name that its list gives it.
    private var isTest: Bool { measureName == "test" && kind == .number && !isSetting }

    /// Whether it is a loss or a score.
    var isMeasure: Bool {
        kind == .measure || isTest
            || (kind == .number && !isSetting
                && ["loss", "score", "accuracy", "r2", "error"].contains { measureName.hasSuffix($0) })
    }

    /// Whether it is an accuracy or R² and no loss.
    var isScore: Bool {
        isMeasure && (isTest || ["score", "accuracy", "r2"].contains { measureName.hasSuffix($0) })
    }

    /// Whether it is an accuracy, which reads as a percentage. That of `val_score` follows from the name of the score.
    func isAccuracy(_ score: String?) -> Bool {
        if measureName.hasSuffix("accuracy") { return isMeasure }
        return (measureName.hasSuffix("val_score") || isTest) && score == "accuracy"
    }

    /// Whether numbers of it are aligned at their right end.
    var isNumber: Bool { kind == .number || kind == .measure }
}
