internal import BPJSON

extension SafetensorsHeader {
    /// Reads a header, and believes nothing of it: the tensors must fill the data from the first byte to the last, without
    /// hole or overlap, and each shape must give the bytes that its tensor has.
    /// - Parameters:
    ///   - json: the header, without the length before it.
    ///   - dataCount: how many bytes stand behind it.
    /// - Throws: `FormatError` (`malformed`).
    package init(json: [UInt8], dataCount: Int, file: String) throws(FormatError) {
        func refuse(_ what: String, _ name: String? = nil) -> FormatError {
            FormatError(.malformed, file: file, what, at: name.map { "tensor \"\($0)\"" } ?? "the header")
        }
        // White space before the header would let one file be spelled in many ways; other readers refuse it too.
        guard json.first == UInt8(ascii: "{") else { throw refuse("does not begin with {") }
        let value: JSONValue
        do { value = try JSONValue(parsing: json) } catch { throw refuse(error.description) }
        guard case .object(let members) = value else { throw refuse("is no object") }

        var metadata: [String: String] = [:]
        var tensors: [SafetensorsTensor] = []
        tensors.reserveCapacity(members.count)
        for (name, member) in members {
            if name == SafetensorsHeader.metadataKey {
                metadata = try SafetensorsHeader.metadata(member, file: file)
            } else {
                guard !name.isEmpty, !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
                else { throw refuse("a name that is empty or has control characters", name) }
                guard let tensor = try SafetensorsHeader.tensor(name, member, refuse) else {
                    throw refuse("it needs a dtype, a shape and data_offsets, and nothing else", name)
                }
                tensors.append(tensor)
            }
        }
        tensors.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        var end = 0
        for tensor in tensors {
            guard tensor.range.lowerBound == end else {
                let what = tensor.range.lowerBound < end ? "it overlaps the tensor before" : "there is a hole before it"
                throw refuse(
                    "\(what): it begins at byte \(tensor.range.lowerBound) of the data, not \(end)", tensor.name)
            }
            end = tensor.range.upperBound
        }
        guard end == dataCount else {
            throw refuse("its tensors have \(end) bytes, and \(dataCount) follow it")
        }
        self.init(metadata: metadata, sorted: tensors, dataCount: dataCount)
    }

    /// The length of the header of `file`, which is in its first 8 bytes.
    /// - Throws: `FileError` (`unreadable`), `FormatError` (`malformed`).
    package static func length(in file: InputFile) throws -> Int {
        func refuse(_ what: String) -> FormatError {
            FormatError(.malformed, file: file.path, what, at: "its first 8 bytes")
        }
        guard file.size >= 8 else {
            throw FormatError(.malformed, file: file.path, "\(file.size) bytes are no safetensors file")
        }
        let first = try file.bytes(at: 0, count: 8)
        let length = first.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(file.size - 8) else {
            throw refuse(
                "the header is said to have \(length) bytes, and the file has \(file.size): no safetensors file, or cut off"
            )
        }
        guard length <= UInt64(SafetensorsHeader.limit) else {
            throw refuse("a header of \(length) bytes is longer than the \(SafetensorsHeader.limit) that are read")
        }
        return Int(length)
    }

    private static func metadata(_ value: JSONValue, file: String) throws(FormatError) -> [String: String] {
        var texts: [String: String] = [:]
        guard case .object(let members) = value else {
            throw FormatError(.malformed, file: file, "__metadata__ is no object", at: "the header")
        }
        for (name, member) in members {
            guard let text = member.string else {
                throw FormatError(.malformed, file: file, "\"\(name)\" of __metadata__ is no text", at: "the header")
            }
            texts[name] = text
        }
        return texts
    }

    /// The tensor that `value` describes; nil where it has not exactly the three members.
    private static func tensor(
        _ name: String, _ value: JSONValue, _ refuse: (String, String?) -> FormatError
    ) throws(FormatError) -> SafetensorsTensor? {
        guard value.object?.count == 3, let dtype = value["dtype"]?.string, let shape = value["shape"]?.array,
            let offsets = value["data_offsets"]?.array
        else { return nil }
        guard let type = SafetensorsTensor.ElementType(rawValue: dtype) else {
            throw refuse("its dtype \"\(dtype.prefix(20))\" is not known", name)
        }
        let lengths = shape.compactMap { length($0) }
        guard lengths.count == shape.count, shape.count <= 32, let bytes = SafetensorsTensor.bytes(type, lengths) else {
            throw refuse("its shape \(JSONValue.array(Array(shape.prefix(33))).serialized.prefix(80)) is none", name)
        }
        guard offsets.count == 2, let start = length(offsets[0]), let end = length(offsets[1]), start <= end else {
            throw refuse("its data_offsets are no two places, the first before the second", name)
        }
        guard end - start == bytes else {
            throw refuse("its shape takes \(bytes) bytes, and it has \(end - start)", name)
        }
        return SafetensorsTensor(name: name, type: type, shape: lengths, range: start..<end)
    }

    /// A whole number that is not negative, and was written as one.
    private static func length(_ value: JSONValue) -> Int? {
        guard case .integer(let number) = value, number >= 0 else { return nil }
        return Int(exactly: number)
    }
}
