internal import BPJSON
internal import BPRegistry
internal import BPTransfer

/// The file that a document and its parts make: one for each document, to the byte.
///
/// The writer writes it, and the reader derives it anew from what it has read and refuses whatever is another.
struct ArchiveLayout {
    /// The format of the file.
    static let format = 1

    /// The names in `__metadata__`.
    enum Key: String, CaseIterable {
        case digest = "bpreg.digest"
        case format = "bpreg.format"
        case model = "bpreg.model"
        case document = "bpreg.record"
        case subject = "bpreg.subject"
        case version = "bpreg.version"
        case weights = "bpreg.weights"
    }

    /// What the JSON header begins with; the 64 digits of the digest follow, and after them `afterDigest`.
    static let beforeDigest = Array(#"{"__metadata__":{"bpreg.digest":""#.utf8)
    static let afterDigest = Array(#"","bpreg.format":""#.utf8)
    static let digestDigits = 64
    /// Where in the file the digits of the digest stand. The digest is over the file with zeros there.
    static let digestPlace = 8 + beforeDigest.count
    static let zeros = String(repeating: "0", count: digestDigits)

    /// The header, with zeros for the digest.
    let header: SafetensorsHeader
    /// The parts in the order of their bytes: the widest values first, so that each begins where its values may begin.
    let parts: [TransferPart]
    /// Where the bytes of each part lie, counted from the first byte behind the header.
    let places: [TransferPart: Range<Int>]

    /// - Throws: `FormatError` (`unsuitable`) where the weights are not among the parts, or the sizes are none.
    init(
        documentText: String, parts all: [TransferPart], weights: ArchiveWeights?, subject: String, version: String,
        file: String
    ) throws(FormatError) {
        var metadata: [Key: String] = [
            .digest: ArchiveLayout.zeros, .format: String(ArchiveLayout.format), .document: documentText,
            .subject: subject, .version: version,
        ]
        var layered: TransferPart?
        if let weights {
            metadata[.weights] = weights.json.serialized
            metadata[.model] = weights.descriptionJSON
            let part = TransferPart(.content(weights.digest), type: .f32, count: weights.network.parameterCount)
            guard all.contains(part) else {
                throw FormatError(
                    .unsuitable, file: file,
                    "the weights \(weights.digest.short) of \(part.count) parameters are not among its contents")
            }
            layered = part
        }
        parts =
            all.filter { $0.type == .f64 } + [layered].compactMap { $0 }
            + all.filter { $0.type == .f32 && $0 != layered } + all.filter { $0.type == .u8 }
        var tensors: [(name: String, type: SafetensorsTensor.ElementType, shape: [Int])] = []
        var counts: [Int] = []
        for part in parts {
            let own = part == layered ? weights?.tensors ?? [] : [ArchiveLayout.tensor(part)]
            tensors += own
            counts.append(own.count)
        }
        header = try SafetensorsHeader(
            metadata: Dictionary(uniqueKeysWithValues: metadata.map { ($0.key.rawValue, $0.value) }), tensors: tensors,
            file: file)
        var places: [TransferPart: Range<Int>] = [:]
        var next = 0
        for (part, count) in zip(parts, counts) {
            let own = header.tensors[next..<next + count]
            places[part] = (own.first?.range.lowerBound ?? 0)..<(own.last?.range.upperBound ?? 0)
            next += count
        }
        self.places = places
    }

    private static func tensor(
        _ part: TransferPart
    ) -> (name: String, type: SafetensorsTensor.ElementType, shape: [Int]) {
        let name =
            switch part.name {
            case .content(let digest): "content.\(digest.hex)"
            case .losses(let run, let segment): "losses.\(run).\(segment)"
            case .epochs(let run, let segment, let column): "epochs.\(run).\(segment).\(column.rawValue)"
            }
        let type: SafetensorsTensor.ElementType =
            switch part.type {
            case .u8: .u8
            case .f32: .f32
            case .f64: .f64
            }
        return (name, type, [part.count])
    }
}
