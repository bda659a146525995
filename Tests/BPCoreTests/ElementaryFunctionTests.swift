import CBPKernels
import Testing

@testable import BPCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct ElementaryFunctionTests {
    static let functions: [(name: String, kind: bp_function, exact: @Sendable (Double) -> Double, bound: Double)] = [
        ("exp", BP_FUNCTION_EXP, { exp($0) }, 1),
        ("log1p", BP_FUNCTION_LOG1P, { log1p($0) }, 2),
        ("tanh", BP_FUNCTION_TANH, { tanh($0) }, 2),
        ("sigmoid", BP_FUNCTION_SIGMOID, { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) }, 2),
    ]

    func apply(_ kind: bp_function, _ values: [Float], _ set: InstructionSet = .best) throws -> [Float] {
        let padded = (values.count + 15) / 16 * 16
        let input = try AlignedFloats(count: padded)
        let output = try AlignedFloats(count: padded)
        values.withUnsafeBufferPointer { input.start.update(from: $0.baseAddress!, count: values.count) }
        kernels(set).function(kind, padded, input.start, output.start)
        return (0..<values.count).map { output.start[$0] }
    }

    /// The distance from the exact value in units of the last place of the float32 nearest to it.
    func ulps(_ value: Float, _ exact: Double) -> Double {
        let nearest = Float(exact)
        if value == nearest { return abs(Double(value) - exact) / Double(nearest.ulp) }
        return nearest.isFinite ? abs(Double(value) - exact) / Double(nearest.ulp) : .infinity
    }

    /// Every 1999th float32 from −110 to 110 (for log1p from 0 to 2³¹).
    @Test(arguments: 0..<4) func errorsStayWithinTheirBound(index: Int) throws {
        let function = Self.functions[index]
        let top = function.name == "log1p" ? Float(0x1p31).bitPattern : Float(110).bitPattern
        var worst = (ulps: 0.0, at: Float(0))
        for sign in function.name == "log1p" ? [1] : [1, -1] as [Float] {
            let grid = stride(from: 0 as UInt32, through: top, by: 1999).map { sign * Float(bitPattern: $0) }
            for (x, value) in zip(grid, try apply(function.kind, grid)) {
                let exact = function.exact(Double(x))
                if exact > Double(Float.greatestFiniteMagnitude) * (1 + 0x1p-25) {
                    #expect(value == .infinity)
                } else if ulps(value, exact) > worst.ulps {
                    worst = (ulps(value, exact), x)
                }
            }
        }
        print("\(function.name): at most \(worst.ulps) ulp, at \(worst.at)")
        #expect(worst.ulps <= function.bound)
    }

    @Test func edges() throws {
        let infinity = Float.infinity
        let tiny = Float.leastNonzeroMagnitude
        let cases: [(bp_function, Float, Float)] = [
            (BP_FUNCTION_EXP, infinity, infinity), (BP_FUNCTION_EXP, -infinity, 0), (BP_FUNCTION_EXP, 0, 1),
            (BP_FUNCTION_EXP, -0.0, 1), (BP_FUNCTION_EXP, 88.72284, infinity), (BP_FUNCTION_EXP, -104, 0),
            (BP_FUNCTION_EXP, -103, tiny), (BP_FUNCTION_EXP, 3e38, infinity), (BP_FUNCTION_EXP, -3e38, 0),
            (BP_FUNCTION_LOG1P, infinity, infinity), (BP_FUNCTION_LOG1P, 0, 0), (BP_FUNCTION_LOG1P, tiny, tiny),
            (BP_FUNCTION_TANH, infinity, 1), (BP_FUNCTION_TANH, -infinity, -1), (BP_FUNCTION_TANH, 0, 0),
            (BP_FUNCTION_TANH, -0.0, -0.0), (BP_FUNCTION_TANH, -tiny, -tiny), (BP_FUNCTION_TANH, 20, 1),
            (BP_FUNCTION_SIGMOID, infinity, 1), (BP_FUNCTION_SIGMOID, -infinity, 0), (BP_FUNCTION_SIGMOID, 0, 0.5),
            (BP_FUNCTION_SIGMOID, -0.0, 0.5), (BP_FUNCTION_SIGMOID, -103, tiny), (BP_FUNCTION_SIGMOID, 40, 1),
        ]
        for (kind, x, expected) in cases {
            let value = try apply(kind, [x])[0]
            #expect(value.bitPattern == expected.bitPattern, "function \(kind) of \(x) is \(value), not \(expected)")
        }
        for function in Self.functions { #expect(try apply(function.kind, [.nan])[0].isNaN) }
    }

    @Test(arguments: 0..<4) func allInstructionSetsGiveTheSameBits(index: Int) throws {
        var random = TestRandom(1)
        let values = (0..<20_000).map { _ in random.anyFloat() } + random.floats(20_000, -20...20)
        let inputs = Self.functions[index].name == "log1p" ? values.map(abs) : values
        let expected = bits(try apply(Self.functions[index].kind, inputs, .portable))
        for set in instructionSets {
            #expect(bits(try apply(Self.functions[index].kind, inputs, set)) == expected, "\(set)")
        }
    }
}
