/// The values of an array as rows and columns: the first index tells the row, all others together the column.
struct ElementGrid {
    /// A column: what its values are, and where the first one lies.
    struct Place {
        let name: String
        /// From 1, in the array.
        let number: Int
        let element: ArrayElement
        let offset: Int
    }

    let rowCount: Int
    let places: [Place]
    private let isStructured: Bool
    private let bytes: [UInt8]
    /// Bytes from a value to the same of the next row.
    private let rowStride: Int

    /// The most bytes that are turned from rows to columns at a time.
    private static let tile = 1 << 25

    /// An IDX file's rows.
    init(_ array: IDXArray, name: String) throws(DataError) {
        try self.init(
            bytes: array.bytes, dataOffset: array.dataOffset, shape: array.shape, isFortran: false,
            fields: [NPYHeader.Field(name: "", element: array.element, offset: 0)], isStructured: false,
            itemSize: array.element.size, name: name)
    }

    /// An NPY file's rows.
    init(_ array: NPYArray, name: String) throws(DataError) {
        let header = array.header
        try self.init(
            bytes: array.bytes, dataOffset: header.dataOffset, shape: header.shape, isFortran: header.isFortran,
            fields: header.fields, isStructured: header.isStructured, itemSize: header.itemSize, name: name)
    }

    private init(
        bytes: [UInt8], dataOffset: Int, shape: [Int], isFortran: Bool, fields: [NPYHeader.Field], isStructured: Bool,
        itemSize: Int, name: String
    ) throws(DataError) {
        guard let rows = shape.first, rows > 0, !shape.contains(0) else {
            throw DataError(
                .malformed,
                shape.isEmpty
                    ? "the array is a single value, of shape (): it has no rows"
                    : shape.first == 0
                        ? "the array has no rows: its shape is \(Visible.shape(shape))"
                        : "the array has no rows with values: its shape is \(Visible.shape(shape))")
        }
        // That the array needs no more bytes than it has was checked before, so that no product here overflows.
        let width = shape.dropFirst().reduce(1, *)
        guard width <= CSVScanner.mostFields, fields.count <= CSVScanner.mostFields, !isStructured || width == 1 else {
            throw DataError(
                .unusable,
                isStructured
                    ? "structures must be in one dimension, and the shape is \(Visible.shape(shape))"
                    : "rows of \(Visible.grouped(width)) values are above the limit of "
                        + Visible.grouped(CSVScanner.mostFields))
        }
        self.bytes = bytes
        self.isStructured = isStructured
        rowCount = rows
        rowStride = isFortran ? itemSize : width * itemSize
        if isStructured {
            places = fields.enumerated().map { index, field in
                Place(name: field.name, number: index + 1, element: field.element, offset: dataOffset + field.offset)
            }
        } else {
            let element = fields[0].element
            let names = width == 1 ? [name] : ElementGrid.names(width)
            let offsets = isFortran ? ElementGrid.fortranOrder(shape) : Array(0..<width)
            places = names.indices.map { index in
                Place(
                    name: names[index], number: index + 1, element: element,
                    offset: dataOffset + offsets[index] * itemSize)
            }
        }
    }

    /// A matrix says nothing of its rows but numbers; a structure names its columns, and one of them may be the target.
    var needsLabels: Bool { places.count > 1 && !isStructured }

    /// Whether any column is text.
    var hasText: Bool { places.contains { !$0.element.isNumber } }

    /// `p0`, `p1` and on, with as many digits as the last one needs: p00 … p63, p000 … p783.
    static func names(_ count: Int) -> [String] {
        let digits = String(max(0, count - 1)).utf8.count
        return (0..<count).map { index in
            let text = String(index)
            return "p" + String(repeating: "0", count: digits - text.utf8.count) + text
        }
    }

    /// Where the items of the first row lie, counted in items, when the first index runs fastest.
    private static func fortranOrder(_ shape: [Int]) -> [Int] {
        var places = [0]
        var step = shape[0]
        for size in shape.dropFirst() {
            places = places.flatMap { place in (0..<size).map { place + $0 * step } }
            step *= size
        }
        return places
    }

    /// The columns at these indices of `places`, one after the other, as bytes that lie together.
    func forEachColumn(
        _ indices: [Int], _ body: (Place, UnsafeRawBufferPointer) throws(DataError) -> Void
    ) throws(DataError) {
        try bytes.withUnsafeBufferPointer { buffer throws(DataError) in
            let raw = UnsafeRawBufferPointer(buffer)
            var start = 0
            while start < indices.count {
                let place = places[indices[start]]
                let size = place.element.size
                if size == rowStride {
                    try body(
                        place, UnsafeRawBufferPointer(rebasing: raw[place.offset..<place.offset + rowCount * size]))
                    start += 1
                    continue
                }
                // As many columns as share a line of cache, or fewer of a long table.
                let most = min(64, max(1, ElementGrid.tile / (rowCount * size)))
                let group = indices[start...].prefix(most).prefix { places[$0].element.size == size }.map { places[$0] }
                try turn(group, raw, body)
                start += group.count
            }
        }
    }

    /// Brings each column's values together.
    private func turn(
        _ group: [Place], _ raw: UnsafeRawBufferPointer,
        _ body: (Place, UnsafeRawBufferPointer) throws(DataError) -> Void
    ) throws(DataError) {
        let size = group[0].element.size
        let length = rowCount * size
        let turned = UnsafeMutableRawBufferPointer.allocate(byteCount: group.count * length, alignment: 16)
        defer { turned.deallocate() }
        let offsets = group.map(\.offset)
        switch size {
        case 1: turn(offsets, raw, turned, UInt8.self)
        case 2: turn(offsets, raw, turned, UInt16.self)
        case 4: turn(offsets, raw, turned, UInt32.self)
        case 8: turn(offsets, raw, turned, UInt64.self)
        default:
            for (index, offset) in offsets.enumerated() {
                for row in 0..<rowCount {
                    let from = offset + row * rowStride
                    UnsafeMutableRawBufferPointer(rebasing: turned[(index * length + row * size)...].prefix(size))
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[from..<from + size]))
                }
            }
        }
        for (index, place) in group.enumerated() {
            try body(place, UnsafeRawBufferPointer(rebasing: turned[index * length..<(index + 1) * length]))
        }
    }

    private func turn<Word: FixedWidthInteger>(
        _ offsets: [Int], _ raw: UnsafeRawBufferPointer, _ turned: UnsafeMutableRawBufferPointer, _: Word.Type
    ) {
        let size = MemoryLayout<Word>.size
        let length = rowCount * size
        guard let from = raw.baseAddress, let to = turned.baseAddress else { return }
        // Some rows at a time, so that what is read stays near while each column takes its part.
        let most = 32
        for first in stride(from: 0, to: rowCount, by: most) {
            let rows = min(most, rowCount - first)
            for (index, offset) in offsets.enumerated() {
                var source = from + (first * rowStride + offset)
                var target = to + (index * length + first * size)
                for _ in 0..<rows {
                    target.storeBytes(of: source.loadUnaligned(as: Word.self), as: Word.self)
                    source += rowStride
                    target += size
                }
            }
        }
    }
}
