extension ElementGrid {
    /// The columns at these indices, typed as a CSV file's are: `u8` if all values are whole numbers 0 … 255, `f32` if
    /// each is exactly a float32, else `f64`; `text` for texts.
    /// - Parameter types: types that are forced.
    /// - Throws: `DataError` with row, column and value: not finite, no number where one belongs, no Double.
    func columns(_ indices: [Int], types: [String: ColumnType]) throws(DataError) -> [Column] {
        var columns: [Column] = []
        columns.reserveCapacity(indices.count)
        try forEachColumn(indices) { place, raw throws(DataError) in
            do throws(ValueFault) {
                let values = try place.element.values(raw, as: types[place.name])
                columns.append(Column(name: place.name, values: values))
            } catch {
                var fault = DataError(
                    .badValue, error.message, columnName: place.name, columnNumber: place.number, value: error.value)
                fault.row = error.position + 1
                throw fault
            }
        }
        return columns
    }
}

/// A value that a column cannot have, and where it stands.
private struct ValueFault: Error {
    let position: Int
    let value: String
    let message: String
}

extension ArrayElement {
    /// Values that lie one behind the other, as a column holds them.
    fileprivate func values(
        _ raw: UnsafeRawBufferPointer, as forced: ColumnType?
    ) throws(ValueFault) -> Column.Values {
        guard isNumber else { return .text(try texts(raw, as: forced)) }
        // Pixels need nothing but a copy.
        if size == 1, kind != .signed, forced == nil || forced == .u8 {
            if kind == .bool, let position = raw.firstIndex(where: { $0 > 1 }) {
                throw ValueFault(position: position, value: "\(raw[position])", message: "\(raw[position]) is no bool")
            }
            return .u8(Array(raw))
        }
        switch doubles(raw) {
        case .failure(let fault):
            throw ValueFault(
                position: fault.position, value: fault.digits, message: "\(fault.digits) is not exactly a float64")
        case .success(let numbers): return try Column.Values(numbers, as: forced)
        }
    }

    private func texts(_ raw: UnsafeRawBufferPointer, as forced: ColumnType?) throws(ValueFault) -> TextValues {
        var texts = TextValues()
        for position in 0..<raw.count / size {
            let bytes = UnsafeRawBufferPointer(rebasing: raw[position * size..<(position + 1) * size])
            guard let text = text(bytes), text.count <= TextValues.longestText else {
                throw ValueFault(
                    position: position, value: Visible.bytes(bytes), message: "the text is no Unicode, or above 1 MiB")
            }
            if forced?.isNumeric == true {
                let shown = Visible.bytes(text)
                throw ValueFault(position: position, value: shown, message: "\"\(shown)\" is a text, not a number")
            }
            texts.append(text)
        }
        return texts
    }
}

extension Column.Values {
    /// Numbers in the narrowest type that holds them all exactly, or in the one that is forced.
    fileprivate init(_ numbers: [Double], as forced: ColumnType?) throws(ValueFault) {
        func fault(_ position: Int, _ what: String) -> ValueFault {
            let value = Column.spelling(of: numbers[position])
            return ValueFault(position: position, value: value, message: "\(value) is \(what)")
        }
        // As text a column holds anything, as in a CSV file.
        if forced != .text, let position = numbers.firstIndex(where: { !$0.isFinite }) {
            throw fault(position, "no finite number")
        }
        switch forced {
        case .text:
            // A spelling of a Double is far below the longest text.
            var texts = TextValues()
            for number in numbers { texts.append(Array(Column.spelling(of: number).utf8)) }
            self = .text(texts)
        case .u8:
            guard let bytes = Column.Values.bytes(numbers, zero: true) else {
                let position = numbers.firstIndex { UInt8(exactly: $0) == nil } ?? 0
                throw fault(position, "no whole number 0…255, which the column is read as")
            }
            self = .u8(bytes)
        case .f32:
            if let position = numbers.firstIndex(where: { !Float($0).isFinite }) {
                throw fault(position, "beyond the range of a float32, which the column is read as")
            }
            self = .f32(numbers.map { Float($0) })
        case .f64: self = .f64(numbers)
        case nil:
            if let bytes = Column.Values.bytes(numbers, zero: false) {
                self = .u8(bytes)
            } else if numbers.allSatisfy({ Double(Float($0)) == $0 }) {
                self = .f32(numbers.map { Float($0) })
            } else {
                self = .f64(numbers)
            }
        }
    }

    /// The numbers as bytes, or nil if one is none. −0 is a byte only where `zero` says so: its sign would be lost.
    private static func bytes(_ numbers: [Double], zero: Bool) -> [UInt8]? {
        let isWhole = numbers.allSatisfy { number in
            number >= 0 && number <= 255 && number.rounded(.towardZero) == number && (zero || number.sign == .plus)
        }
        return isWhole ? numbers.map { UInt8($0) } : nil
    }
}
