@_spi(_Unicode) import Swift

/// Names with accents and syllables may be written with one scalar or with several. They are compared by their bytes, so
/// they are kept in one form.
package enum ComposedText {
    /// `text` in Unicode's normalization form C.
    package static func of(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var composed = String.UnicodeScalarView()
        composed.append(contentsOf: text._nfc)
        return String(composed)
    }
}

extension Unicode.Scalar {
    /// A letter of any script. Letters without a shape, such as the Hangul fillers, are not among them.
    package var isNameLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            !properties.isDefaultIgnorableCodePoint
        default: false
        }
    }

    /// A letter, a mark on one, or a digit of any script.
    package var isNameScalar: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark: !properties.isDefaultIgnorableCodePoint
        case .decimalNumber: true
        default: isNameLetter
        }
    }
}
