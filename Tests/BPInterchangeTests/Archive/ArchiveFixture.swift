import BPCore
import BPData
import BPRegistry
import BPTraining
import BPTransfer
import TestSupport

@testable import BPInterchange

/// A registry with one trained run, and an archive of it.
final class ArchiveFixture {
    let scratch = ScratchDirectory()
    let registry: Registry

    /// - Parameter units: of the hidden layer; an archive of 1,300 has some 64 KB.
    init(units: Int = 6, epochs: Int = 3) throws {
        registry = try Registry.open(at: scratch.file(), for: .creating)
        var random = SplitMix64(7)
        let labels = (0..<48).map { $0 % 3 }
        let table = try Table(
            name: "points",
            columns: [
                Column(
                    name: "x",
                    values: .f64(labels.map { Double($0) + Double(random.next() >> 11) / Double(1 << 53) })),
                Column(name: "kind", values: .text(try TextValues(labels.map { ["a", "b", "c"][$0] }))),
            ])
        var options = TrainingOptions()
        (options.target, options.hidden, options.batchSize) = ("kind", [units], .rows(16))
        options.optimizer = .sgd
        var attempt = AttemptOptions()
        (attempt.epochs, attempt.threads) = (epochs, 1)
        let plan = try TrainingPlan(table, options: options)
        _ = try TrainingSession.start(plan, in: registry, attempt: attempt).train()
    }

    /// Archives the run and gives the file's bytes.
    @discardableResult
    func archive(_ name: String = "a.safetensors", withData: Bool = true) throws -> [UInt8] {
        let weights = try StoredWeights.of(Reference("1"), in: registry).map { try ArchiveWeights($0, in: registry) }
        _ = try registry.withTransferSource(of: .run(1), withData: withData) { source in
            try ArchiveWriter.write(
                source, candidates: weights, subject: "run:1", to: scratch.file(name), replace: true, version: "0")
        }
        return scratch.files.read(name)
    }

    /// What opening `bytes` as an archive, and comparing its contents, refuses them with; nil where nothing is refused.
    func refusal(of bytes: [UInt8]) throws -> FormatError? {
        scratch.files.write(bytes, to: "b")
        do {
            try ArchiveFile(scratch.file("b")).checkContents()
            return nil
        } catch let error as FormatError {
            return error
        }
    }
}

/// An archive in its parts, to be put together otherwise.
struct ArchiveBytes {
    /// The JSON of the header.
    var header: String
    /// What stands behind it.
    var data: [UInt8]

    init(_ bytes: [UInt8]) {
        let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
        data = Array(bytes[(8 + length)...])
    }

    /// The file, with the length that the header has, and, unless said, with the digest that makes it sound.
    func bytes(length: UInt64? = nil, digest isForged: Bool = true) -> [UInt8] {
        var header = Array(header.utf8)
        let said = length ?? UInt64(header.count)
        let first = (0..<8).map { UInt8(truncatingIfNeeded: said >> (8 * $0)) }
        let place = ArchiveLayout.digestPlace - 8
        if isForged, header.count >= place + ArchiveLayout.digestDigits {
            let digits = place..<place + ArchiveLayout.digestDigits
            header.replaceSubrange(digits, with: ArchiveLayout.zeros.utf8)
            header.replaceSubrange(digits, with: SHA256.hash(first + header + data).hex.utf8)
        }
        return first + header + data
    }

    /// The same with `text` of the header, which must be there, made another.
    func replacing(_ text: String, with other: String) -> ArchiveBytes {
        precondition(header.contains(text), "the header has no \(text)")
        var changed = self
        guard let range = header.firstRange(of: text) else { return self }
        changed.header.replaceSubrange(range, with: other)
        changed.pad()
        return changed
    }

    /// Ends the header with as many spaces as the writer puts there.
    mutating func pad() {
        while header.last == " " { header.removeLast() }
        header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    }
}
