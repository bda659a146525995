#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The wall clock in microseconds since 1970.
func systemClock() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
}

/// This process, asked of the kernel once.
func systemOwner() -> Owner { thisProcess.value(for: getpid()) }

/// What is asked once a process; a forked child asks again, for its number differs.
private let thisProcess = OwnerCache()

private struct OwnerCache: Sendable {
    private let first = makeOwner()

    func value(for pid: Int32) -> Owner { first.pid == pid ? first : makeOwner() }
}

private func makeOwner() -> Owner {
    let pid = getpid()
    return Owner(
        host: hostName(), boot: bootIdentity(), pidNamespace: pidNamespace(), pid: pid,
        processStart: systemProcessStart(pid) ?? 0)
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
    /// When the process started, in clock ticks since boot; nil if it does not exist, or is a zombie or dead.
    func systemProcessStart(_ pid: Int32) -> Int64? {
        guard pid > 0, let line = contents(ofSmallFile: "/proc/\(pid)/stat") else { return nil }
        // The command name, in parentheses, may itself hold spaces and parentheses: count from the last one.
        guard let end = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 19, !["Z", "X", "x"].contains(fields[0]) else { return nil }
        return Int64(fields[19])
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
    /// When the process started, in microseconds since 1970; nil if it does not exist or is a zombie.
    func systemProcessStart(_ pid: Int32) -> Int64? {
        var query = [CTL_KERN, KERN_PROC, KERN_PROC_PID, pid]
        var process = kinfo_proc()
        var size = MemoryLayout<kinfo_proc>.stride
        guard pid > 0, sysctl(&query, UInt32(query.count), &process, &size, nil, 0) == 0, size > 0 else { return nil }
        guard process.kp_proc.p_stat != SZOMB else { return nil }
        let started = process.kp_proc.p_starttime
        return Int64(started.tv_sec) * 1_000_000 + Int64(started.tv_usec)
    }

    private func bootIdentity() -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        var size = buffer.count - 1
        return sysctlbyname("kern.bootsessionuuid", &buffer, &size, nil, 0) == 0 ? text(buffer) : ""
    }

    private func pidNamespace() -> String { "" }
#endif
