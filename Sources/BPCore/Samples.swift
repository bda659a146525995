import CBPKernels

/// Inputs and targets of N samples, laid out for the kernels. Immutable.
public struct Samples: Sendable {
    /// N.
    public let count: Int
    /// n_1.
    public let inputWidth: Int
    /// n_L.
    public let targetWidth: Int

    let inputs: Rows
    let targets: Rows
    /// The bits of the greatest |x|; a NaN's are above those of infinity.
    let greatestInput: UInt32
    /// Whether the magnitude of every input is at most 2^50.
    var isBounded: Bool { greatestInput <= Float(0x1p50).bitPattern }
    private let storage: Storage

    /// - Parameters:
    ///   - inputs: [count × inputWidth], row-major.
    ///   - targets: [count × targetWidth], row-major.
    /// - Throws: `CoreError` if an array has not the size that the counts say, or memory is short.
    public init(
        inputs: [Float], targets: [Float], count: Int, inputWidth: Int, targetWidth: Int
    ) throws(CoreError) {
        for (what, value, least) in [
            ("the number of samples", count, 0), ("the number of inputs", inputWidth, 1),
            ("the number of targets", targetWidth, 1),
        ] where value < least || value > Int(Int32.max) {
            throw .outOfRange(what: what, value: value, least: least, greatest: Int(Int32.max))
        }
        self.count = count
        self.inputWidth = inputWidth
        self.targetWidth = targetWidth
        let inputStride = Samples.inputStride(inputWidth)
        let inputRows = try Samples.copy(inputs, "the inputs", count, inputWidth, stride: inputStride)
        let targetRows = try Samples.copy(targets, "the targets", count, targetWidth, stride: rowStride(targetWidth))
        storage = Storage(inputs: inputRows, targets: targetRows)
        greatestInput = Samples.greatest(of: inputRows)
        self.inputs = Rows(start: inputRows.start, stride: inputStride)
        self.targets = Rows(start: targetRows.start, stride: rowStride(targetWidth))
    }

    /// Samples of inputs that were written where they stay.
    /// - Parameter targets: [count × targetWidth], row-major.
    /// - Throws: `CoreError` if the targets have not the size that the counts say, or memory is short.
    package init(_ rows: InputRows, targets: [Float], targetWidth: Int) throws(CoreError) {
        guard targetWidth >= 1, targetWidth <= Int(Int32.max) else {
            throw .outOfRange(
                what: "the number of targets", value: targetWidth, least: 1, greatest: Int(Int32.max))
        }
        (count, inputWidth, self.targetWidth) = (rows.count, rows.width, targetWidth)
        let targetRows = try Samples.copy(targets, "the targets", count, targetWidth, stride: rowStride(targetWidth))
        storage = Storage(inputs: rows.floats, targets: targetRows)
        greatestInput = Samples.greatest(of: rows.floats)
        inputs = Rows(start: rows.floats.start, stride: rows.stride)
        self.targets = Rows(start: targetRows.start, stride: rowStride(targetWidth))
    }

    /// Inputs are read one by one, so they need no padding but against rows that fall into one set of the cache;
    /// targets are read 16 at a time.
    fileprivate static func inputStride(_ width: Int) -> Int { width % 256 == 0 ? width + lanes : width }

    private static func copy(
        _ values: [Float], _ what: String, _ count: Int, _ width: Int, stride: Int
    ) throws(CoreError) -> AlignedFloats {
        let size = try multiply(count, width, "\(count) rows of \(width) values")
        guard values.count == size else {
            throw .shape(what: "the number of values in \(what)", expected: size, found: values.count)
        }
        let padded = try multiply(count, stride, "\(count) rows of \(width) values")
        let rows = try AlignedFloats(count: padded)
        values.withUnsafeBufferPointer { buffer in
            guard let source = buffer.baseAddress else { return }
            for row in 0..<count {
                (rows.start + row * stride).update(from: source + row * width, count: width)
            }
        }
        return rows
    }

    private static func greatest(of floats: AlignedFloats) -> UInt32 {
        var greatest: UInt32 = 0
        let kernels = bp_kernels_for(InstructionSet.best.level, Int32(Numerics.newest.rawValue))
        kernels?.pointee.note_greatest(1, floats.count, 0, floats.start, &greatest)
        return kernels == nil ? .max : greatest
    }

    // Nobody writes once the samples exist.
    private final class Storage: @unchecked Sendable {
        let inputs, targets: AlignedFloats
        init(inputs: AlignedFloats, targets: AlignedFloats) { (self.inputs, self.targets) = (inputs, targets) }
    }
}

/// Inputs of N samples while they are written, zero where nobody has: large data are not held twice for a moment.
package final class InputRows {
    /// N.
    package let count: Int
    /// n_1.
    package let width: Int
    /// Floats from one row to the next.
    package let stride: Int
    fileprivate let floats: AlignedFloats

    /// - Throws: `CoreError` if memory is short, or a count cannot be.
    package init(count: Int, width: Int) throws(CoreError) {
        for (what, value, least) in [("the number of samples", count, 0), ("the number of inputs", width, 1)]
        where value < least || value > Int(Int32.max) {
            throw .outOfRange(what: what, value: value, least: least, greatest: Int(Int32.max))
        }
        (self.count, self.width, stride) = (count, width, Samples.inputStride(width))
        floats = try AlignedFloats(count: multiply(count, stride, "\(count) rows of \(width) values"))
    }

    /// Calls `body` with all rows, which it may write: row r begins at r · stride. Not to be called once samples have
    /// been made of them.
    package func withFloats<Result, Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeMutableBufferPointer(start: floats.start, count: floats.count))
    }
}

/// A row-major matrix in memory that somebody else owns.
struct Rows: @unchecked Sendable {
    let start: UnsafeMutablePointer<Float>
    /// Floats from one row to the next.
    let stride: Int

    subscript(row: Int) -> UnsafeMutablePointer<Float> { start + row * stride }
    func from(_ row: Int) -> Rows { Rows(start: self[row], stride: stride) }
}
