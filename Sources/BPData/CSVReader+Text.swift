extension CSVReader {
    /// Refuses what is no text.
    static func checkText(_ bytes: UnsafeBufferPointer<UInt8>) throws(DataError) {
        guard let fault = TextCheck.firstFault(in: UnsafeRawBufferPointer(bytes)) else { return }
        if let encoding = wideEncoding(of: bytes) {
            var error = DataError(
                .malformed, "the text is \(encoding.prefix { $0 != "L" && $0 != "B" }); it must be UTF-8", line: 1)
            error.remedy = .encoding(encoding)
            throw error
        }
        switch fault {
        case .nul(let position):
            throw DataError(
                .malformed, "byte \(position + 1) is zero: a binary file, not CSV", line: line(of: position, in: bytes))
        case .invalidUTF8(let position):
            let hex = String(bytes[position], radix: 16, uppercase: true)
            var error = DataError(
                .malformed, "byte \(position + 1) is not UTF-8: 0x\(hex)", line: line(of: position, in: bytes),
                value: "0x\(hex)")
            // Letters beyond ASCII before it are UTF-8: then the file is damaged there, and not in another encoding.
            if bytes[..<position].allSatisfy({ $0 < 0x80 }) {
                let isLatin1 = !bytes[position...].contains { (0x80...0x9F).contains($0) }
                error.remedy = .encoding(isLatin1 ? "ISO-8859-1" : "WINDOWS-1252")
            }
            throw error
        }
    }

    /// The encoding of text whose characters have two or four bytes, by its byte order mark or its zero bytes.
    private static func wideEncoding(of bytes: UnsafeBufferPointer<UInt8>) -> String? {
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
        let head = bytes.prefix(64)
        guard head.count >= 8 else { return nil }
        let zeros = [0, 1].map { parity in head.indices.count { $0 % 2 == parity && head[$0] == 0 } }
        if zeros[0] == 0, zeros[1] * 2 >= head.count * 9 / 10 { return "UTF-16LE" }
        if zeros[1] == 0, zeros[0] * 2 >= head.count * 9 / 10 { return "UTF-16BE" }
        return nil
    }

    /// The physical line, from 1, that holds the byte at `position`.
    private static func line(of position: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var line = 1
        for index in 0..<position where bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r") {
            // CR before LF counts with it.
            if bytes[index] == UInt8(ascii: "\n") || bytes[index + 1] != UInt8(ascii: "\n") { line += 1 }
        }
        return line
    }
}
