import BPCore
import BPJSON
import BPRegistry

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What an attempt runs with: the machine, and the settings that decide no number.
enum Attempt {
    /// Processors that are on line.
    static var processors: Int { min(256, max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))) }

    /// An instruction set, the one that `BPREG_ISA` or the machine gives unless said, on so many threads.
    static func compute(threads: Int, _ instructionSet: InstructionSet? = nil) throws(CoreError) -> Compute {
        try Compute(threads: threads, instructionSet: instructionSet ?? InstructionSet.fromEnvironment().0)
    }

    /// The settings as the registry keeps them.
    static func settings(
        compute: Compute, durability: Registry.Durability, keep: AttemptOptions.Keep, epochs: Int,
        policy: KeyframePolicy
    ) -> AttemptSettings {
        AttemptSettings(
            threads: compute.threads, instructionSet: compute.instructionSet.rawValue, durability: durability,
            keep: keep.rawValue, epochLimit: epochs, keyframePolicyJSON: policy.json.serialized,
            environmentJSON: environment.serialized)
    }

    /// The program and the system, for people.
    private static var environment: JSONValue {
        var name = utsname()
        uname(&name)
        return [
            "bpreg": .string(bpregVersion), "system": .string(text(name.sysname)),
            "release": .string(text(name.release)),
            "machine": .string(text(name.machine)), "processors": JSONValue(processors),
        ]
    }

    private static func text<Characters>(_ characters: Characters) -> String {
        withUnsafeBytes(of: characters) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// The version of bpreg.
public let bpregVersion = "0.1.0"
