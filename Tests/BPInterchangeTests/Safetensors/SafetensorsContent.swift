import BPInterchange

/// A safetensors file as any program reads it: by its header alone.
struct SafetensorsContent {
    let header: SafetensorsHeader
    /// The byte at which the tensors begin.
    let dataStart: Int
    private let file: InputFile

    init(_ path: String) throws {
        file = try InputFile(path)
        let length = try SafetensorsHeader.length(in: file)
        dataStart = 8 + length
        header = try SafetensorsHeader(
            json: file.bytes(at: 8, count: length), dataCount: file.size - dataStart, file: path)
    }

    func bytes(of tensor: SafetensorsTensor) throws -> [UInt8] {
        try file.bytes(at: dataStart + tensor.range.lowerBound, count: tensor.range.count)
    }
}
