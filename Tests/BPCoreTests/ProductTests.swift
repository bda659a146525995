import CBPKernels
import Testing

@testable import BPCore

@Suite struct ProductTests {
    /// c + a·b rounded once, through the product of depth 2 that starts with c·1.
    func fused(_ a: [Float], _ b: [Float], _ c: [Float], _ set: InstructionSet) throws -> [Float] {
        let count = a.count
        let left = try AlignedFloats(count: count * 2)
        let right = try AlignedFloats(count: 32)
        let out = try AlignedFloats(count: count * 16)
        for i in 0..<16 { right.start[i] = 1 }
        var results: [Float] = []
        // One row for each c and a; b is the same in all lanes, so it takes a product of its own.
        for i in 0..<count {
            left.start[0] = c[i]
            left.start[1] = a[i]
            for lane in 0..<16 { right.start[16 + lane] = b[i] }
            var product = bp_product(
                rows: 1, depth: 2, panels: 1, block: 0, a: left.start, a_row: 2, a_k: 1, b: right.start, b_k: 16,
                b_panel: 32,
                c: out.start, c_row: 16, c_panel: 16)
            _ = kernels(set).product(&product)
            results.append(out.start[i % 16])
        }
        return results
    }

    /// Random operands, and such as make the sum cancel, halve a last place, or fall among the denormals.
    @Test func fusedMultiplyAddIsExactOnEveryInstructionSet() throws {
        var random = TestRandom(2)
        var (a, b, c): ([Float], [Float], [Float]) = ([], [], [])
        func append(_ x: Float, _ y: Float, _ z: Float) {
            a.append(x)
            b.append(y)
            // c·1 + 0 gives +0 for −0.
            c.append(z + 0)
        }
        for _ in 0..<40_000 {
            let (x, y) = (random.anyFloat(), random.anyFloat())
            append(x, y, random.anyFloat())
            let product = x * y
            append(x, y, -product)
            append(x, y, product * .random(in: -2...2, using: &random))
            append(x, y, product * 0x1p24)
            append(x, y, product * 0x1p-24)
            let (p, q) = (x.significandWith(exponent: -70), y.significandWith(exponent: -70))
            append(p, q, .leastNonzeroMagnitude * .random(in: -100...100, using: &random))
        }
        let expected = bits(zip(zip(a, b), c).map { $1.addingProduct($0.0, $0.1) })
        for set in instructionSets {
            let found = bits(try fused(a, b, c, set))
            if let i = found.indices.first(where: { found[$0] != expected[$0] }) {
                Issue.record("\(set): \(a[i]) · \(b[i]) + \(c[i]) gave bits \(found[i]), not \(expected[i])")
            }
        }
    }

    /// Σ_k a(m, k) b(k, n) by a loop, k ascending from +0.
    func naive(_ x: bp_product) -> [Float] {
        (0..<x.rows).flatMap { m in
            (0..<x.panels).flatMap { p in
                (0..<16).map { lane in
                    (0..<x.depth).reduce(Float(0)) { sum, k in
                        sum.addingProduct(x.a[m * x.a_row + k * x.a_k], x.b[p * x.b_panel + k * x.b_k + lane])
                    }
                }
            }
        }
    }

