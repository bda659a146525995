import CBPKernels
import Foundation
import Testing

@testable import BPCore

/// The long form: all 2³² arguments. For a release build.
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
