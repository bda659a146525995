#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The wall clock in microseconds since 1970.
package func systemClock() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
}

/// This process; the kernel is asked once.
package func systemOwner() -> Owner { thisProcess.value(for: getpid()) }

/// Read once per process; a forked child reads it again, because its process ID differs.
private let thisProcess = OwnerCache()

private struct OwnerCache: Sendable {
    private let first = makeOwner()

    func value(for pid: Int32) -> Owner { first.pid == pid ? first : makeOwner() }
}

private func makeOwner() -> Owner {
    let pid = getpid()
    var start: Int64 = 0
    if case .living(let known) = systemProcess(pid) { start = known }
    return Owner(
        host: hostName(), boot: bootIdentity(), pidNamespace: pidNamespace(), pid: pid, processStart: start)
}

/// For a process that the kernel does not show: whether it exists, even if it belongs to another user.
private func unreadableProcess(_ pid: Int32) -> ProcessState {
    kill(pid, 0) == 0 || errno == EPERM ? .hidden : .gone
}

/// Whether the process of this number belongs to this user.
package func systemIsOwnProcess(_ pid: Int32) -> Bool {
    #if canImport(Glibc)
        var status = stat()
        return stat("/proc/\(pid)", &status) == 0 && status.st_uid == geteuid()
    #else
        return geteuid() != 0 && kill(pid, 0) == 0
    #endif
}

private func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    return text(buffer)
}

private func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

#if canImport(Glibc)
    /// The process of this number, its start in clock ticks since boot.
    package func systemProcess(_ pid: Int32) -> ProcessState {
        pid > 0 ? systemProcess(pid, stat: contents(ofSmallFile: "/proc/\(pid)/stat")) : .gone
    }

    /// The same for a process whose line in /proc is known; nil if that cannot be read (hidepid, no /proc).
    package func systemProcess(_ pid: Int32, stat: String?) -> ProcessState {
        // The command name, in parentheses, may itself contain spaces and parentheses: count from the last one.
        guard let stat, let end = stat.lastIndex(of: ")") else { return unreadableProcess(pid) }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let start = Int64(fields[19]) else { return unreadableProcess(pid) }
        return ["Z", "X", "x"].contains(fields[0]) ? .gone : .living(start: start)
    }

    private func bootIdentity() -> String {
        contents(ofSmallFile: "/proc/sys/kernel/random/boot_id").map { String($0.prefix(36)) } ?? ""
    }

    private func pidNamespace() -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        return readlink("/proc/self/ns/pid", &buffer, buffer.count - 1) > 0 ? text(buffer) : ""
    }

    private func contents(ofSmallFile path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = read(file, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
#else
    /// The process of this number, its start in microseconds since 1970.
    package func systemProcess(_ pid: Int32) -> ProcessState {
        var query = [CTL_KERN, KERN_PROC, KERN_PROC_PID, pid]
        var process = kinfo_proc()
        var size = MemoryLayout<kinfo_proc>.stride
        guard pid > 0 else { return .gone }
        guard sysctl(&query, UInt32(query.count), &process, &size, nil, 0) == 0, size > 0 else {
            return unreadableProcess(pid)
        }
        guard process.kp_proc.p_stat != SZOMB else { return .gone }
        let started = process.kp_proc.p_starttime
        return .living(start: Int64(started.tv_sec) * 1_000_000 + Int64(started.tv_usec))
    }

    private func bootIdentity() -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        var size = buffer.count - 1
        return sysctlbyname("kern.bootsessionuuid", &buffer, &size, nil, 0) == 0 ? text(buffer) : ""
    }

    private func pidNamespace() -> String { "" }
#endif
