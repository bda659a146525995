/// A list of texts in one buffer of UTF-8: 8 bytes an entry beside the text itself.
///
/// Equality is of bytes: texts that Unicode calls equivalent but spells differently are different values.
public struct TextValues: Sendable, Hashable {
    /// The longest text, in bytes, that a column may hold.
    public static let longestText = 1 << 20

    private(set) var utf8: [UInt8] = []
    private var ends: [Int] = []

    /// No texts.
    public init() {}

    /// - Throws: `DataError` if a text is longer than `longestText`.
    public init(_ texts: some Sequence<String>) throws(DataError) {
        for text in texts {
            var text = text
            let length = text.withUTF8 { bytes in
                if bytes.count <= TextValues.longestText { append(bytes) }
                return bytes.count
            }
            if length > TextValues.longestText {
                throw DataError(
                    .badValue, "a text of \(Visible.grouped(length)) bytes is above the limit of 1 MiB",
                    value: Visible.text(text))
            }
        }
    }

    /// How many texts.
    public var count: Int { ends.count }

    /// The text at `index`.
    public subscript(index: Int) -> String { String(decoding: bytes(at: index), as: UTF8.self) }

    /// The UTF-8 of the text at `index`.
    func bytes(at index: Int) -> ArraySlice<UInt8> { utf8[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

    /// Adds one text; the caller has checked that it is UTF-8 within the limit.
    mutating func append(_ bytes: some Collection<UInt8>) {
        utf8.append(contentsOf: bytes)
        ends.append(utf8.count)
    }
}
