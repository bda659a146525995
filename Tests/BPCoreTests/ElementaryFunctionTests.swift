import CBPKernels
import Foundation
import Testing

@testable import BPCore

/// A function of a version: what it computes exactly, and the bound of its error in units of the last place.
struct ElementaryFunction: CustomTestStringConvertible {
    let name: String
    let kind: bp_function
    let numerics: Numerics
    let bound: Double
    let exact: @Sendable (Double) -> Double

    var testDescription: String { "\(name) of version \(numerics.rawValue)" }

    /// ln(1 + x) is for x ≥ 0.
    var signs: [UInt32] { kind == BP_FUNCTION_LOG1P ? [0] : [0, 0x8000_0000] }

    static let all: [ElementaryFunction] = Numerics.allCases.flatMap { numerics in
        let isFirst = numerics == .first
        return [
            ElementaryFunction(name: "exp", kind: BP_FUNCTION_EXP, numerics: numerics, bound: 1) { exp($0) },
            ElementaryFunction(name: "log1p", kind: BP_FUNCTION_LOG1P, numerics: numerics, bound: 2) { log1p($0) },
            ElementaryFunction(name: "tanh", kind: BP_FUNCTION_TANH, numerics: numerics, bound: isFirst ? 2 : 3) {
                tanh($0)
            },
            ElementaryFunction(
                name: "sigmoid", kind: BP_FUNCTION_SIGMOID, numerics: numerics, bound: isFirst ? 2 : 3
            ) { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
        ]
    }
}

/// f of each value by an instruction set's kernel.
func apply(
    _ kind: bp_function, _ values: [Float], _ set: InstructionSet = .best, _ numerics: Numerics = .newest
) throws -> [Float] {
    let padded = (values.count + 15) / 16 * 16
    let input = try AlignedFloats(count: padded)
    let output = try AlignedFloats(count: padded)
    values.withUnsafeBufferPointer { input.start.update(from: $0.baseAddress!, count: values.count) }
    kernels(set, numerics).function(kind, padded, input.start, output.start)
    return (0..<values.count).map { output.start[$0] }
}

@Suite struct ElementaryFunctionTests {
    /// The distance from the exact value in units of the last place of the float32 nearest to it.
    static func ulps(_ value: Float, _ exact: Double) -> Double {
        let nearest = Float(exact)
        if value == nearest && !nearest.isFinite { return 0 }
        return nearest.isFinite ? abs(Double(value) - exact) / Double(nearest.ulp) : .infinity
    }

    /// Every 1999th float32 from −110 to 110 (for log1p from 0 to 2³¹).
    @Test(arguments: ElementaryFunction.all) func errorsStayWithinTheirBound(function: ElementaryFunction) throws {
        let top = function.kind == BP_FUNCTION_LOG1P ? Float(0x1p31).bitPattern : Float(110).bitPattern
        var worst = (ulps: 0.0, at: Float(0))
        for sign in function.signs {
            let grid = stride(from: 0 as UInt32, through: top, by: 1999).map { Float(bitPattern: sign | $0) }
            for (x, value) in zip(grid, try apply(function.kind, grid, .best, function.numerics)) {
                let error = Self.ulps(value, function.exact(Double(x)))
                if error > worst.ulps { worst = (error, x) }
            }
        }
        print("\(function.testDescription): at most \(worst.ulps) ulp, at \(worst.at)")
        #expect(worst.ulps <= function.bound)
    }

    @Test(arguments: Numerics.allCases) func edges(numerics: Numerics) throws {
        let infinity = Float.infinity
        let tiny = Float.leastNonzeroMagnitude
        let cases: [(bp_function, Float, Float)] = [
            (BP_FUNCTION_EXP, infinity, infinity), (BP_FUNCTION_EXP, -infinity, 0), (BP_FUNCTION_EXP, 0, 1),
            (BP_FUNCTION_EXP, -0.0, 1), (BP_FUNCTION_EXP, 88.72284, infinity), (BP_FUNCTION_EXP, -104, 0),
            (BP_FUNCTION_EXP, -103, tiny), (BP_FUNCTION_EXP, 3e38, infinity), (BP_FUNCTION_EXP, -3e38, 0),
            (BP_FUNCTION_LOG1P, infinity, infinity), (BP_FUNCTION_LOG1P, 0, 0), (BP_FUNCTION_LOG1P, tiny, tiny),
            (BP_FUNCTION_TANH, infinity, 1), (BP_FUNCTION_TANH, -infinity, -1), (BP_FUNCTION_TANH, 0, 0),
            (BP_FUNCTION_TANH, -0.0, -0.0), (BP_FUNCTION_TANH, -tiny, -tiny), (BP_FUNCTION_TANH, 20, 1),
            (BP_FUNCTION_TANH, 9.02, 1), (BP_FUNCTION_TANH, -3e38, -1), (BP_FUNCTION_TANH, 0x1p-140, 0x1p-140),
            (BP_FUNCTION_SIGMOID, infinity, 1), (BP_FUNCTION_SIGMOID, -infinity, 0), (BP_FUNCTION_SIGMOID, 0, 0.5),
            (BP_FUNCTION_SIGMOID, -0.0, 0.5), (BP_FUNCTION_SIGMOID, -103, tiny), (BP_FUNCTION_SIGMOID, 40, 1),
            (BP_FUNCTION_SIGMOID, -3e38, 0),
        ]
        for (kind, x, expected) in cases {
            let value = try apply(kind, [x], .best, numerics)[0]
            #expect(value.bitPattern == expected.bitPattern, "function \(kind) of \(x) is \(value), not \(expected)")
        }
        for function in ElementaryFunction.all where function.numerics == numerics {
            #expect(try apply(function.kind, [.nan], .best, numerics)[0].isNaN)
        }
    }

