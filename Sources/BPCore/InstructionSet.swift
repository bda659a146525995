import CBPKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Which instructions the kernels use. All give the same bits; they differ in speed.
public enum InstructionSet: String, CaseIterable, Sendable {
    /// Plain arithmetic, without a fused multiply-add of the processor.
    case portable
    /// AVX2 and FMA, 16 registers of 8 floats.
    case avx2
    /// AVX-512 F, VL, DQ and BW, 32 registers of 16 floats.
    case avx512
    /// Arm's Advanced SIMD, 32 registers of 4 floats.
    case neon

    /// Whether this build has the kernels and this machine the instructions.
    public var isAvailable: Bool { bp_kernels_for(level, Int32(Numerics.newest.rawValue)) != nil }

    /// The fastest that this machine has.
    public static var best: InstructionSet {
        [.avx512, .avx2, .neon].first { $0.isAvailable } ?? .portable
    }

    /// What the environment variable `BPREG_ISA` asks for, or the best. A name that is unknown or that the machine
    /// lacks gives the best, with a sentence that says so.
    public static func fromEnvironment() -> (InstructionSet, warning: String?) {
        guard let text = getenv("BPREG_ISA").map({ String(cString: $0) }), !text.isEmpty else { return (best, nil) }
        guard let asked = InstructionSet(rawValue: text) else {
            let names = allCases.map(\.rawValue).joined(separator: ", ")
            return (best, "BPREG_ISA=\(text) is not one of \(names); using \(best.rawValue)")
        }
        if asked.isAvailable { return (asked, nil) }
        return (best, "this machine has no \(text) instructions (BPREG_ISA); using \(best.rawValue)")
    }

    var level: bp_level {
        switch self {
        case .portable: BP_LEVEL_PORTABLE
        case .avx2: BP_LEVEL_AVX2
        case .avx512: BP_LEVEL_AVX512
        case .neon: BP_LEVEL_NEON
        }
    }
}
