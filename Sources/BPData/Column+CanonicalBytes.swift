extension Column {
    /// The values in the form that is hashed and stored: numbers little-endian, texts each as their length in
    /// bytes (u32, little-endian) and their UTF-8. Every bit survives, −0 and denormals too.
    public var canonicalBytes: [UInt8] {
        switch values {
        case .f64(let numbers): littleEndian(numbers) { $0.bitPattern }
        case .f32(let numbers): littleEndian(numbers) { $0.bitPattern }
        case .u8(let numbers): numbers
        case .text(let texts): lengthPrefixed(texts)
        }
    }

    private func littleEndian<Number, Bits: FixedWidthInteger>(
        _ numbers: [Number], _ bits: (Number) -> Bits
    ) -> [UInt8] {
        let width = MemoryLayout<Bits>.size
        return [UInt8](unsafeUninitializedCapacity: numbers.count * width) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            for (index, number) in numbers.enumerated() {
                raw.storeBytes(of: bits(number).littleEndian, toByteOffset: index * width, as: Bits.self)
            }
            count = numbers.count * width
        }
    }

    private func lengthPrefixed(_ texts: TextValues) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(texts.utf8.count + 4 * texts.count)
        for index in 0..<texts.count {
            let text = texts.bytes(at: index)
            // A text is at most 1 MiB, so its length fits.
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: text)
        }
        return bytes
    }
}

extension Column {
    /// The column whose `canonicalBytes` these are.
    /// - Throws: `DataError` if the bytes do not make exactly `rowCount` values of `type`.
    public init(name: String, type: ColumnType, rowCount: Int, canonicalBytes bytes: [UInt8]) throws(DataError) {
        func refuse(_ message: String) -> DataError { DataError(.corrupt, message, columnName: name) }
        guard rowCount >= 0 else { throw refuse("stored with \(rowCount) rows") }
        guard let width = type.width else {
            let texts = try Column.texts(in: bytes, count: rowCount) { refuse($0) }
            self.init(name: name, values: .text(texts))
            return
        }
        let (size, overflow) = rowCount.multipliedReportingOverflow(by: width)
        guard !overflow, size == bytes.count else {
            throw refuse("\(bytes.count) bytes are stored, \(rowCount) values of \(type.rawValue) were expected")
        }
        switch type {
        case .f64:
            self.init(
                name: name, values: .f64(Column.numbers(in: bytes) { Double(bitPattern: UInt64(littleEndian: $0)) }))
        case .f32:
            self.init(
                name: name, values: .f32(Column.numbers(in: bytes) { Float(bitPattern: UInt32(littleEndian: $0)) }))
        case .u8, .text:
            self.init(name: name, values: .u8(bytes))
        }
    }

    private static func numbers<Bits: FixedWidthInteger, Number>(
        in bytes: [UInt8], _ number: (Bits) -> Number
    ) -> [Number] {
        let width = MemoryLayout<Bits>.size
        return bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: width).map {
                number(raw.loadUnaligned(fromByteOffset: $0, as: Bits.self))
            }
        }
    }

    private static func texts(
        in bytes: [UInt8], count: Int, refuse: (String) -> DataError
    ) throws(DataError) -> TextValues {
        var texts = TextValues()
        var position = 0
        while texts.count < count {
            guard bytes.count - position >= 4 else { throw refuse("ends after \(texts.count) of \(count) texts") }
            let length = (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
            position += 4
            guard length <= min(TextValues.longestText, bytes.count - position) else {
                throw refuse("text \(texts.count + 1) claims \(length) bytes, more than are there or allowed")
            }
            let text = bytes[position..<position + length]
            guard text.withUnsafeBytes({ TextCheck.firstFault(in: $0) }) == nil else {
                throw refuse("text \(texts.count + 1) is not UTF-8")
            }
            texts.append(text)
            position += length
        }
        guard position == bytes.count else { throw refuse("\(bytes.count - position) bytes follow the last text") }
        return texts
    }
}
