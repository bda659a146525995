/// The process that trains a run, as its attempt records it.
public struct Owner: Sendable, Equatable {
    /// The machine's name, for people.
    public let host: String
    /// The kernel's boot, so that a process number is never taken for that of an earlier boot.
    public let boot: String
    /// The process-number namespace: two containers of one machine have different ones.
    public let pidNamespace: String
    /// The process number.
    public let pid: Int32
    /// When the process started, in the kernel's own ticks; numbers are given again, this is not.
    package let processStart: Int64

    /// An owner with these particulars.
    public init(host: String, boot: String, pidNamespace: String, pid: Int32, processStart: Int64) {
        (self.host, self.boot, self.pidNamespace) = (host, boot, pidNamespace)
        (self.pid, self.processStart) = (pid, processStart)
    }

    /// Whether both live under the same kernel and namespace, so that a process number means the same.
    func sharesProcesses(with other: Owner) -> Bool {
        host == other.host && boot == other.boot && pidNamespace == other.pidNamespace
    }
}

extension Owner: CustomStringConvertible {
    /// The process and the machine.
    public var description: String { "process \(pid) on \(host)" }
}

/// Where the registry gets the time, chance and processes from; tests give their own.
package struct RegistryEnvironment: Sendable {
    /// Microseconds since 1970, UTC.
    package var now: @Sendable () -> Int64
    /// This process.
    package var owner: @Sendable () -> Owner
    /// What is known of the process of this number.
    package var process: @Sendable (Int32) -> ProcessState
    /// Where UUIDs get their random bits from.
    package var random: @Sendable () -> any RandomNumberGenerator
    /// A clock that is never set, for how long ago something was.
    package var instant: @Sendable () -> ContinuousClock.Instant = { .now }

    /// The real clock, processes and chance.
    package static let system = RegistryEnvironment(
        now: systemClock, owner: systemOwner, process: systemProcess, random: { SystemRandomNumberGenerator() })

    /// Whether `owner` still lives: under the same kernel and namespace its process alone decides, elsewhere, and
    /// where the kernel does not tell, the lease (microseconds since 1970).
    package func isAlive(_ owner: Owner, leaseUntil: Int64) -> Bool {
        guard owner.sharesProcesses(with: self.owner()) else { return leaseUntil > now() }
        return switch process(owner.pid) {
        case .gone: false
        case .living(let start): start == owner.processStart
        case .hidden: leaseUntil > now()
        }
    }
}

/// What the kernel tells of a process number.
package enum ProcessState: Sendable, Equatable {
    /// There is none, or it is a zombie.
    case gone
    /// One lives that started then, in the kernel's ticks.
    case living(start: Int64)
    /// There is one, about which this user is told no more.
    case hidden
}
