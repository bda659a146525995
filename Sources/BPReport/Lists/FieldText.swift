import BPJSON
import BPRegistry

/// How the values of a field read, as JSON and as text. What follows from the field's name is worked out once, since a list
/// may have many rows.
struct FieldText {
    private let kind: ListedField.Kind
    private let isSetting: Bool
    private let isSeconds: Bool
    /// Whether it is a loss or a score.
    let isMeasure: Bool
    /// Whether it is an accuracy or R², and no loss.
    let isScore: Bool
    private let accuracy: Accuracy

    /// Whether a measure is an accuracy, which reads as a percentage.
    private enum Accuracy { case always, byScore, never }

    init(_ field: ListedField) {
        (kind, isSetting) = (field.kind, field.isSetting)
        isSeconds = field.name == "seconds" || field.name == "run.seconds"
        // `val_loss` of `best.val_loss`.
        let name = field.name.split(separator: ".").last ?? ""
        // The accuracy or R² of a version on the test split, under the name that its list gives it.
        let isTest = name == "test" && kind == .number && !isSetting
        let isScoreName = isTest || ["score", "accuracy", "r2"].contains { name.hasSuffix($0) }
        let isLossName = name.hasSuffix("loss") || name.hasSuffix("error")
        isMeasure = kind == .measure || (kind == .number && !isSetting && (isScoreName || isLossName))
        isScore = isMeasure && isScoreName
        accuracy =
            !isScore ? .never : name.hasSuffix("accuracy") ? .always : name.hasSuffix("r2") ? .never : .byScore
    }

    /// The value as JSON and CSV carry it: with all its digits.
    func json(_ value: FieldValue) -> JSONValue {
        switch defined(value) {
        case .missing: .null
        case .notANumber: .double(.nan)
        case .integer(let number): kind == .time ? TimeText.json(number) : .integer(number)
        case .number(let number): isSeconds ? .seconds(number) : FieldText.measure(number)
        case .text(let text): .string(text)
        case .truth(let truth): .bool(truth)
        case .several(let values): .array(values.map(json))
        }
    }

    /// A number that may be a float32 that was stored as a Double: the shortest decimal that says so.
    static func measure(_ number: Double) -> JSONValue {
        let single = Float(number)
        return Double(single) == number ? .float(single) : .double(number)
    }

    /// The value for people; nil if there is none.
    /// - Parameter score: the name of the row's score, which decides how `val_score` reads.
    func text(_ value: FieldValue, score: String?) -> String? {
        switch defined(value) {
        case .missing: nil
        case .notANumber: "NaN"
        case .integer(let number):
            kind == .time ? TimeText.plain(number) : measureText(Double(number), score) ?? "\(number)"
        case .number(let number): measureText(number, score) ?? NumberText.plain(number)
        case .text(let text): kind == .hash ? String(text.prefix(12)) : text
        case .truth(let truth): isSetting ? (truth ? "on" : "off") : (truth ? "yes" : "no")
        case .several(let values): values.compactMap { text($0, score: score) }.joined(separator: ", ")
        }
    }

    /// The value, or none for an R² that is not defined, which earlier versions of bpreg recorded as −∞.
    private func defined(_ value: FieldValue) -> FieldValue {
        guard isScore else { return value }
        return switch value {
        case .number(let number) where !number.isFinite: .missing
        case .notANumber: .missing
        default: value
        }
    }

    /// A measure; nil for other numbers, which read as they were typed.
    private func measureText(_ value: Double, _ score: String?) -> String? {
        if isSeconds { return NumberText.format("%.3f", value) }
        guard isMeasure else { return nil }
        let isAccuracy = accuracy == .always || (accuracy == .byScore && score == "accuracy")
        return isAccuracy ? NumberText.percent(value) : NumberText.measure(value)
    }
}

extension ListedField {
    /// Whether values of it are aligned at their right end.
    var isNumber: Bool { kind == .number || kind == .measure }
}
