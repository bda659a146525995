import CBPKernels
import Testing

@testable import BPCore

/// Kernels that do in one go what others do one after the other: the same bits.
@Suite struct FusedKernelTests {
    /// Bias, activation, loss and error at once, against the three kernels, for every loss and activation.
    @Test(arguments: instructionSets, Numerics.allCases)
    func theOutputEdgeEqualsItsParts(set: InstructionSet, numerics: Numerics) throws {
        var random = TestRandom(60)
        let kernels = kernels(set, numerics)
        for round in 0..<30 {
            for activation in Activation.allCases {
                for loss in Loss.allCases where loss.accepts(output: activation) {
                    let rows = Int.random(in: 1...40, using: &random)
                    let width = Int.random(in: 1...40, using: &random)
                    let stride = rowStride(width)
                    let count = rows * stride
                    let (bias, y) = (try AlignedFloats(count: stride), try AlignedFloats(count: count))
                    let z = try (0..<2).map { _ in try AlignedFloats(count: count) }
                    let a = try (0..<2).map { _ in try AlignedFloats(count: count) }
                    let d = try (0..<2).map { _ in try AlignedFloats(count: count) }
                    var losses = [[Float]](repeating: [Float](repeating: 7, count: rows + 1), count: 2)
                    for j in 0..<width {
                        bias.start[j] = .random(in: -1...1, using: &random)
                        for m in 0..<rows {
                            let value: Float =
                                round % 3 == 2 ? random.anyFloat() : .random(in: -9...9, using: &random)
                            for z in z { z.start[m * stride + j] = value }
                            y.start[m * stride + j] = .random(in: 0...1, using: &random)
                        }
                    }
                    let f = activation.kernel
                    kernels.activate(f, rows, width, stride, bias.start, 16, z[0].start, a[0].start)
                    kernels.losses(
                        loss.kernel, f, rows, width, stride, z[0].start, a[0].start, y.start, stride, &losses[0])
                    kernels.output_delta(
                        loss.kernel, f, rows, width, stride, a[0].start, y.start, stride, d[0].start)
                    kernels.output_edge(
                        loss.kernel, f, rows, width, stride, bias.start, 16, z[1].start, a[1].start, y.start, stride,
                        &losses[1], d[1].start)
                    #expect(bits(losses[0]) == bits(losses[1]), "\(activation) \(loss) \(rows) × \(width)")
                    for buffers in [z, a, d] {
                        #expect(bits(buffers[0].array) == bits(buffers[1].array), "\(activation) \(loss)")
                    }
                }
            }
        }
    }

    /// Narrow rows are packed into one vector: the same bits as each row alone.
    @Test(arguments: instructionSets, Numerics.allCases)
    func packedRowsAreThoseOfRowsAlone(set: InstructionSet, numerics: Numerics) throws {
        var random = TestRandom(63)
        let kernels = kernels(set, numerics)
        for width in 1...9 {
            for activation in [Activation.sigmoid, .tanh, .relu, .identity] {
                let rows = Int.random(in: 2...11, using: &random)
                let bias = try AlignedFloats(count: 16)
                let buffers = try (0..<4).map { _ in try AlignedFloats(count: rows * 16) }
                for j in 0..<width {
                    bias.start[j] = .random(in: -1...1, using: &random)
                    for m in 0..<rows {
                        let z: Float = m % 3 == 0 ? random.anyFloat() : .random(in: -9...9, using: &random)
                        buffers[0].start[m * 16 + j] = z
                        buffers[1].start[m * 16 + j] = z
                    }
                }
                let f = activation.kernel
                kernels.activate(f, rows, width, 16, bias.start, 16, buffers[0].start, buffers[2].start)
                for m in 0..<rows {
                    kernels.activate(
                        f, 1, width, 16, bias.start, 16, buffers[1].start + m * 16, buffers[3].start + m * 16)
                }
                #expect(bits(buffers[0].array) == bits(buffers[1].array), "\(activation) \(rows) × \(width)")
                #expect(bits(buffers[2].array) == bits(buffers[3].array), "\(activation) \(rows) × \(width)")
            }
        }
    }

