/// The header of an NPY file: format versions 1, 2 and 3.
struct NPYHeader {
    /// A named value of a structured type; the only one of a plain type has no name.
    struct Field: Sendable, Hashable {
        let name: String
        let element: ArrayElement
        /// Where it begins in an item.
        let offset: Int
    }

    let shape: [Int]
    let isFortran: Bool
    let isStructured: Bool
    let fields: [Field]
    /// Bytes of one item, all its fields and what lies between them.
    let itemSize: Int
    /// Where the items begin.
    let dataOffset: Int

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    private static let longest = 1 << 20

    init(_ raw: UnsafeRawBufferPointer) throws(DataError) {
        var reader = ByteReader(raw)
        guard raw.starts(with: NPYHeader.magic), reader.take(6) != nil, let major = reader.next(UInt8.self),
            let minor = reader.next(UInt8.self), (1...3).contains(major), minor == 0
        else { throw DataError(.malformed, "it is no NPY file of version 1, 2 or 3") }
        let length = major == 1 ? reader.int(UInt16.self) : reader.int(UInt32.self)
        guard let length, length <= NPYHeader.longest, let range = reader.take(length) else {
            throw DataError(.malformed, "the NPY header reaches beyond the file's end, or is above 1 MiB")
        }
        dataOffset = range.upperBound
        // Before version 3 the header is Latin-1.
        let text =
            major < 3
            ? Array(String(String.UnicodeScalarView(raw[range].map { Unicode.Scalar($0) })).utf8) : Array(raw[range])
        let literal = try text.withUnsafeBufferPointer { bytes throws(DataError) in
            try PythonLiteral(parsing: bytes)
        }
        guard case .dictionary(let members) = literal, members.count == 3, let descr = members["descr"],
            case .bool(let isFortran) = members["fortran_order"], case .sequence(let sizes) = members["shape"]
        else { throw DataError(.malformed, "the NPY header must have descr, fortran_order and shape, and no more") }
        self.isFortran = isFortran
        shape = try NPYHeader.shape(sizes)
        (fields, itemSize) = try NPYHeader.fields(descr)
        if case .sequence = descr { isStructured = true } else { isStructured = false }
    }

    private static func shape(_ sizes: [PythonLiteral]) throws(DataError) -> [Int] {
        guard sizes.count <= 32 else { throw DataError(.malformed, "the array has more than 32 dimensions") }
        var shape: [Int] = []
        for size in sizes {
            guard case .int(let size) = size, size >= 0 else {
                throw DataError(.malformed, "the array's shape is no tuple of whole numbers from 0 on")
            }
            shape.append(size)
        }
        return shape
    }

    private static func fields(_ descr: PythonLiteral) throws(DataError) -> ([Field], Int) {
        if case .string(let descr) = descr {
            let element = try ArrayElement(numpy: descr)
            return ([Field(name: "", element: element, offset: 0)], element.size)
        }
        guard case .sequence(let items) = descr, !items.isEmpty else {
            throw DataError(.malformed, "the NPY header has no type of values")
        }
        var fields: [Field] = []
        var size = 0
        for item in items {
            guard case .sequence(let parts) = item, parts.count == 2, case .string(let name) = parts[0],
                case .string(let descr) = parts[1]
            else {
                throw DataError(.malformed, "a field is an array or a structure itself; only single values can be read")
            }
            // What aligns the fields has no name and no meaning.
            if name.isEmpty, descr.hasPrefix("|V") {
                guard let padding = Int(descr.dropFirst(2)), (0...longest).contains(padding) else {
                    throw DataError(.malformed, "the space between fields is \(Visible.quoted(descr))")
                }
                size += padding
            } else {
                let element = try ArrayElement(numpy: descr)
                fields.append(Field(name: name, element: element, offset: size))
                size += element.size
            }
            guard size <= longest * 64 else { throw DataError(.malformed, "a row is above 64 MiB") }
        }
        guard !fields.isEmpty else { throw DataError(.malformed, "the NPY header has no fields") }
        return (fields, size)
    }
}
