/// The 32 bytes of a SHA-256, which names a tensor, a spec or a dataset.
public struct SHA256Digest: Sendable, Hashable {
    /// The bytes as four big-endian words, so that comparing and hashing cost no allocation.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The digest with these bytes; nil unless there are 32.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == SHA256Digest.byteCount else { return nil }
        var big: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &big) { $0.copyBytes(from: bytes) }
        words = (UInt64(bigEndian: big.0), UInt64(bigEndian: big.1), UInt64(bigEndian: big.2), UInt64(bigEndian: big.3))
    }

    /// The digest written in `hex`, 64 digits of either case; nil for anything else.
    public init?(hex: String) {
        guard let bytes = hexBytes(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// How many bytes a digest has.
    public static let byteCount = 32

    /// The 32 bytes.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)) { Array($0) }
    }

    /// 64 lower-case hex digits.
    public var hex: String { hexText(bytes) }

    /// The first 12 hex digits, which are shown to people.
    public var short: String { String(hex.prefix(12)) }

    /// Whether all 32 bytes are equal.
    public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool { left.words == right.words }
    /// Hashes the first bytes, which are practically random.
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension SHA256Digest: CustomStringConvertible {
    /// 64 lower-case hex digits.
    public var description: String { hex }
}

/// Lower-case hex, two digits a byte.
package func hexText(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The value of one hex digit, given as ASCII.
package func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}

/// The bytes that lower-case hex digits represent; nil for capitals too, so that each value has only one text.
package func lowerCaseHexBytes(_ text: String) -> [UInt8]? {
    text.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) } ? nil : hexBytes(text)
}

/// The bytes that `text` represents, two hex digits of either case each; nil for any other text.
package func hexBytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count, by: 2) {
        guard let high = hexValue(digits[index]), let low = hexValue(digits[index + 1]) else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes
}
