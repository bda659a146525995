import BPRegistry

// Commands about a registry's files and processes. None of them signals, deletes or overwrites what may belong to another
// person or program.
extension Failure {
    /// The command after a run was found alive. Only a process that was really looked at is signalled, and only one's own.
    static func next(alive owner: Owner, _ sign: SignOfLife, _ typed: [String], _ hint: String) -> String {
        let again = typed.isEmpty ? "bpreg runs\(hint)" : "bpreg " + typed.map(ShellText.quoted).joined(separator: " ")
        return switch sign {
        case .process(isOwn: true): "kill -INT \(owner.pid)   # stops it; or wait for it"
        case .process(isOwn: false): "ps -o user,pid,lstart,args -p \(owner.pid)   # it belongs to another user"
        case .lease(_, let seconds): "sleep \(seconds + 1) && \(again)"
        }
    }

    /// The command after a registry was lost while it was open.
    static func next(rescue: Rescue?, run: Int?, _ option: RegistryLocation?) -> String {
        let path: String
        switch rescue {
        case .saved(let saved, _): path = saved
        case .moved(let moved): path = moved
        case .impossible, nil:
            return "ls -l \(ShellText.quoted(option?.path ?? RegistryLocation.standard))*   # what is there now"
        }
        let registry = "--registry " + ShellText.quoted(path)
        return run.map { "bpreg train --resume \($0) \(registry)" } ?? "bpreg runs \(registry)"
    }

    /// The command after a log was found missing or of no use.
    static func next(log fault: LogFault, of path: String, _ typed: [String]) -> String {
        let file = ShellText.quoted(path)
        switch fault {
        case .withoutFile:
            return "ls -l \(file)*   # put the registry back beside its log, or move the log away"
        case .leftBehind: return "ls -l \(file)*   # copy the log too, or copy with bpreg backup"
        case .deleted(let processes):
            let list = processes.map(String.init).joined(separator: ",")
            return "ps -o pid,lstart,args -p \(list)   # save what they have, and end by themselves"
        case .otherName:
            return "find \(ShellText.folder(of: path)) -samefile \(file)   # its names: use the one by which it is open"
        case .notReplayed:
            let name = ShellText.quoted(path.split(separator: "/").last.map(String.init) ?? path)
            let words = Failure.withoutRegistry(typed).map(ShellText.quoted).joined(separator: " ")
            return "d=$(mktemp -d) && cp \(file) \(ShellText.quoted(path + "-wal")) \"$d\" && bpreg "
                + "\(words.isEmpty ? "runs" : words) --registry \"$d\"/\(name)"
        }
    }

    /// The words of a command without the option that names the registry.
    private static func withoutRegistry(_ typed: [String]) -> [String] {
        var words: [String] = []
        var isValue = false
        for word in typed {
            if !isValue, word != "--registry", !word.hasPrefix("--registry=") { words.append(word) }
            isValue = !isValue && word == "--registry"
        }
        return words
    }
}

extension LogFault {
    /// The exit code of a command that met it.
    var status: ExitStatus {
        switch self {
        case .withoutFile, .leftBehind: .noRegistry
        case .notReplayed, .deleted, .otherName: .storage
        }
    }
}
