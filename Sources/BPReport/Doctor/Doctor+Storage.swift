import BPRegistry

// The ground of a registry: the library, the file, the disk.
extension Doctor {
    /// The checks that need no open registry, in their order.
    static let checksOfStorage: [(name: String, examine: @Sendable (Doctor) -> [Finding])] = [
        ("sqlite", { $0.sqlite() }),
        ("file", { $0.file() }),
        ("file system", { $0.fileSystem() }),
    ]

    /// The options of SQLite that say how it behaves here.
    private static let telling = ["THREADSAFE", "SECURE_DELETE", "DEFAULT_AUTOVACUUM", "DQS", "OMIT_WAL"]

    func sqlite() -> [Finding] {
        let facts = SQLiteFacts.linked
        let options = facts.options.filter { option in Doctor.telling.contains { option.hasPrefix($0) } }
        let name =
            "SQLite \(facts.version)" + (options.isEmpty ? "" : ", compiled with \(options.joined(separator: ", "))")
        if facts.options.contains("THREADSAFE=0") || facts.options.contains("OMIT_WAL") {
            return [
                .fail(
                    name + ": it cannot be used by threads, or has no WAL",
                    next: "install SQLite as your system has it", exit: .storage)
            ]
        }
        return [.ok(name)]
            + facts.knownFaults.map {
                .warn(
                    "SQLite \(facts.version) has a known fault, unless your system has fixed it: \($0)",
                    next: "install SQLite 3.51.3 or newer; until then keep copies with bpreg backup")
            }
    }

    func file() -> [Finding] {
        guard let bytes = facts.bytes else { return [] }
        let quoted = ShellText.quoted(path)
        let mode = String(facts.permissions, radix: 8)
        var findings: [Finding] = []
        if !facts.isWritable {
            findings.append(
                .warn(
                    "this user can read it but not write to it",
                    next: "ls -ld \(ShellText.folder(of: path)) \(quoted)"))
        }
        if facts.permissions & 0o002 != 0 {
            findings.append(.warn("every user can write to it (mode \(mode))", next: "chmod o-w \(quoted)"))
        }
        if facts.names > 1 {
            findings.append(
                .warn(
                    "it has \(facts.names) names, and only one of them has a log beside it",
                    next: "copy it with bpreg backup, and continue with the copy"))
        }
        let owner = facts.isOwn ? "" : ", of another user"
        return [.ok("\(path), \(NumberText.bytes(Double(size ?? bytes))), mode \(mode)\(owner)")] + findings
    }

    func fileSystem() -> [Finding] {
        var findings: [Finding] = []
        if facts.isNetwork {
            findings.append(
                .warn(
                    "\(facts.fileSystem) is reached over a network or another program, where locks cannot be relied on",
                    next: "copy it to a local disk with bpreg backup, and continue with the copy"))
        }
        if facts.isMemory {
            findings.append(
                .warn(
                    "\(facts.fileSystem) is in memory: the registry is lost when the machine restarts",
                    next: "copy it to a disk with bpreg backup, and continue with the copy"))
        }
        let space = facts.freeBytes.map { ", \(NumberText.binaryBytes($0)) free" } ?? ""
        // As much as a run must find to begin.
        if let free = facts.freeBytes, free < 128 << 20 {
            findings.append(
                .warn(
                    "\(NumberText.binaryBytes(free)) are free, and no run begins below 64 MiB",
                    next: "bpreg gc\(hint)   # or free space elsewhere: df -h \(ShellText.folder(of: path))"))
        }
        return findings.isEmpty ? [.ok(facts.fileSystem + space)] : findings
    }

    /// The write-ahead log: one that is missing, or that grows.
    func log(_ registry: Registry) throws -> [Finding] {
        let copy = try registry.runWithoutLog()
        if let copy, copy.isLikely {
            return [.warn(RegistryText.withoutLog(copy, of: path), next: "ls -l \(ShellText.quoted(path))*")]
        }
        let size = NumberText.binaryBytes(facts.logBytes)
        guard facts.logBytes > 64 << 20 else {
            let nothing = copy.map { "; \(RegistryText.withoutLog($0, of: path))" } ?? ""
            return [
                .ok(
                    facts.logBytes == 0
                        ? "nothing waits in the write-ahead log" + nothing : "\(size) in the write-ahead log")
            ]
        }
        return [
            .warn(
                "\(size) are in the write-ahead log: a reader that stays keeps it from being emptied",
                next: "fuser \(ShellText.quoted(path))   # shows who reads; then bpreg gc\(hint) empties it")
        ]
    }
}
