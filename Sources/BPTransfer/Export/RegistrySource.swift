import BPJSON
import BPRegistry
import BPStore

/// A selection of a registry as a source: the document, and the parts that are read from the rows on request, all in
/// one state.
final class RegistrySource: TransferSource {
    let document: JSONValue
    let parts: [TransferPart]
    private let store: Store
    private let runs: [UUIDv7: Int]

    init(_ subject: Subject, withData: Bool, _ store: Store) throws {
        self.store = store
        let selection = try RunSelection(subject, in: store)
        document = try DocumentWriter(store: store, withData: withData, selection: selection).document()
        parts = try TransferDocument.parts(of: document)
        let pairs = try selection.runs.map { (try store.runs.need($0).uuid, $0) }
        runs = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    func read(_ part: TransferPart, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch part.name {
        case .content(let digest): try store.tensors.forEachChunk(of: digest, body)
        case .losses(let run, let segment): try readLosses(number(of: run), segment, body)
        case .epochs(let run, let segment, let column): try readEpochs(number(of: run), segment, column, body)
        }
    }

    private func number(of run: UUIDv7) throws -> Int {
        guard let number = runs[run] else { throw RegistryError.unsound(place: "run \(run)", what: "it is not given") }
        return number
    }

    private func readLosses(_ run: Int, _ segment: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var next = 0
        while true {
            let page = try store.blocks.page(run: run, segment: segment, from: next)
            for (index, row) in page.enumerated() {
                guard row.block == next + index else {
                    throw store.damaged("run \(run), segment \(segment)", "block \(next + index) is missing")
                }
                try row.losses.withUnsafeBytes(body)
            }
            next += page.count
            if page.count < BlockTable.pageLength { return }
        }
    }

    private func readEpochs(
        _ run: Int, _ segment: Int, _ column: TransferPart.EpochColumn,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var last = 0
        while true {
            let page = try store.epochs.page(run: run, segment: segment, after: last)
            var bytes: [UInt8] = []
            func append(_ bits: some FixedWidthInteger) {
                withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
            }
            func append(_ value: Float?) { append(value?.bitPattern ?? TransferDocument.notMeasured) }
            for row in page {
                switch column {
                case .loss: append(row.loss)
                case .validationLoss: append(row.validationLoss)
                case .validationScore: append(row.validationScore)
                case .seconds: append(row.seconds.bitPattern)
                }
            }
            try bytes.withUnsafeBytes(body)
            guard page.count == Limit.page, let end = page.last else { return }
            last = end.epoch
        }
    }
}
