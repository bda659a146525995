/// Whether bytes are text: UTF-8 without NUL.
enum TextCheck {
    /// What is wrong, and at which byte.
    enum Fault: Equatable {
        case nul(Int)
        case invalidUTF8(Int)
    }

    /// The first fault, or nil. Shortest forms only, no surrogates, nothing above U+10FFFF (RFC 3629).
    static func firstFault(in bytes: UnsafeRawBufferPointer) -> Fault? {
        var position = 0
        while position < bytes.count {
            // Eight plain bytes at a time: none has its top bit set, and none is zero.
            while bytes.count - position >= 8 {
                let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                let zeros = (word &- 0x0101_0101_0101_0101) & ~word
                if (word | zeros) & 0x8080_8080_8080_8080 != 0 { break }
                position += 8
            }
            guard position < bytes.count else { break }
            let byte = bytes[position]
            if byte == 0 { return .nul(position) }
            if byte < 0x80 {
                position += 1
            } else {
                guard let length = sequenceLength(in: bytes, at: position) else { return .invalidUTF8(position) }
                position += length
            }
        }
        return nil
    }

    private static func sequenceLength(in bytes: UnsafeRawBufferPointer, at position: Int) -> Int? {
        // The second byte's range depends on the first (Unicode, table 3-7).
        let (length, second): (Int, ClosedRange<UInt8>)
        switch bytes[position] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard bytes.count - position >= length, second.contains(bytes[position + 1]) else { return nil }
        for offset in 2..<max(2, length) where bytes[position + offset] & 0xC0 != 0x80 { return nil }
        return length
    }
}
