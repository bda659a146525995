/// Hashes in expressions: SHA-256 in hexadecimal digits, which lists print shortened.
enum QueryHash {
    /// The digits of a shortened hash and of a whole one.
    static let lengths = 12...64

    /// The digits in small letters; nil if the text is no hash or too short a beginning of one.
    static func digits(_ text: String) -> String? {
        guard lengths.contains(text.utf8.count), text.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else { return nil }
        return text.lowercased()
    }

    /// The test of a field of hashes: equality is that of the beginning.
    static func test(_ test: QueryTest) -> QueryTest {
        func texts(_ values: [QueryValue]) -> [String] {
            values.compactMap { if case .text(let text) = $0 { text } else { nil } }
        }
        return switch test {
        case .compare(.equal, let value): .begins(texts([value]), negated: false)
        case .compare(.unequal, let value): .begins(texts([value]), negated: true)
        case .among(let values, let negated): .begins(texts(values), negated: negated)
        default: test
        }
    }
}
