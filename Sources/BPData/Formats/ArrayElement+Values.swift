extension ArrayElement {
    /// Reads numbers that lie one behind the other; integers beyond 2⁵³ that no Double equals are handed over as text.
    /// - Returns: the numbers, or the first that no Double holds: its position and digits.
    func doubles(_ raw: UnsafeRawBufferPointer) -> Result<[Double], InexactInteger> {
        switch (kind, size) {
        case (.float, 2): return .success(bits(raw, UInt16.self) { Double(float16Bits: $0) })
        case (.float, 4): return .success(bits(raw, UInt32.self) { Double(Float(bitPattern: $0)) })
        case (.float, _): return .success(bits(raw, UInt64.self) { Double(bitPattern: $0) })
        case (.signed, 1): return .success(bits(raw, Int8.self) { Double($0) })
        case (.signed, 2): return .success(bits(raw, Int16.self) { Double($0) })
        case (.signed, 4): return .success(bits(raw, Int32.self) { Double($0) })
        case (.signed, _): return exact(raw, Int64.self)
        case (.unsigned, 2): return .success(bits(raw, UInt16.self) { Double($0) })
        case (.unsigned, 4): return .success(bits(raw, UInt32.self) { Double($0) })
        case (.unsigned, 8): return exact(raw, UInt64.self)
        default: return .success(raw.map { Double($0) })
        }
    }

    /// Integers that no Double equals: the first, and how many.
    struct InexactInteger: Error {
        let position: Int
        let digits: String
        let count: Int
    }

    private func bits<Bits: FixedWidthInteger>(
        _ raw: UnsafeRawBufferPointer, _: Bits.Type, _ number: (Bits) -> Double
    ) -> [Double] {
        let width = MemoryLayout<Bits>.size
        let count = raw.count / width
        return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count {
                let stored = raw.loadUnaligned(fromByteOffset: index * width, as: Bits.self)
                buffer.initializeElement(
                    at: index, to: number(isBigEndian ? Bits(bigEndian: stored) : Bits(littleEndian: stored)))
            }
            filled = count
        }
    }

    private func exact<Bits: FixedWidthInteger>(
        _ raw: UnsafeRawBufferPointer, _: Bits.Type
    ) -> Result<[Double], InexactInteger> {
        let numbers = bits(raw, Bits.self) { Double($0) }
        var first: (position: Int, digits: String)?
        var count = 0
        for (index, number) in numbers.enumerated() where number.magnitude >= 0x1p53 {
            let integer = self.integer(raw, Bits.self, index)
            guard Bits(exactly: number) != integer else { continue }
            first = first ?? (index, String(integer))
            count += 1
        }
        return first.map {
            .failure(InexactInteger(position: $0.position, digits: $0.digits, count: count))
        } ?? .success(numbers)
    }

    private func integer<Bits: FixedWidthInteger>(
        _ raw: UnsafeRawBufferPointer, _: Bits.Type, _ index: Int
    ) -> Bits {
        let stored = raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
        return isBigEndian ? Bits(bigEndian: stored) : Bits(littleEndian: stored)
    }

    /// The digits of integers of 8 bytes, which a Double may not hold; nil for other numbers.
    func digits(_ raw: UnsafeRawBufferPointer) -> TextValues? {
        guard size == 8, kind == .signed || kind == .unsigned else { return nil }
        var texts = TextValues()
        for index in 0..<raw.count / size {
            let text =
                kind == .signed ? String(integer(raw, Int64.self, index)) : String(integer(raw, UInt64.self, index))
            texts.append(Array(text.utf8))
        }
        return texts
    }

    /// The UTF-8 of one text, without the zeros that fill it up; nil if it is no Unicode.
    func text(_ raw: UnsafeRawBufferPointer) -> [UInt8]? {
        if kind == .bytes {
            let end = raw.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
            let text = UnsafeRawBufferPointer(rebasing: raw[..<end])
            return TextCheck.firstFault(in: text) == nil ? Array(text) : nil
        }
        var scalars = stride(from: 0, to: raw.count, by: 4).map { offset in
            let stored = raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            return isBigEndian ? UInt32(bigEndian: stored) : UInt32(littleEndian: stored)
        }
        while scalars.last == 0 { scalars.removeLast() }
        var text = ""
        for code in scalars {
            guard code != 0, let scalar = Unicode.Scalar(code) else { return nil }
            text.unicodeScalars.append(scalar)
        }
        return Array(text.utf8)
    }
}
