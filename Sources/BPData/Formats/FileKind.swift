/// The format of a file by its first bytes, for tables, archives and weights.
package enum FileKind: Sendable, Hashable {
    /// An array of MNIST's format.
    case idx
    /// One of NumPy's arrays.
    case npy
    /// A zip archive, of NumPy's arrays or of anything else.
    case zip
    /// Compressed by gzip.
    case gzip
    /// Weights, or an archive of bpreg.
    case safetensors
    /// A registry, or another database of SQLite.
    case sqlite
    /// A format that is known, and not read.
    case foreign(ForeignFormat)
    /// Text, as far as the first bytes show.
    case other

    /// The format in words; nil for text and for unknown formats.
    package var noun: String? {
        switch self {
        case .idx: "an IDX file"
        case .npy: "an NPY file"
        case .zip: "a zip archive, as NPZ files are"
        case .gzip: "compressed by gzip"
        case .safetensors: "a safetensors file"
        case .sqlite: "an SQLite database"
        case .foreign(let format): format.name
        case .other: nil
        }
    }

    /// How many bytes are enough.
    package static let headLength = 512

    /// Of the first bytes of a file, or all of a shorter one.
    package init(of bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(FileKind.headLength))
        // Eight bytes of length come first, and an object follows. A length below 4 GiB ends in four zero bytes, which no
        // text has; IDX may begin with two, and gzip may have them too.
        let hasLength = head.count > 8 && head[4..<8].allSatisfy { $0 == 0 }
        if hasLength, head[8] == UInt8(ascii: "{") {
            self = .safetensors
        } else if ZipArchive.begins(head) {
            self = .zip
        } else if NPYArray.begins(head) {
            self = .npy
        } else if IDXArray.begins(head) {
            self = .idx
        } else if Gzip.begins(head) {
            self = .gzip
        } else if head.starts(with: Array("SQLite format 3\0".utf8)) {
            self = .sqlite
        } else if let known = ForeignFormat(head) {
            self = .foreign(known)
        } else {
            // A damaged archive, whose object is not whole.
            self = hasLength && head[0] != 0x1F && !(head[0] == 0 && head[1] == 0) ? .safetensors : .other
        }
    }
}