    @Test(arguments: ElementaryFunction.all)
    func allInstructionSetsGiveTheSameBits(function: ElementaryFunction) throws {
        var random = TestRandom(1)
        let values = (0..<20_000).map { _ in random.anyFloat() } + random.floats(20_000, -20...20)
        let inputs = function.kind == BP_FUNCTION_LOG1P ? values.map(abs) : values
        let expected = bits(try apply(function.kind, inputs, .portable, function.numerics))
        for set in instructionSets {
            #expect(bits(try apply(function.kind, inputs, set, function.numerics)) == expected, "\(set)")
        }
    }
}

/// The long form: all 2³² arguments. Some ten minutes in release, hours in debug.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["BPREG_ALL_ARGUMENTS"] == "1"))
struct AllArgumentsTests {
    private static let chunk = 1 << 16

    /// The bound, the same bits from every instruction set, NaN for NaN and for nothing else, tanh −x = −tanh x, and how
    /// often a value lies on the wrong side of that of the argument before, and by how many units of the last place.
    @Test(arguments: ElementaryFunction.all) func hold(function: ElementaryFunction) throws {
        var (worst, at, steps, depth, different, odd, lost) = (0.0, Float(0), 0, 0.0, 0, 0, 0)
        let input = try AlignedFloats(count: Self.chunk)
        let outputs = try instructionSets.map { _ in try AlignedFloats(count: Self.chunk) }
        let mirrored = try AlignedFloats(count: Self.chunk)
        let tables = instructionSets.map { kernels($0, function.numerics) }
        for sign in function.signs {
            var before = Float.nan
            for start in stride(from: 0 as UInt32, to: 0x8000_0000, by: Self.chunk) {
                for i in 0..<Self.chunk { input.start[i] = Float(bitPattern: sign | (start + UInt32(i))) }
                for (table, output) in zip(tables, outputs) {
                    table.function(function.kind, Self.chunk, input.start, output.start)
                }
                if function.kind == BP_FUNCTION_TANH, sign == 0 {
                    for i in 0..<Self.chunk { input.start[i].negate() }
                    tables[0].function(function.kind, Self.chunk, input.start, mirrored.start)
                    for i in 0..<Self.chunk {
                        input.start[i].negate()
                        if mirrored.start[i] != -outputs[0].start[i], !input.start[i].isNaN { odd += 1 }
                    }
                }
                for i in 0..<Self.chunk {
                    let (x, y) = (input.start[i], outputs[0].start[i])
                    for output in outputs.dropFirst() {
                        let other = output.start[i]
                        if other.bitPattern != y.bitPattern, !(other.isNaN && y.isNaN) { different += 1 }
                    }
                    if x.isNaN != y.isNaN { lost += 1 }
                    if x.isNaN { continue }
                    let exact = function.exact(Double(x))
                    let error = ElementaryFunctionTests.ulps(y, exact)
                    if error > worst { (worst, at) = (error, x) }
                    if sign == 0 ? y < before : y > before {
                        steps += 1
                        depth = max(depth, abs(Double(y) - Double(before)) / Double(Float(exact).ulp))
                    }
                    before = y
                }
            }
        }
        print(
            "\(function.testDescription): at most \(worst) ulp, at \(at); \(steps) steps the wrong way, by \(depth) ulp"
        )
        #expect(worst <= function.bound)
        #expect(different == 0 && odd == 0 && lost == 0)
        #expect(depth <= 2)
    }
}
