/// The process that trains a run, as its attempt records it.
public struct Owner: Sendable, Equatable {
    /// The machine's name, for people.
    public let host: String
    /// The kernel's boot, so that a process ID is not mistaken for one from an earlier boot.
    public let boot: String
    /// The namespace of process IDs: two containers of one machine have different ones.
    public let pidNamespace: String
    /// The process ID.
    public let pid: Int32
    /// When the process started, in the kernel's own ticks. A process ID can be reused; its start time differs.
    package let processStart: Int64

    /// An owner with these values.
    public init(host: String, boot: String, pidNamespace: String, pid: Int32, processStart: Int64) {
        (self.host, self.boot, self.pidNamespace) = (host, boot, pidNamespace)
        (self.pid, self.processStart) = (pid, processStart)
    }

    /// Whether both run under the same kernel and namespace, so that a process ID means the same for both.
    func sharesProcesses(with other: Owner) -> Bool {
        host == other.host && boot == other.boot && pidNamespace == other.pidNamespace
    }
}

extension Owner: CustomStringConvertible {
    /// The process and the machine.
    public var description: String { "process \(pid) on \(host)" }
}

/// The source of time, random bits and processes for a registry; tests supply their own.
package struct RegistryEnvironment: Sendable {
    /// Microseconds since 1970, UTC.
    package var now: @Sendable () -> Int64
    /// This process.
    package var owner: @Sendable () -> Owner
    /// The state of the process with this process ID.
    package var process: @Sendable (Int32) -> ProcessState
    /// The source of random bits for UUIDs.
    package var random: @Sendable () -> any RandomNumberGenerator
    /// A clock that is never set, for measuring how long ago something was.
    package var instant: @Sendable () -> ContinuousClock.Instant = { .now }

    /// The real clock, processes and chance.
    package static let system = RegistryEnvironment(
        now: systemClock, owner: systemOwner, process: systemProcess, random: { SystemRandomNumberGenerator() })

    /// Whether `owner` is alive. Under the same kernel and namespace its process alone decides. Otherwise, or if the
    /// kernel does not show the process, the lease decides (microseconds since 1970).
    package func isAlive(_ owner: Owner, leaseUntil: Int64) -> Bool {
        guard owner.sharesProcesses(with: self.owner()) else { return leaseUntil > now() }
        return switch process(owner.pid) {
        case .gone: false
        case .living(let start): start == owner.processStart
        case .hidden: leaseUntil > now()
        }
    }
}

/// The state of a process ID as the kernel reports it.
package enum ProcessState: Sendable, Equatable {
    /// There is no such process, or it is a zombie.
    case gone
    /// A process that started at this time, in the kernel's ticks, is alive.
    case living(start: Int64)
    /// The process exists, but this user may not see more of it.
    case hidden
}