    /// Errors sent back by the errors transposed, against the product with transposed weights.
    @Test(arguments: instructionSets) func errorsTurnedGiveTheBitsOfWeightsTransposed(set: InstructionSet) throws {
        var random = TestRandom(61)
        let kernels = kernels(set)
        for _ in 0..<40 {
            let rows = Int.random(in: 1...60, using: &random)
            let (inputs, outputs) = (Int.random(in: 1...120, using: &random), Int.random(in: 1...70, using: &random))
            let layout = try PackedLayout(Network(inputs: inputs, layers: [(outputs, .identity)]))
            let weights = try AlignedFloats(count: layout.count)
            layout.pack(random.floats(layout.network.parameterCount), into: weights.start)
            let (above, below) = (rowStride(outputs), rowStride(inputs))
            let errors = try AlignedFloats(count: rows * above)
            for m in 0..<rows {
                for j in 0..<outputs { errors.start[m * above + j] = .random(in: -1...1, using: &random) }
            }

            let transposed = try AlignedFloats(count: panels(inputs) * 16 * outputs)
            kernels.transpose(inputs, outputs, 0, panels(inputs), weights.start, transposed.start)
            let expected = try AlignedFloats(count: rows * below)
            var product = bp_product(
                rows: rows, depth: outputs, panels: panels(inputs), block: 0, a: errors.start, a_row: above, a_k: 1,
                b: transposed.start, b_k: 16, b_panel: outputs * 16, c: expected.start, c_row: below, c_panel: 16)
            _ = kernels.product(&product)

            let stride = ErrorsTurned.stride(rows: rows)
            let turned = try AlignedFloats(count: outputs * stride)
            kernels.transpose_rows(rows, outputs, above, errors.start, turned.start, stride)
            for j in 0..<outputs {
                for m in 0..<panels(rows) * 16 {
                    let value = m < rows ? errors.start[m * above + j] : 0
                    #expect(turned.start[j * stride + m] == value)
                }
            }
            let found = try AlignedFloats(count: rows * below)
            let cut = Int.random(in: 0...panels(inputs), using: &random) * 16
            for range in [min(cut, inputs)..<inputs, 0..<min(cut, inputs)] {
                var back = bp_back(
                    rows: rows, outputs: outputs, first_input: range.lowerBound, end_input: range.upperBound,
                    d: turned.start, d_stride: stride, w: weights.start, w_panel: (inputs + 1) * 16,
                    out: found.start, out_stride: below)
                kernels.send_back(&back)
            }
            #expect(bits(found.array) == bits(expected.array), "\(rows) × \(inputs) × \(outputs)")
        }
    }

    @Test(arguments: instructionSets) func theGreatestMagnitudeIsNoted(set: InstructionSet) throws {
        var random = TestRandom(62)
        for _ in 0..<50 {
            let (rows, width) = (Int.random(in: 1...9, using: &random), Int.random(in: 1...50, using: &random))
            let stride = rowStride(width) + 16
            let x = try AlignedFloats(count: rows * stride)
            for place in 0..<rows * stride where place % stride < width { x.start[place] = random.anyFloat() }
            var greatest: UInt32 = 5
            kernels(set).note_greatest(rows, width, stride, x.start, &greatest)
            let expected = x.array.map { $0.bitPattern & 0x7FFF_FFFF }.max()!
            #expect(greatest == max(expected, 5))
            let zeros = try AlignedFloats(count: 16)
            kernels(set).note_greatest(1, 1, stride, zeros.start, &greatest)
            #expect(greatest == max(expected, 5), "0 lowers nothing")
            #expect(zeros.start[0] == 0)
        }
    }
}

extension AlignedFloats {
    fileprivate var array: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }
}
