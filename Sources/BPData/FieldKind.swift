/// What a field is that is not a number.
enum FieldKind {
    /// Nothing, or only spaces and tabs.
    case empty
    /// A spelling of "not known": a hole among numbers, a word among words.
    case missing
    /// The same, in the spelling that only numbers have.
    case nan
    /// A spelling of infinity: refused among numbers, a word among words.
    case infinite
    case word

    private static let missingSpellings: Set<String> = ["na", "n/a", "#n/a", "null", "none", "nil", "?"]
    private static let infiniteSpellings: Set<String> = ["inf", "infinity"]

    /// Whether the field has nothing but spaces and tabs.
    static func isEmpty(_ field: UnsafeBufferPointer<UInt8>) -> Bool { field.allSatisfy(NumberParser.isBlank) }

    /// The field without the spaces and tabs around it.
    static func trimmed(_ field: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var (start, end) = (0, field.count)
        while start < end, NumberParser.isBlank(field[start]) { start += 1 }
        while start < end, NumberParser.isBlank(field[end - 1]) { end -= 1 }
        return UnsafeBufferPointer(rebasing: field[start..<end])
    }

    init(_ field: UnsafeBufferPointer<UInt8>) {
        guard let start = field.firstIndex(where: { !NumberParser.isBlank($0) }) else {
            self = .empty
            return
        }
        let end = field.lastIndex { !NumberParser.isBlank($0) } ?? start
        self = end - start < 9 ? FieldKind.ofShort(field[start...end]) : .word
    }

    private static func ofShort(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> FieldKind {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        if missingSpellings.contains(text) { return .missing }
        let unsigned = text.hasPrefix("+") || text.hasPrefix("-") ? String(text.dropFirst()) : text
        if infiniteSpellings.contains(unsigned) { return .infinite }
        return unsigned == "nan" ? .nan : .word
    }

    /// Whether the field is a number once its only comma is a point: `5,1` where commas separate nothing.
    static func hasDecimalComma(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        guard field.count < 64, let comma = field.firstIndex(of: UInt8(ascii: ",")) else { return false }
        var bytes = Array(field)
        bytes[comma] = UInt8(ascii: ".")
        return bytes.withUnsafeBufferPointer { NumberParser.parse($0) != nil }
    }
}
