/// How a column varies in the training rows, as far as the network sees it.
enum Variation: Hashable {
    case enough
    /// All its values are equal, in all rows.
    case constant
    /// All its values are equal in the training rows, and others in other rows.
    case constantInTraining
    /// All its values are equal because they were rounded.
    case constantOnceRounded
    /// Its values differ by less than float32 can hold.
    case lostInFloat
    /// It varies by less than a millionth of its size.
    case narrow
    /// It varies by so little beside its size that the mean, rounded to float32, can be off by more than the deviation.
    case offCentre
    /// Its deviation is so small that float32 holds few of its digits.
    case denormal
    case oneCategory
    case oneCategoryInTraining

    /// - Parameter feature: fitted on `rows` of the column.
    init(_ column: Column, _ feature: Encoding.Feature, rows: [Int]) {
        switch feature {
        case .categories(_, let categories):
            let isOne = categories.count == 1
            self =
                !isOne ? .enough : Variation.varies(column, 0..<column.rowCount) ? .oneCategoryInTraining : .oneCategory
        case .number(_, let scale) where scale.deviation == 0:
            if Variation.varies(column, rows) {
                self = .lostInFloat
            } else if Variation.varies(column, 0..<column.rowCount) {
                self = .constantInTraining
            } else {
                self = column.rounding?.first == nil ? .constant : .constantOnceRounded
            }
        case .number(_, let scale):
            // The mean is rounded to 24 bits: at 2²⁰ deviations the centre is off by up to a sixteenth of a deviation.
            let deviations = scale.mean.magnitude / scale.deviation
            if deviations > 16_777_216 {
                self = .offCentre
            } else if deviations > 1_048_576 {
                self = .narrow
            } else {
                self = scale.deviation < .leastNormalMagnitude ? .denormal : .enough
            }
        }
    }

    /// The words after the column's name; nil if the column varies enough.
    var predicate: String? {
        switch self {
        case .enough: nil
        case .constant: "is constant in the training rows"
        case .constantInTraining: "is constant in the training rows and varies only in the others"
        case .constantOnceRounded: "is constant once its numbers are rounded"
        case .lostInFloat:
            "varies by less than float32 can hold; rescale it: subtract an offset, or multiply the values"
        case .narrow: "varies by less than a millionth of its size (subtract an offset to keep its digits)"
        case .offCentre:
            "varies by so little beside its size that float32 cannot hold its mean; subtract an offset from its values"
        case .denormal: "varies by so little that float32 holds few of its digits (multiply the values)"
        case .oneCategory: "has one category only in the training rows"
        case .oneCategoryInTraining: "has one category only in the training rows, and others in other rows"
        }
    }

    /// Why it does not vary, if its values in the file do.
    var reason: String? {
        switch self {
        case .lostInFloat, .constantOnceRounded, .constantInTraining: predicate
        default: nil
        }
    }

    /// The warning, before the names of the columns.
    var warning: String? {
        switch self {
        case .enough: nil
        case .constant: "constant in the training rows, scaled to 0"
        case .constantInTraining: "constant in the training rows though not in the others, scaled to 0"
        case .constantOnceRounded: "constant once the numbers are rounded, scaled to 0"
        case .lostInFloat:
            "varies by less than float32 can hold, scaled to 0 (rescale: subtract an offset, or multiply the values)"
        case .narrow, .offCentre, .denormal: predicate
        case .oneCategory: "one category only in the training rows"
        case .oneCategoryInTraining: "one category only in the training rows, and others in other rows"
        }
    }

    private static func varies(_ column: Column, _ rows: some Sequence<Int>) -> Bool {
        ClassLabels.distinct(in: column, rows: rows, limit: 1) == nil
    }
}
