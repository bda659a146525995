/// Numbers in the narrowest type that has held them all exactly so far: u8 while each is written plainly as
/// 0…255, f32 while each Double is a float32, else f64. Widening loses nothing.
struct NumberStore {
    private(set) var count = 0
    private var type: ColumnType
    private let isForced: Bool
    private var bytes: [UInt8] = []
    private var floats: [Float] = []
    private var doubles: [Double] = []

    /// Numbers of the type `forced`, or of the narrowest.
    init(forced: ColumnType?) {
        type = forced ?? .u8
        isForced = forced != nil
    }

    /// Adds a finite number; a forced f32 rounds it once, to nearest.
    /// - Returns: false if it does not fit the forced type: no whole number 0…255, or beyond float32.
    mutating func append(_ number: ParsedNumber) -> Bool {
        let added = isForced ? appendForced(number.value) : appendNarrowest(number)
        if added { count += 1 }
        return added
    }

    private mutating func appendForced(_ value: Double) -> Bool {
        switch type {
        case .u8:
            guard let byte = UInt8(exactly: value) else { return false }
            bytes.append(byte)
        case .f32:
            guard Float(value).isFinite else { return false }
            floats.append(Float(value))
        case .f64, .text: doubles.append(value)
        }
        return true
    }

    private mutating func appendNarrowest(_ number: ParsedNumber) -> Bool {
        if type == .u8 {
            if number.isPlainByte {
                bytes.append(UInt8(number.value))
                return true
            }
            type = .f32
            floats = bytes.map(Float.init)
            bytes = []
        }
        if type == .f32 {
            let float = Float(number.value)
            if Double(float) == number.value {
                floats.append(float)
                return true
            }
            type = .f64
            doubles = floats.map(Double.init)
            floats = []
        }
        doubles.append(number.value)
        return true
    }

    /// The numbers as a column holds them.
    var values: Column.Values {
        switch type {
        case .u8: .u8(bytes)
        case .f32: .f32(floats)
        case .f64, .text: .f64(doubles)
        }
    }
}