/// A format that is known by its first bytes, and not read.
package struct ForeignFormat: Sendable, Hashable {
    /// The format in words: `a Parquet file`.
    package let name: String
    /// A way to make a table of it, in words, if there is one.
    let advice: String?
    /// A command that does it: FILE stands for the file, OUT for one to write.
    let command: String?

    private init(_ name: String, _ advice: String? = nil, command: String? = nil) {
        (self.name, self.advice, self.command) = (name, advice, command)
    }

    /// Nil for bytes that are of no such format.
    init?(_ head: [UInt8]) {
        if let known = ForeignFormat.magics.first(where: { head.starts(with: $0.magic) }) {
            self = known.format
        } else if head.count > 262, head[257..<262].elementsEqual("ustar".utf8) {
            self.init("a tar archive", command: "tar -xf FILE   # then name one of its files")
        } else if ForeignFormat.isPickle(head) {
            self = .pickle
        } else if ForeignFormat.isONNX(head) {
            self.init("an ONNX model", "bpreg writes such files and reads no model from them")
        } else if let text = ForeignFormat.markup(head) {
            self = text
        } else {
            return nil
        }
    }

    /// Arrays of many programs, such as the weights of Keras.
    package static let hdf5 = ForeignFormat("an HDF5 file", "save its arrays as NPY or NPZ")
    /// Objects of Python, such as the weights of PyTorch.
    package static let pickle = ForeignFormat(
        "a pickle, which runs the code that is in it when it is read",
        "save the array with numpy.save, or the table as CSV")

    private static let compressed = [
        ("xz", "xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]), ("zstd", "zstd", [0x28, 0xB5, 0x2F, 0xFD]),
        ("bzip2", "bzip2", Array("BZh".utf8)), ("lz4", "lz4", [0x04, 0x22, 0x4D, 0x18]),
        ("compress", "gzip", [0x1F, 0x9D]), ("LZIP", "lzip", Array("LZIP".utf8)),
    ].map { name, tool, magic in
        (ForeignFormat("compressed by \(name)", command: "\(tool) -dc < FILE > OUT"), magic as [UInt8])
    }

    private static let magics: [(format: ForeignFormat, magic: [UInt8])] =
        compressed + [
            (ForeignFormat.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A]),
            (
                ForeignFormat("a Parquet file", "save the table as CSV, such as pandas.read_parquet(…).to_csv(…)"),
                Array("PAR1".utf8)
            ),
            (ForeignFormat("an Arrow or Feather file", "save the table as CSV"), Array("ARROW1".utf8)),
            (ForeignFormat("a Feather file", "save the table as CSV"), Array("FEA1".utf8)),
            (ForeignFormat("an ORC file", "save the table as CSV"), Array("ORC".utf8) + [0x0A]),
            (ForeignFormat("an Avro file", "save the table as CSV"), Array("Obj".utf8) + [0x01]),
            (ForeignFormat("an R workspace", "save the table with write.csv"), Array("RDX".utf8)),
            (ForeignFormat("a MATLAB file", "save the matrix with writematrix"), Array("MATLAB 5.0 MAT-file".utf8)),
            (ForeignFormat("a Stata file", "export it as CSV"), Array("<stata_dta>".utf8)),
            (ForeignFormat("an SPSS file", "export it as CSV"), Array("$FL2".utf8)),
            (
                ForeignFormat("an Excel or Word document of the old format (xls, doc)", "save the table as CSV"),
                [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
            ),
            (
                ForeignFormat("a 7-Zip archive", command: "7z x FILE   # then name one of its files"),
                [0x37, 0x7A, 0xBC, 0xAF]
            ),
            (
                ForeignFormat("a RAR archive", command: "unrar x FILE   # then name one of its files"),
                Array("Rar!".utf8)
            ),
            (ForeignFormat("a PDF document", "copy the table out of it, and save it as CSV"), Array("%PDF".utf8)),
            (ForeignFormat("an image (PNG)"), [0x89, 0x50, 0x4E, 0x47]),
            (ForeignFormat("an image (JPEG)"), [0xFF, 0xD8, 0xFF]),
            (ForeignFormat("an image (GIF)"), Array("GIF8".utf8)),
            (ForeignFormat("a program (ELF)"), [0x7F, 0x45, 0x4C, 0x46]),
            (
                ForeignFormat(
                    "a pointer of Git LFS, and the data are elsewhere", command: "git lfs pull   # gets the data"),
                Array("version https://git-lfs".utf8)
            ),
        ]

    /// Protocol 2 and on: a mark, the number, and an opcode.
    private static func isPickle(_ head: [UInt8]) -> Bool {
        head.count > 2 && head[0] == 0x80 && (2...5).contains(head[1])
    }

    /// The version of the format in field 1, then another field of the model; no text has a backspace.
    private static func isONNX(_ head: [UInt8]) -> Bool {
        head.count > 3 && head[0] == 0x08 && (3...32).contains(head[1])
            && [0x12, 0x1A, 0x22, 0x3A, 0x42].contains(head[2])
    }

    /// Text that is no table.
    private static func markup(_ head: [UInt8]) -> ForeignFormat? {
        let text = head.drop { [0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let front = String(decoding: text.prefix(32), as: UTF8.self).lowercased()
        if front.hasPrefix("<!doctype html") || front.hasPrefix("<html") {
            return ForeignFormat("an HTML page", "get the file itself: a page was saved in its place")
        }
        if front.hasPrefix("<?xml") { return ForeignFormat("XML", "save the table as CSV") }
        let next = text.dropFirst().first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let opensList = text.first == UInt8(ascii: "[") && (next == UInt8(ascii: "{") || next == UInt8(ascii: "["))
        if text.first == UInt8(ascii: "{") && next == UInt8(ascii: "\"") || opensList {
            return ForeignFormat("JSON", "save the table as CSV, with a header")
        }
        return nil
    }

    /// The refusal of a file of this format as a table.
    var error: DataError {
        var error = DataError(
            .malformed, "it is \(name), which cannot be read; CSV, IDX, NPY and NPZ can, also with gzip")
        error.remedy = (command ?? advice).map { .command($0) }
        return error
    }
}
