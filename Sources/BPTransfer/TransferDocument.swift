package import BPJSON
package import BPStore

/// The rows of a `TransferSource` as one JSON value.
package enum TransferDocument {
    /// The format that this bpreg writes, and the only one that it reads.
    package static let format = 1

    /// The oldest schema that has all the columns of these runs' rows: a bpreg of that schema can read the document.
    static func schema(of runs: [RunRow]) -> Int { runs.contains { $0.readingJSON != nil } ? 5 : 4 }

    /// The bits for a value of an epoch that was not measured. It is a NaN that no measurement gives, because every
    /// other NaN is written as 0x7FC00000.
    static let notMeasured: UInt32 = 0xFFFF_FFFF

    /// The parts that belong to a document, in the order of a source: the contents by their hashes, then run by run and
    /// segment by segment the losses and the epochs. A part without values is left out unless it is a content.
    /// - Throws: `RegistryError.unsound` if bpreg does not write such a document.
    package static func parts(of document: JSONValue) throws(RegistryError) -> [TransferPart] {
        var contents: [SHA256Digest: TransferPart] = [:]
        func add(_ row: JSONValue, _ key: String, type: TransferPart.ValueType, _ place: String) throws(RegistryError) {
            guard let text = row[key]?.string, let bytes = lowerCaseHexBytes(text),
                let digest = SHA256Digest(bytes: bytes),
                let size = row["bytes"]?.int, size >= 0
            else { throw .unsound(place: place, what: "a tensor has no hash or no size") }
            let type = size % type.width == 0 ? type : .u8
            let part = TransferPart(.content(digest), type: type, count: size / type.width)
            guard let known = contents[digest] else {
                contents[digest] = part
                return
            }
            guard known.count * known.type.width == size else {
                throw .unsound(place: place, what: "tensor \(digest.short) has two sizes")
            }
        }
        var series: [TransferPart] = []
        var seen = Set<UUIDv7>()
        for (index, run) in try list(document, "runs", "the record").enumerated() {
            let place = "run \(index + 1)"
            for kind in ["keyframes", "versions"] {
                for row in try list(run, kind, place) {
                    for tensor in try list(row, "tensors", "\(place), \(kind)") {
                        try add(tensor, "tensor", type: .f32, "\(place), \(kind)")
                    }
                }
            }
            guard let text = run["uuid"]?.string, let uuid = lowerCaseHexBytes(text).flatMap(UUIDv7.init(bytes:)),
                seen.insert(uuid).inserted
            else { throw .unsound(place: place, what: "it has no UUID, or that of another run") }
            let hasValidation = run["has_validation"]?.int == 1
            for (index, segment) in try list(run, "segments", place).enumerated() {
                guard let losses = segment["kept_iterations"]?.int, let epochs = segment["kept_epochs"]?.int,
                    (0...1 << 53).contains(losses), (0...1 << 53).contains(epochs)
                else { throw .unsound(place: "\(place), segment \(index + 1)", what: "it has no length") }
                if losses > 0 {
                    series.append(TransferPart(.losses(run: uuid, segment: index + 1), type: .f32, count: losses))
                }
                for column in TransferPart.EpochColumn.allCases
                where epochs > 0 && (hasValidation || column == .loss || column == .seconds) {
                    series.append(
                        TransferPart(
                            .epochs(run: uuid, segment: index + 1, column: column),
                            type: column == .seconds ? .f64 : .f32, count: epochs))
                }
            }
        }
        for (index, dataset) in try list(document, "datasets", "the record").enumerated()
        where dataset["stored"]?.int == 1 {
            let place = "dataset \(index + 1)"
            for column in try list(dataset, "columns", place) {
                let type = column["type"]?.string.flatMap(TransferPart.ValueType.init(rawValue:)) ?? .u8
                try add(column, "sha256", type: type, place)
            }
        }
        return contents.sorted { $0.key.hex < $1.key.hex }.map(\.value) + series
    }

    private static func list(_ json: JSONValue, _ key: String, _ place: String) throws(RegistryError) -> [JSONValue] {
        guard let list = json[key]?.array else { throw .unsound(place: place, what: "\(key) is missing or not a list") }
        return list
    }
}
