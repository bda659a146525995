import BPJSON

@testable import BPRegistry

extension Registry {
    /// What an archive of it would hold.
    func taken(_ selection: PortableSelection = .all, withData: Bool = true) throws -> TakenSource {
        try give(selection, withData: withData) { try TakenSource($0) }
    }
}

/// A source in memory, which tests change.
struct TakenSource: PortableSource {
    var record: JSONValue
    var parts: [PortablePart]
    var bytes: [PortablePart.Name: [UInt8]] = [:]
    /// An error that reading a part ends with.
    var failure: (any Error)?

    init(_ source: any PortableSource) throws {
        record = source.record
        parts = source.parts
        for part in parts {
            var all: [UInt8] = []
            try source.read(part) { all.append(contentsOf: $0) }
            bytes[part.name] = all
        }
    }

    func read(_ part: PortablePart, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        if let failure { throw failure }
        let all = bytes[part.name] ?? []
        for start in stride(from: 0, to: all.count, by: 1 << 20) {
            try Array(all[start..<min(all.count, start + 1 << 20)]).withUnsafeBytes(body)
        }
    }

    /// As a file would give it back: through its text.
    func reread() throws -> TakenSource {
        var copy = self
        copy.record = try JSONValue(parsing: record.serialized)
        return copy
    }
}
