import BPData
package import BPJSON
package import BPTransfer
package import BPRegistry
import BPSystem

/// An archive that is read.
///
/// Opening it reads all of the file once, in pieces, and compares the digest; only then is anything in it looked at. What
/// the document says must make this very header, name by name and byte by byte, so that nothing can be hidden beside it.
package final class ArchiveFile: TransferSource {
    /// The rows.
    package let document: JSONValue
    /// The parts, in the order of their bytes.
    package let parts: [TransferPart]
    /// Path, digest and length.
    package let name: ArchiveName
    /// What it is an archive of, in the numbers of the registry that wrote it: `run:7`, `version:iris:3`, `model:iris`.
    package let subject: String
    /// The bpreg that wrote it.
    package let writtenBy: String
    /// Which weights `layer1.weight` and so on are, if there are any.
    package let weights: ArchiveWeights?
    private let file: InputFile
    private let dataStart: Int
    private let places: [TransferPart: Range<Int>]

    /// Opens an archive and checks it.
    /// - Throws: `FileError` (`unreadable`); `FormatError`: `malformed`, `newer`, or `unsuitable` for a sound file that is
    ///   no archive.
    package init(_ path: String) throws {
        file = try InputFile(path)
        let kind = FileKind(of: try file.bytes(at: 0, count: min(file.size, FileKind.headLength)))
        if kind != .safetensors, let noun = kind.noun {
            throw FormatError(.unsuitable, file: path, "the file is \(noun), and no archive of bpreg")
        }
        let length = try SafetensorsHeader.length(in: file)
        dataStart = 8 + length
        // A header may be long: before the digest is known to fit, nothing is read but what it begins with.
        let beginning = try file.bytes(at: 8, count: min(length, 256))
        try ArchiveFile.checkFormat(beginning, file, headerLength: length)
        let digest = try ArchiveFile.checkDigest(beginning, file)
        name = ArchiveName(path: path, digest: digest, bytes: file.size)
        var json = try file.bytes(at: 8, count: length)

        let header = try SafetensorsHeader(json: json, dataCount: file.size - dataStart, file: path)
        func refuse(_ what: String, at place: String = "the header") -> FormatError {
            FormatError(.malformed, file: path, what, at: place)
        }
        func text(_ key: ArchiveLayout.Key) throws -> String {
            guard let text = header.metadata[key.rawValue] else { throw refuse("\(key.rawValue) is missing") }
            return text
        }
        subject = try text(.subject)
        writtenBy = try text(.version)
        if header.metadata[ArchiveLayout.Key.weights.rawValue] != nil {
            weights = ArchiveWeights(json: try text(.weights), descriptionJSON: try text(.model))
            if weights == nil {
                throw refuse("bpreg.weights and bpreg.model do not identify the weights of the layers")
            }
        } else {
            weights = nil
        }
        let documentText = try text(.document)
        let layout: ArchiveLayout
        do {
            document = try JSONValue(parsing: documentText)
            layout = try ArchiveLayout(
                documentText: documentText, parts: TransferDocument.parts(of: document), weights: weights,
                subject: subject,
                version: writtenBy, file: path)
        } catch let error as JSONError {
            throw refuse(error.description, at: "bpreg.record")
        } catch RegistryError.unsound(let place, let what) {
            throw refuse(what, at: "bpreg.record, \(place)")
        } catch let error as FormatError {
            throw refuse(error.what)
        }
        // The layout of a document has zeros for the digest.
        let place = ArchiveLayout.digestPlace - 8
        json.replaceSubrange(place..<place + ArchiveLayout.digestDigits, with: ArchiveLayout.zeros.utf8)
        guard layout.header.encoded().dropFirst(8).elementsEqual(json) else {
            throw refuse("it is not the header that its record makes: names, shapes, places or spelling differ")
        }
        (parts, places) = (layout.parts, layout.places)
    }

    /// Calls `body` with the bytes of a part, in order, in pieces of at most 1 MiB. They are what the digest was taken
    /// over, unless the file was changed since; whether a content fits its name is for the reader to see.
    /// - Throws: `FileError` (`unreadable`), and what `body` throws.
    package func read(_ part: TransferPart, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let place = places[part] else {
            throw FormatError(.malformed, file: name.path, "it has no such part: \(part.name)")
        }
        try file.forEachPiece(of: dataStart + place.lowerBound..<dataStart + place.upperBound, body)
    }

    /// Compares the bytes of each content with its name.
    /// - Throws: `FormatError` (`malformed`) for the first that does not fit.
    package func checkContents() throws {
        var digest = SHA256()
        for part in parts {
            guard case .content(let name) = part.name else { continue }
            try read(part) { digest.update($0) }
            guard digest.finish() == name else {
                throw FormatError(
                    .malformed, file: self.name.path, "its bytes have another hash", at: "content \(name.short)")
            }
        }
    }

    /// `name` with the path from the root, without symbolic links: what is recorded must be found from another folder.
    package var absoluteName: ArchiveName {
        FilePath.resolved(name.path).map { ArchiveName(path: $0, digest: name.digest, bytes: name.bytes) } ?? name
    }

    /// The hashes of its contents.
    package var contents: Set<SHA256Digest> {
        Set(parts.compactMap { if case .content(let digest) = $0.name { digest } else { nil } })
    }

    // MARK: -

    /// Whether this is an archive at all, and of this format: what stands before anything is believed of it.
    private static func checkFormat(_ json: [UInt8], _ file: InputFile, headerLength length: Int) throws {
        let afterDigest = ArchiveLayout.beforeDigest.count + ArchiveLayout.digestDigits
        let start = afterDigest + ArchiveLayout.afterDigest.count
        let rest = json.dropFirst(start)
        guard json.starts(with: ArchiveLayout.beforeDigest),
            json.dropFirst(afterDigest).starts(with: ArchiveLayout.afterDigest),
            let end = rest.prefix(10).firstIndex(of: UInt8(ascii: "\"")),
            let format = Int(String(decoding: rest[..<end], as: UTF8.self)), format > 0
        else {
            // An honest file of others has a short header; it may have any.
            if length <= 1 << 20 {
                let header = try SafetensorsHeader(
                    json: file.bytes(at: 8, count: length), dataCount: file.size - 8 - length, file: file.path)
                if header.metadata[ArchiveLayout.Key.document.rawValue] != nil {
                    throw FormatError(
                        .malformed, file: file.path, "its header does not begin as that of an archive does")
                }
            }
            throw FormatError(.unsuitable, file: file.path, "a safetensors file, but no archive of bpreg")
        }
        guard format <= ArchiveLayout.format else {
            throw FormatError(
                .newer, file: file.path,
                "an archive of format \(format), made by a newer bpreg; this one reads format \(ArchiveLayout.format)")
        }
    }

    private static func checkDigest(_ json: [UInt8], _ file: InputFile) throws -> SHA256Digest {
        let place = ArchiveLayout.digestPlace
        let digits = place..<place + ArchiveLayout.digestDigits
        let said = String(decoding: json[digits.lowerBound - 8..<digits.upperBound - 8], as: UTF8.self)
        var digest = SHA256()
        try file.forEachPiece(of: 0..<digits.lowerBound) { digest.update($0) }
        digest.update(Array(ArchiveLayout.zeros.utf8))
        try file.forEachPiece(of: digits.upperBound..<file.size) { digest.update($0) }
        let sum = digest.finish()
        guard sum.hex == said else {
            throw FormatError(
                .malformed, file: file.path,
                "its bytes have the digest \(sum.short), and it says \(said.prefix(12)): it was changed, or is cut off")
        }
        return sum
    }
}
