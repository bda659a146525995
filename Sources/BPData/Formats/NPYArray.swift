/// An array as NumPy stores it (`.npy`, and the members of `.npz`).
///
/// Read are floats, integers, bool and text, little and big endian, in C and Fortran order, and structures of these.
/// Arrays of Python objects are refused: they are pickles, and reading a pickle runs what is in it.
package struct NPYArray: Sendable {
    let header: NPYHeader
    let bytes: [UInt8]

    /// Whether the bytes begin as an NPY file does.
    package static func begins(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: NPYHeader.magic) }

    /// Reads a file's bytes.
    /// - Throws: `DataError` (`malformed`) for a header that cannot be, a type that is not read, or a shape that does
    ///   not need exactly the bytes that are there.
    package init(_ bytes: [UInt8]) throws(DataError) {
        header = try bytes.withUnsafeBufferPointer { buffer throws(DataError) in
            try NPYHeader(UnsafeRawBufferPointer(buffer))
        }
        self.bytes = bytes
        let needed = NPYArray.byteCount(header.shape, header.itemSize)
        let found = bytes.count - header.dataOffset
        guard needed == found else {
            throw DataError(
                .malformed,
                "its shape \(Visible.shape(header.shape)) needs \(needed.map { Visible.count($0, "byte") } ?? "more bytes than there can be"), "
                    + "and \(Visible.grouped(found)) \(found == 1 ? "follows" : "follow") the header")
        }
    }

    /// How long a file is that begins so; nil where the header is longer than this beginning, or none.
    static func size(of head: [UInt8]) -> Int? {
        let header = try? head.withUnsafeBufferPointer { buffer throws(DataError) in
            try NPYHeader(UnsafeRawBufferPointer(buffer))
        }
        guard let header, let values = byteCount(header.shape, header.itemSize) else { return nil }
        let (total, overflow) = values.addingReportingOverflow(header.dataOffset)
        return overflow ? nil : total
    }

    /// The sizes of its dimensions; none for a single value.
    package var shape: [Int] { header.shape }

    /// What its values are; nil for structures.
    package var element: ArrayElement? { header.isStructured ? nil : header.fields.first?.element }

    /// How many values it has.
    package var count: Int { header.shape.reduce(1) { $0 &* $1 } }

    /// The values in C order (the last index runs fastest), exactly.
    /// - Throws: `DataError` for texts and structures, and for an integer that no Double equals.
    package func doubles() throws(DataError) -> [Double] {
        guard let element, element.isNumber else {
            throw DataError(.badValue, "the array holds no numbers")
        }
        let read = bytes.withUnsafeBytes { raw in
            element.doubles(UnsafeRawBufferPointer(rebasing: raw[header.dataOffset...]))
        }
        switch read {
        case .success(let stored): return header.isFortran ? inCOrder(stored) : stored
        case .failure(let fault):
            throw DataError(.badValue, "\(fault.digits) is not exactly a float64", value: fault.digits)
        }
    }

    /// The values in C order, each rounded to float32 once.
    /// - Throws: as `doubles()`.
    package func floats() throws(DataError) -> [Float] { try doubles().map { Float($0) } }

    /// Values of which the first index runs fastest, in the order in which the last one does.
    private func inCOrder(_ stored: [Double]) -> [Double] {
        guard shape.count > 1, !stored.isEmpty else { return stored }
        var steps: [Int] = []
        var step = 1
        for size in shape {
            steps.append(step)
            step *= size
        }
        var index = shape.map { _ in 0 }
        var place = 0
        return (0..<stored.count).map { _ in
            let value = stored[place]
            for axis in shape.indices.reversed() {
                index[axis] += 1
                place += steps[axis]
                if index[axis] < shape[axis] { break }
                place -= steps[axis] * shape[axis]
                index[axis] = 0
            }
            return value
        }
    }

    /// The product of all, or nil beyond 64 bits.
    static func byteCount(_ shape: [Int], _ size: Int) -> Int? {
        // A dimension of 0 makes all the others possible.
        if shape.contains(0) { return 0 }
        var total = size
        for count in shape {
            let (product, overflow) = total.multipliedReportingOverflow(by: count)
            if overflow { return nil }
            total = product
        }
        return total
    }
}

extension NPYArray {
    /// The bytes of an NPY file of float32 values in C order.
    /// - Precondition: the shape has as many values.
    package static func encoded(_ values: [Float], shape: [Int]) -> [UInt8] {
        var bytes = header("<f4", shape)
        bytes.reserveCapacity(bytes.count + 4 * values.count)
        for value in values {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// The bytes of an NPY file that holds one text.
    package static func encoded(_ text: String) -> [UInt8] {
        let scalars = text.unicodeScalars
        var bytes = header("<U\(max(1, scalars.count))", [])
        for scalar in scalars { withUnsafeBytes(of: scalar.value.littleEndian) { bytes.append(contentsOf: $0) } }
        if scalars.isEmpty { bytes += [0, 0, 0, 0] }
        return bytes
    }

    /// Version 1; filled up with spaces so that the values begin at a multiple of 64.
    private static func header(_ descr: String, _ shape: [Int]) -> [UInt8] {
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let text = "{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(sizes)), }"
        let length = text.utf8.count + 1
        let padding = (64 - (10 + length) % 64) % 64
        // At most 32 dimensions of 19 digits: far below 65,536.
        let total = UInt16(truncatingIfNeeded: length + padding)
        return NPYHeader.magic + [1, 0, UInt8(total & 0xFF), UInt8(total >> 8)] + Array(text.utf8)
            + Array(repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
    }
}