    /// All heights of tiles, one and several panels, depths over several blocks, rows and columns of A.
    @Test func productsEqualTheNaiveLoopBitForBit() throws {
        var random = TestRandom(3)
        for round in 0..<60 {
            let rows = Int.random(in: 1...30, using: &random)
            let depth =
                round % 10 == 0 ? Int.random(in: 257...600, using: &random) : .random(in: 1...40, using: &random)
            let count = Int.random(in: 1...5, using: &random)
            let a = try AlignedFloats(count: rows * depth + 7)
            let b = try AlignedFloats(count: count * depth * 16)
            for i in 0..<a.count { a.start[i] = .random(in: -1...1, using: &random) }
            for i in 0..<b.count { b.start[i] = .random(in: -1...1, using: &random) }
            let c = try AlignedFloats(count: rows * count * 16)
            let transposed = Bool.random(using: &random)
            var product = bp_product(
                rows: rows, depth: depth, panels: count, block: 0,
                a: a.start, a_row: transposed ? 1 : depth, a_k: transposed ? rows : 1,
                b: b.start, b_k: 16, b_panel: depth * 16, c: c.start, c_row: count * 16, c_panel: 16)
            let expected = bits(naive(product))
            for set in instructionSets {
                let finite = kernels(set).product(&product)
                #expect(finite)
                #expect(
                    bits(Array(UnsafeBufferPointer(start: c.start, count: c.count))) == expected,
                    "\(set): \(rows) × \(depth) × \(count)")
            }
        }
    }

    @Test(arguments: instructionSets) func aProductSaysWhetherItIsFinite(set: InstructionSet) throws {
        let a = try AlignedFloats(count: 13)
        let b = try AlignedFloats(count: 48)
        let c = try AlignedFloats(count: 13 * 48)
        for i in 0..<13 { a.start[i] = 1 }
        var product = bp_product(
            rows: 13, depth: 1, panels: 3, block: 0, a: a.start, a_row: 1, a_k: 1, b: b.start, b_k: 16, b_panel: 16,
            c: c.start, c_row: 48, c_panel: 16)
        for bad in [Float.infinity, -.infinity, .nan, -.nan] {
            for place in 0..<48 {
                #expect(kernels(set).product(&product))
                b.start[place] = bad
                #expect(!kernels(set).product(&product))
                b.start[place] = .greatestFiniteMagnitude
            }
            for place in 0..<48 { b.start[place] = 0 }
        }
        b.start[3] = .greatestFiniteMagnitude
        a.start[12] = 2
        #expect(!kernels(set).product(&product), "an overflow in the last row")
    }

    @Test func transposingMovesEveryWeightAndNothingElse() throws {
        var random = TestRandom(4)
        for _ in 0..<20 {
            let (inputs, outputs) = (Int.random(in: 1...50, using: &random), Int.random(in: 1...50, using: &random))
            let network = try Network(inputs: inputs, layers: [(outputs, .identity)])
            let layout = try PackedLayout(network)
            let packed = try AlignedFloats(count: layout.count)
            let values = random.floats(network.parameterCount)
            layout.pack(values, into: packed.start)
            #expect(layout.unpack(packed.start) == values)
            let out = try AlignedFloats(count: panels(inputs) * 16 * outputs)
            for set in instructionSets {
                kernels(set).transpose(inputs, outputs, packed.start, out.start)
                for j in 0..<outputs {
                    for i in 0..<panels(inputs) * 16 {
                        let found = out.start[(i / 16 * outputs + j) * 16 + i % 16]
                        #expect(found == (i < inputs ? values[j * inputs + i] : 0), "\(set)")
                    }
                }
            }
        }
    }

    /// The order of a long sum, written out: 16 lanes, blocks of 4096, block sums in order.
    @Test func longSumsFollowTheirOrder() throws {
        var random = TestRandom(5)
        for count in [0, 1, 2, 15, 16, 17, 4095, 4096, 4097, 10_000] {
            let values = random.floats(count, 0...1000)
            var total: Float = 0
            for start in stride(from: 0, to: count, by: 4096) {
                var sums = [Float](repeating: 0, count: 16)
                for i in start..<min(start + 4096, count) { sums[(i - start) % 16] += values[i] }
                for width in [8, 4, 2, 1] { for lane in 0..<width { sums[lane] += sums[lane + width] } }
                total += sums[0]
            }
            for set in instructionSets { #expect(kernels(set).sum(values, count) == total, "\(set): \(count)") }
        }
    }
}

extension Float {
    /// The same digits at another scale: a number near 2^exponent.
    fileprivate func significandWith(exponent: Int) -> Float {
        isFinite && self != 0 ? Float(sign: sign, exponent: exponent, significand: significand) : 0
    }
}
