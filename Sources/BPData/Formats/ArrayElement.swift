/// What one value of an array is: its kind, its size, its byte order.
package struct ArrayElement: Sendable, Hashable {
    /// What the bits mean.
    package enum Kind: Sendable, Hashable {
        /// One byte, 0 or 1.
        case bool
        /// IEEE 754, of 2, 4 or 8 bytes.
        case float
        /// Two's complement, of 1, 2, 4 or 8 bytes.
        case signed
        /// Of 1, 2, 4 or 8 bytes.
        case unsigned
        /// UTF-8, filled up with zero bytes.
        case bytes
        /// Unicode scalars of 4 bytes each, filled up with zeros.
        case unicode
    }

    /// What the bits mean.
    package let kind: Kind
    /// Bytes of one value.
    package let size: Int
    /// Whether the most significant byte comes first.
    package let isBigEndian: Bool

    /// An element of this kind, size and order.
    init(_ kind: Kind, size: Int, isBigEndian: Bool = false) {
        (self.kind, self.size, self.isBigEndian) = (kind, size, isBigEndian)
    }

    /// The longest text, in bytes, that an element may be.
    static let longestText = TextValues.longestText

    /// Of a NumPy type string: `<f4`, `|u1`, `>i8`, `|b1`, `<U10`, `|S5`.
    /// - Throws: `DataError` (`malformed`) that says what can be read; of objects, why they are not.
    init(numpy descr: String) throws(DataError) {
        func refuse(_ message: String) -> DataError { DataError(.malformed, message, value: Visible.text(descr)) }
        let characters = Array(descr)
        if characters.dropFirst().first == "O" || descr == "O" {
            throw refuse("the array holds Python objects: they are pickles, which run code when they are read")
        }
        let unknown = refuse(
            "values of type \(Visible.quoted(descr)) cannot be read; floats (f2, f4, f8), integers (i1 to i8, u1 to u8), "
                + "bool and text (U, S) can")
        guard characters.count >= 3, "<>|=".contains(characters[0]),
            characters[2...].allSatisfy({ $0.isASCII && $0.isNumber }), let size = Int(String(characters[2...]))
        else { throw unknown }
        let isBigEndian = characters[0] == ">"
        let integers = [1, 2, 4, 8]
        switch (characters[1], size) {
        case ("b", 1): self.init(.bool, size: 1)
        case ("f", 2), ("f", 4), ("f", 8): self.init(.float, size: size, isBigEndian: isBigEndian)
        case ("i", _) where integers.contains(size): self.init(.signed, size: size, isBigEndian: isBigEndian)
        case ("u", _) where integers.contains(size): self.init(.unsigned, size: size, isBigEndian: isBigEndian)
        case ("S", 1...ArrayElement.longestText): self.init(.bytes, size: size)
        case ("U", 1...ArrayElement.longestText / 4): self.init(.unicode, size: 4 * size, isBigEndian: isBigEndian)
        default: throw unknown
        }
        if size > 1, characters[0] == "|", kind != .bytes { throw unknown }
    }

    /// Its name in NumPy: `float32`, `int64`, `bool`; else `text`.
    package var name: String {
        switch kind {
        case .bool: "bool"
        case .float: "float\(8 * size)"
        case .signed: "int\(8 * size)"
        case .unsigned: "uint\(8 * size)"
        case .bytes, .unicode: "text"
        }
    }

    /// A number, not a text.
    package var isNumber: Bool { kind != .bytes && kind != .unicode }
}
