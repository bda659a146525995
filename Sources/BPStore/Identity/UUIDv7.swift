/// A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits. It names a run or a version across
/// registries, and sorts by creation time.
public struct UUIDv7: Sendable, Hashable {
    /// The 16 bytes, in the order of the text.
    public let bytes: [UInt8]

    /// A new UUID for the moment `now`.
    /// - Parameters:
    ///   - now: microseconds since 1970, UTC.
    ///   - random: the source of its 74 random bits.
    public init(now: Int64, random: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(max(0, now / 1_000))
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * UInt64($0))) }
        for _ in 6..<16 { bytes.append(UInt8.random(in: .min ... .max, using: &random)) }
        bytes[6] = bytes[6] & 0x0F | 0x70
        bytes[8] = bytes[8] & 0x3F | 0x80
        self.bytes = bytes
    }

    /// The UUID of these 16 bytes; nil for another count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// The UUID that `text` spells as 8-4-4-4-12 hex digits of either case; nil for anything else.
    public init?(_ text: String) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12], let bytes = hexBytes(groups.joined()) else { return nil }
        self.bytes = bytes
    }
}

extension UUIDv7: CustomStringConvertible {
    /// 8-4-4-4-12 lower-case hex digits.
    public var description: String {
        [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hexText(bytes[$0]) }.joined(separator: "-")
    }
}
