import BPStore
import BPJSON
import BPSQLite

/// What a registry gives: the record, and the parts read from its rows as they are asked for, all of one state.
final class RegistrySource: PortableSource {
    let record: JSONValue
    let parts: [PortablePart]
    private let store: Store
    private let runs: [UUIDv7: Int]

    init(_ record: JSONValue, _ store: Store, _ closure: Closure) throws {
        (self.record, self.store) = (record, store)
        parts = try PortableRecord.parts(of: record)
        let pairs = try closure.runs.map { (try store.need(.run, [.int($0)]).uuid("uuid"), $0) }
        runs = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    func read(_ part: PortablePart, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch part.name {
        case .content(let digest): try readContent(digest, body)
        case .losses(let run, let segment): try readLosses(number(of: run), segment, body)
        case .epochs(let run, let segment, let column): try readEpochs(number(of: run), segment, column, body)
        }
    }

    private func number(of run: UUIDv7) throws -> Int {
        guard let number = runs[run] else { throw RegistryError.unsound(place: "run \(run)", what: "it is not given") }
        return number
    }

    private func readContent(_ digest: SHA256Digest, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var hash = SHA256()
        var part = 0
        while true {
            let found: Void? = try store.connection.first(
                """
                SELECT data FROM tensor_chunk JOIN chunk ON chunk.sha256 = tensor_chunk.chunk
                WHERE tensor = ? AND part = ?
                """, [digest.bytes, part]
            ) { row in
                try row.withBlob(0) { bytes in
                    hash.update(bytes)
                    try body(bytes)
                }
            }
            guard found != nil else { break }
            part += 1
        }
        guard hash.finish() == digest else {
            throw try store.archived(digest) ?? store.damaged("tensor \(digest.short)", "it does not fit its hash")
        }
    }

    private func readLosses(_ run: Int, _ segment: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var next = 0
        while true {
            let page = try store.rows(
                .block, "WHERE run = ? AND segment = ? AND block >= ? ORDER BY block LIMIT 64", [run, segment, next])
            for (index, row) in page.enumerated() {
                guard try row.int("block") == next + index else {
                    throw store.damaged("run \(run), segment \(segment)", "block \(next + index) is missing")
                }
                try row.blob("losses").withUnsafeBytes(body)
            }
            next += page.count
            if page.count < 64 { return }
        }
    }

    private func readEpochs(
        _ run: Int, _ segment: Int, _ column: PortablePart.EpochColumn,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var last = 0
        while true {
            let page = try store.rows(
                .epoch, "WHERE run = ? AND segment = ? AND epoch > ? ORDER BY epoch LIMIT \(Limit.page)",
                [run, segment, last])
            var bytes: [UInt8] = []
            for row in page {
                if column == .seconds {
                    let bits = try row.real("seconds").bitPattern
                    withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
                } else {
                    let name = column.rawValue + "_bits"
                    let bits = row[name] == .null ? PortableRecord.notMeasured : try row.bits(name)
                    withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
                }
            }
            try bytes.withUnsafeBytes(body)
            guard page.count == Limit.page, let end = page.last else { return }
            last = try end.int("epoch")
        }
    }
}
