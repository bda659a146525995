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

    /// Whether both run under the same kernel and namespace, so that a process ID means the same for both. If the kernel
    /// does not name its boot, two machines of one name cannot be distinguished.
    func sharesProcesses(with other: Owner) -> Bool {
        host == other.host && boot == other.boot && !boot.isEmpty && pidNamespace == other.pidNamespace
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
    /// Whether a process that lives here belongs to this user.
    package var isOwnProcess: @Sendable (Int32) -> Bool = systemIsOwnProcess
    /// Whether a process that lives here must have the registry open to be one that trains a run of it: of a copy it does
    /// not. Tests, whose processes are made up, say no.
    package var asksForUsers = true
    /// The source of random bits for UUIDs.
    package var random: @Sendable () -> any RandomNumberGenerator
    /// A clock that is never set, for measuring how long ago something was.
    package var instant: @Sendable () -> ContinuousClock.Instant = { .now }

    /// The real clock, processes and chance.
    package static let system = RegistryEnvironment(
        now: systemClock, owner: systemOwner, process: systemProcess, random: { SystemRandomNumberGenerator() })

    /// The time for which a commit keeps a run for its process, if that cannot be checked: a minute, in microseconds.
    package static let lease: Int64 = 60_000_000

    /// The time of the latest lease that can be true: a minute more, since the clocks of two machines differ. A later one
    /// was given by a clock that was wrong, and counts as none.
    package var latestLease: Int64 { now() + 2 * RegistryEnvironment.lease }

    /// Whether `owner` is alive. Under the same kernel and namespace its process alone decides. Otherwise, or if the
    /// kernel does not show the process, the lease decides (microseconds since 1970).
    package func isAlive(_ owner: Owner, leaseUntil: Int64) -> Bool {
        signOfLife(of: owner, leaseUntil: leaseUntil) != nil
    }

    /// The reason for taking `owner` for alive; nil if it is not.
    package func signOfLife(of owner: Owner, leaseUntil: Int64) -> SignOfLife? {
        guard owner.sharesProcesses(with: self.owner()) else { return lease(until: leaseUntil) }
        return switch process(owner.pid) {
        case .gone: nil
        case .living(let start):
            start == owner.processStart ? .process(isOwn: isOwnProcess(owner.pid)) : nil
        case .hidden: lease(until: leaseUntil)
        }
    }

    private func lease(until lease: Int64) -> SignOfLife? {
        let now = now()
        guard lease > now, lease <= latestLease else { return nil }
        return .lease(until: lease, seconds: Int((lease - now + 999_999) / 1_000_000))
    }
}

/// The reason for taking a run's process for alive.
public enum SignOfLife: Sendable, Equatable {
    /// The kernel was asked: the process that recorded lives, on this machine, in this boot and namespace. `isOwn`: whether
    /// it belongs to this user.
    case process(isOwn: Bool)
    /// The process cannot be checked from here. Its last commit keeps the run until then (microseconds since 1970), which
    /// is in so many seconds.
    case lease(until: Int64, seconds: Int)
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
