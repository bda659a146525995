/// A value as Python writes it, of the kinds that stand in the header of an NPY file. Nothing is evaluated.
indirect enum PythonLiteral: Equatable {
    case string(String)
    case int(Int)
    case bool(Bool)
    /// A tuple or a list.
    case sequence([PythonLiteral])
    case dictionary([String: PythonLiteral])

    /// The deepest nesting that is followed.
    static let deepest = 16

    /// Reads one literal, with nothing but white space around it.
    /// - Throws: `DataError` (`malformed`) with the byte that does not belong there.
    init(parsing text: UnsafeBufferPointer<UInt8>) throws(DataError) {
        var parser = PythonLiteralParser(text: text)
        self = try parser.value(depth: 0)
        try parser.end()
    }
}

private struct PythonLiteralParser {
    let text: UnsafeBufferPointer<UInt8>
    var position = 0

    mutating func value(depth: Int) throws(DataError) -> PythonLiteral {
        guard depth < PythonLiteral.deepest else { throw fault("nested too deeply") }
        switch peek {
        case UInt8(ascii: "("): return .sequence(try items(until: UInt8(ascii: ")"), depth))
        case UInt8(ascii: "["): return .sequence(try items(until: UInt8(ascii: "]"), depth))
        case UInt8(ascii: "{"): return .dictionary(try members(depth))
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
        case let digit? where digit >= UInt8(ascii: "0") && digit <= UInt8(ascii: "9"): return .int(try integer())
        case UInt8(ascii: "-"): throw fault("a negative number")
        default:
            if word("True") { return .bool(true) }
            if word("False") { return .bool(false) }
            throw fault(position < text.count ? "no value that belongs there" : "the text ends")
        }
    }

    mutating func end() throws(DataError) { if peek != nil { throw fault("something after the end") } }

    private mutating func items(until end: UInt8, _ depth: Int) throws(DataError) -> [PythonLiteral] {
        var items: [PythonLiteral] = []
        position += 1
        while peek != end {
            items.append(try value(depth: depth + 1))
            if peek != end { try take(UInt8(ascii: ",")) }
        }
        position += 1
        return items
    }

    private mutating func members(_ depth: Int) throws(DataError) -> [String: PythonLiteral] {
        var members: [String: PythonLiteral] = [:]
        position += 1
        while peek != UInt8(ascii: "}") {
            guard peek == UInt8(ascii: "'") || peek == UInt8(ascii: "\"") else { throw fault("no key") }
            let key = try string()
            try take(UInt8(ascii: ":"))
            guard members.updateValue(try value(depth: depth + 1), forKey: key) == nil else {
                throw fault("the key \(Visible.quoted(key)) twice")
            }
            if peek != UInt8(ascii: "}") { try take(UInt8(ascii: ",")) }
        }
        position += 1
        return members
    }

    /// The next byte after white space, or nil at the end.
    private var peek: UInt8? {
        mutating get {
            while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
            return position < text.count ? text[position] : nil
        }
    }

    private mutating func take(_ byte: UInt8) throws(DataError) {
        guard peek == byte else { throw fault("no \"\(Character(Unicode.Scalar(byte)))\"") }
        position += 1
    }

    private mutating func word(_ word: String) -> Bool {
        guard text[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func integer() throws(DataError) -> Int {
        var number = 0
        while position < text.count, case let digit = text[position] &- UInt8(ascii: "0"), digit <= 9 {
            let (product, isLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isLarger) = product.addingReportingOverflow(Int(digit))
            guard !isLarge, !isLarger else { throw fault("a number beyond 64 bits") }
            number = sum
            position += 1
        }
        // Python 2 wrote long integers so.
        if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
        return number
    }

    private mutating func string() throws(DataError) -> String {
        let quote = text[position]
        position += 1
        var bytes: [UInt8] = []
        while position < text.count, text[position] != quote {
            if text[position] == UInt8(ascii: "\\") {
                bytes += Array(String(try escape()).utf8)
            } else {
                bytes.append(text[position])
                position += 1
            }
        }
        guard position < text.count else { throw fault("a string without its end") }
        position += 1
        guard bytes.withUnsafeBytes({ TextCheck.firstFault(in: $0) }) == nil else { throw fault("no UTF-8") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The character that an escape stands for.
    private mutating func escape() throws(DataError) -> Character {
        position += 1
        guard position < text.count else { throw fault("a string without its end") }
        let letter = text[position]
        position += 1
        let digits = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
        if let count = digits[letter] {
            guard text.count - position >= count,
                let code = UInt32(String(decoding: text[position..<position + count], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(code)
            else { throw fault("an escape that is no character") }
            position += count
            return Character(scalar)
        }
        let plain: [UInt8: Character] = [
            UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
            UInt8(ascii: "\\"): "\\", UInt8(ascii: "'"): "'", UInt8(ascii: "\""): "\"",
        ]
        guard let character = plain[letter] else { throw fault("an escape that is not known") }
        return character
    }

    private func fault(_ what: String) -> DataError {
        DataError(.malformed, "the NPY header cannot be read: \(what), at its byte \(position + 1)")
    }
}
