/// A field that people can query: its name, its type, and the access through which its vocabulary finds the value.
///
/// A setting whose values differ in type between runs has several forms. The value with which it is compared selects
/// one.
package struct QueryField<Access: Sendable>: Sendable {
    package let name: String
    /// At least one.
    package let forms: [Form]

    package init(_ name: String, _ forms: [Form]) { (self.name, self.forms) = (name, forms) }

    /// A field of one type.
    package struct Form: Sendable {
        package let type: QueryType
        /// Whether the field can have several values. A comparison is then true if it is true for one of them.
        package let isMultivalued: Bool
        package let access: Access

        package init(_ type: QueryType, isMultivalued: Bool = false, _ access: Access) {
            (self.type, self.isMultivalued, self.access) = (type, isMultivalued, access)
        }
    }
}

/// The type of a field.
package enum QueryType: Sendable, Equatable {
    case number
    /// A float32. A number in a comparison is rounded to float32 first, so that a printed value is found again.
    case measure
    case text
    /// Text that may spell a number, such as the value of a tag: it is compared with numbers as a number, and with another
    /// text as numbers if both spell one.
    case mixed
    /// A hash in hexadecimal digits, which its beginning finds: 12 digits, as lists print them, or more.
    case hash
    /// Text with a few allowed words.
    case choice([String])
    case truth
    /// Microseconds since 1970, UTC.
    case time

    var isNumber: Bool { self == .number || self == .measure }

    package var isText: Bool {
        switch self {
        case .text, .mixed, .hash, .choice: true
        default: false
        }
    }

    /// Whether values of the two types can be compared.
    func isComparable(with other: QueryType) -> Bool {
        self == other || (isNumber && other.isNumber) || (isText && other.isText)
            || (self == .mixed && other.isNumber) || (isNumber && other == .mixed)
    }

    /// The type as an error names it.
    var words: String {
        switch self {
        case .number, .measure: "a number"
        case .text, .mixed, .choice: "text"
        case .hash: "a hash"
        case .truth: "a truth value"
        case .time: "a time"
        }
    }
}
