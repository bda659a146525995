extension ElementGrid {
    /// The columns at these indices, typed as a CSV file's are: `u8` if all values are whole numbers 0 … 255, `f32` if
    /// each is exactly a float32, else `f64`; `text` for texts.
    /// - Parameters:
    ///   - types: types that are forced.
    ///   - ignored: columns that are text if their values have no other type.
    /// - Throws: `DataError` that counts the values of all columns which are not finite, no numbers where these belong,
    ///   or no Doubles, with row, column and value of the first.
    func columns(
        _ indices: [Int], types: [String: ColumnType], ignored: Set<String> = [], rules: ReadingRules = .newest
    ) throws(DataError) -> [Column] {
        var columns: [Column] = []
        columns.reserveCapacity(indices.count)
        var faults: [ColumnFault] = []
        try forEachColumn(indices) { place, raw throws(DataError) in
            do throws(ValueFault) {
                columns.append(try place.element.column(place.name, raw, as: types[place.name], rules))
                return
            } catch {
                if ignored.contains(place.name), types[place.name] == nil {
                    do throws(ValueFault) {
                        columns.append(try place.element.column(place.name, raw, as: .text, rules, isIgnored: true))
                        return
                    } catch {}
                }
                guard let kind = error.kind else {
                    var fault = DataError(
                        .badValue, error.what, columnName: place.name, columnNumber: place.number, value: error.value)
                    fault.row = error.position + 1
                    throw fault
                }
                faults.append(
                    ColumnFault(
                        kind: kind, name: place.name, columnNumber: place.number, count: error.count,
                        total: raw.count / place.element.size, line: nil, row: error.position + 1, value: error.value,
                        detail: error.what))
            }
        }
        if let error = ColumnFault.error(faults) { throw error }
        return columns
    }
}

/// Values that a column cannot have, and where the first one is.
private struct ValueFault: Error {
    /// Nil for a fault that does not concern numbers.
    var kind: ColumnFault.Kind?
    let position: Int
    var count = 1
    let value: String
    /// Of a misfit what it is, else the whole message.
    var what = ""
}

extension ArrayElement {
    /// Values that lie one behind the other, as a column.
    fileprivate func column(
        _ name: String, _ raw: UnsafeRawBufferPointer, as forced: ColumnType?, _ rules: ReadingRules,
        isIgnored: Bool = false
    ) throws(ValueFault) -> Column {
        guard isNumber else { return Column(name: name, values: .text(try texts(raw, as: forced))) }
        // Pixels need nothing but a copy.
        if size == 1, kind != .signed, forced == nil || forced == .u8 {
            if kind == .bool, let position = raw.firstIndex(where: { $0 > 1 }) {
                throw ValueFault(position: position, value: "\(raw[position])", what: "\(raw[position]) is no bool")
            }
            return Column(name: name, values: .u8(Array(raw)))
        }
        if forced == .text, rules.guardsPrecision, let digits = digits(raw) {
            return Column(name: name, values: .text(digits))
        }
        switch doubles(raw) {
        case .failure(let fault):
            throw ValueFault(kind: .inexact, position: fault.position, count: fault.count, value: fault.digits)
        case .success(let numbers):
            if forced == .text {
                return Column(name: name, values: .text(try Column.Values.texts(numbers, rules, isIgnored: isIgnored)))
            }
            var rounding: Rounding?
            let values = try Column.Values(numbers, as: forced)
            if forced == .f32, rules.guardsPrecision { rounding = Rounding(floatsFor: numbers) }
            return Column(name: name, values: values, rounding: rounding)
        }
    }

    private func texts(_ raw: UnsafeRawBufferPointer, as forced: ColumnType?) throws(ValueFault) -> TextValues {
        var texts = TextValues()
        for position in 0..<raw.count / size {
            let bytes = UnsafeRawBufferPointer(rebasing: raw[position * size..<(position + 1) * size])
            guard let text = text(bytes), text.count <= TextValues.longestText else {
                throw ValueFault(
                    position: position, value: Visible.bytes(bytes), what: "the text is no Unicode, or above 1 MiB")
            }
            if forced?.isNumeric == true {
                let shown = Visible.bytes(text)
                throw ValueFault(position: position, value: shown, what: "\"\(shown)\" is a text, not a number")
            }
            texts.append(text)
        }
        return texts
    }
}

extension Column.Values {
    /// Numbers as text.
    /// - Parameter isIgnored: whether NaN and infinity are words too.
    fileprivate static func texts(
        _ numbers: [Double], _ rules: ReadingRules, isIgnored: Bool
    ) throws(ValueFault) -> TextValues {
        if !isIgnored { try refuseNonFinite(numbers) }
        // A spelling of a Double is far below the longest text.
        var texts = TextValues()
        for number in numbers {
            let text = rules.guardsPrecision ? Column.spelling(of: number) : Column.shortSpelling(of: number)
            texts.append(Array(text.utf8))
        }
        return texts
    }

    private static func refuseNonFinite(_ numbers: [Double]) throws(ValueFault) {
        guard let position = numbers.firstIndex(where: { !$0.isFinite }) else { return }
        throw ValueFault(
            kind: .infinite, position: position, count: numbers.count { !$0.isFinite },
            value: Column.spelling(of: numbers[position]))
    }

    /// Numbers in the narrowest type that holds them all exactly, or in the one that is forced, which is no text.
    fileprivate init(_ numbers: [Double], as forced: ColumnType?) throws(ValueFault) {
        func fault(_ what: String, _ isFault: (Double) -> Bool) -> ValueFault {
            let position = numbers.firstIndex(where: isFault) ?? 0
            return ValueFault(
                kind: .misfit, position: position, count: numbers.count(where: isFault),
                value: Column.spelling(of: numbers[position]), what: what)
        }
        try Column.Values.refuseNonFinite(numbers)
        switch forced {
        case .u8:
            guard let bytes = Column.Values.bytes(numbers, zero: true) else {
                throw fault("no whole number 0…255") { UInt8(exactly: $0) == nil }
            }
            self = .u8(bytes)
        case .f32:
            if numbers.contains(where: { !Float($0).isFinite }) {
                throw fault("beyond the range of a float32") { !Float($0).isFinite }
            }
            self = .f32(numbers.map { Float($0) })
        case .f64, .text: self = .f64(numbers)
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

extension Rounding {
    /// The doubles that are rounded to float32; nil if all are floats.
    fileprivate init?(floatsFor numbers: [Double]) {
        self.init(.f32)
        for (index, number) in numbers.enumerated() where Double(Float(number)) != number {
            add(
                Example(
                    text: Column.spelling(of: number), line: nil, row: index + 1, value: Double(Float(number))))
        }
        if count == 0 { return nil }
    }
}
