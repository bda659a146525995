import BPData
package import BPRegistry

/// Named tensors of another program, or of an export: a safetensors or an NPZ file that is read whole.
package struct TensorFile: Sendable {
    /// A tensor as far as weights may be made of it.
    package struct Tensor: Sendable {
        /// Its name.
        package let name: String
        /// The sizes of its dimensions.
        package let shape: [Int]
        /// What its values are, as the file calls it.
        let type: String
        /// The values as float32, row-major; nil where they are no floats.
        let values: [Float]?
        /// The first value that is finite in the file and beyond the range of a float32: its place, and the value.
        var beyond: Beyond?

        /// A value beyond the range of a float32.
        struct Beyond: Sendable {
            let place: Int
            let value: Double

            /// Nil if there is none.
            init?(_ doubles: [Double], _ floats: [Float]) {
                guard let place = doubles.indices.first(where: { doubles[$0].isFinite && !floats[$0].isFinite }) else {
                    return nil
                }
                (self.place, value) = (place, doubles[place])
            }
        }

        /// `fc1.weight [16, 4]`
        var text: String { "\(name) \(shape)" }
    }

    /// Where it lies.
    package let path: String
    /// Its format: `safetensors` or `npz`.
    package let format: ExportFormat
    /// SHA-256 over its bytes.
    package let sha256: SHA256Digest
    /// Texts by name.
    package let metadata: [String: String]
    /// The tensors, in the file's order.
    package let tensors: [Tensor]
    /// Whether the bytes of an archive have the digest that it names; nil for any other file.
    let isArchiveAsWritten: Bool?

    /// Whether bpreg wrote the file, or what it was made of.
    package var isOfBpreg: Bool { metadata.keys.contains { $0.hasPrefix("bpreg.") } }

    /// Reads a file, whose first bytes tell what it is.
    /// - Throws: `FileError` (`unreadable`), `FormatError`.
    package init(_ path: String) throws {
        let file = try InputFile(path)
        // More copies of the bytes follow.
        guard file.size <= Memory.physical / 4 else {
            throw FileError(.unreadable, path, "has \(file.size) bytes, more than a quarter of the memory")
        }
        let bytes = try file.bytes(at: 0, count: file.size)
        self.path = path
        sha256 = bytes.withUnsafeBytes { SHA256.hash($0) }
        if let other = TensorFile.otherFormat(bytes) {
            throw FormatError(.unsuitable, file: path, other)
        }
        if ZipArchive.begins(bytes) {
            format = .npz
            (tensors, metadata) = try TensorFile.npz(bytes, path)
            isArchiveAsWritten = nil
        } else {
            format = .safetensors
            (tensors, metadata) = try TensorFile.safetensors(bytes, path)
            isArchiveAsWritten = metadata[ArchiveLayout.Key.digest.rawValue].map {
                TensorFile.hasDigest($0, bytes)
            }
        }
    }

    /// Whether the bytes with zeros in the place of the digest have this digest.
    private static func hasDigest(_ digest: String, _ bytes: [UInt8]) -> Bool {
        let place = ArchiveLayout.digestPlace..<ArchiveLayout.digestPlace + ArchiveLayout.digestDigits
        guard place.upperBound <= bytes.count, Array(bytes[place]) == Array(digest.utf8) else { return false }
        var zeroed = bytes
        zeroed.replaceSubrange(place, with: Array(ArchiveLayout.zeros.utf8))
        return zeroed.withUnsafeBytes { SHA256.hash($0) }.hex == digest
    }

    /// What a file is that cannot be read here, by its first bytes, and what can be done.
    private static func otherFormat(_ bytes: [UInt8]) -> String? {
        switch FileKind(of: bytes) {
        case .npy: return "one array has no layers; numpy.savez writes several, with their names"
        case .idx: return "an IDX file holds one array of data, and no layers; safetensors and NPZ files are read"
        case .gzip:
            return "the file is gzipped; unpack it with gzip -d, since safetensors and NPZ files are read as they are"
        case .sqlite:
            return "an SQLite file holds no weights that are imported; bpreg restore reads archives of a registry"
        case .foreign(.hdf5):
            return "an HDF5 file is not read; save the arrays of model.get_weights() with numpy.savez"
        case .foreign(.pickle):
            return "a pickle is not read: it runs the code that is in it; save the weights as safetensors or NPZ"
        case .foreign(let format):
            return "the file is \(format.name), which is not read; safetensors and NPZ files are"
        case .safetensors, .zip, .other: return nil
        }
    }

    private static func safetensors(_ bytes: [UInt8], _ path: String) throws(FormatError) -> (
        [Tensor], [String: String]
    ) {
        let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard bytes.count >= 8, length <= UInt64(bytes.count - 8), length <= UInt64(SafetensorsHeader.limit) else {
            throw FormatError(.malformed, file: path, "it is no safetensors and no NPZ file")
        }
        let start = 8 + Int(length)
        let header = try SafetensorsHeader(
            json: Array(bytes[8..<start]), dataCount: bytes.count - start, file: path)
        let tensors = header.tensors.map { tensor in
            let range = start + tensor.range.lowerBound..<start + tensor.range.upperBound
            return bytes.withUnsafeBytes {
                let raw = UnsafeRawBufferPointer(rebasing: $0[range])
                let values = tensor.type.floats(raw)
                return Tensor(
                    name: tensor.name, shape: tensor.shape, type: tensor.type.rawValue, values: values,
                    beyond: tensor.type == .f64 ? values.flatMap { Tensor.Beyond(doubles(raw), $0) } : nil)
            }
        }
        return (tensors, header.metadata)
    }

    private static func npz(_ bytes: [UInt8], _ path: String) throws(FormatError) -> ([Tensor], [String: String]) {
        do throws(DataError) {
            let archive = try ZipArchive(bytes)
            if archive.members.contains(where: { $0.name.hasSuffix("data.pkl") }) {
                throw DataError(
                    .unusable,
                    "a PyTorch file is a pickle, which runs the code that is in it; write the state_dict with "
                        + "safetensors.torch.save_file")
            }
            if archive.members.contains(where: { $0.name.hasSuffix(".h5") }) {
                throw DataError(
                    .unusable,
                    "a Keras file is not read; save the arrays of model.get_weights() with numpy.savez, or "
                        + "model.variables as safetensors by their path")
            }
            var (tensors, metadata): ([Tensor], [String: String]) = ([], [:])
            for member in archive.members {
                guard member.name.hasSuffix(".npy") else {
                    throw DataError(.malformed, "member \"\(member.name)\" is no array: no NPZ file")
                }
                let name = String(member.name.dropLast(4))
                let array = try NPYArray(archive.bytes(of: member))
                if let text = array.text {
                    metadata[name] = text
                    continue
                }
                guard let element = array.element, element.kind == .float else {
                    let type = array.element?.name ?? "structure"
                    tensors.append(Tensor(name: name, shape: array.shape, type: type, values: nil))
                    continue
                }
                let doubles = try array.doubles()
                let floats = doubles.map { Float($0) }
                tensors.append(
                    Tensor(
                        name: name, shape: array.shape, type: "F\(8 * element.size)", values: floats,
                        beyond: Tensor.Beyond(doubles, floats)))
            }
            return (tensors, metadata)
        } catch {
            throw FormatError(error.kind == .unusable ? .unsuitable : .malformed, file: path, error.message)
        }
    }
}

/// The values of a tensor of float64.
private func doubles(_ raw: UnsafeRawBufferPointer) -> [Double] {
    (0..<raw.count / 8).map {
        Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
    }
}

extension SafetensorsTensor.ElementType {
    /// float32 of the bytes of a tensor, each rounded once; nil for what are no floats of 16, 32 or 64 bits.
    func floats(_ raw: UnsafeRawBufferPointer) -> [Float]? {
        func each<Bits: FixedWidthInteger>(_: Bits.Type, _ value: (Bits) -> Float) -> [Float] {
            (0..<raw.count / MemoryLayout<Bits>.size).map {
                value(
                    Bits(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Bits>.size, as: Bits.self)))
            }
        }
        switch self {
        case .f32: return each(UInt32.self) { Float(bitPattern: $0) }
        case .f64: return doubles(raw).map { Float($0) }
        case .bf16: return each(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .f16: return each(UInt16.self) { Float(Double(float16Bits: $0)) }
        case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .i16, .u16, .i32, .u32, .i64, .u64: return nil
        }
    }
}
