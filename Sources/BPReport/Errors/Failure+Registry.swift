import BPRegistry

// Errors of BPRegistry.
extension Failure {
    init(registry error: RegistryError, option: RegistryLocation?, typed: [String]) {
        let hint = option?.hint ?? ""
        let place = option?.place ?? "the registry"
        let (status, location, next): (ExitStatus, String, String)
        switch error {
        case .none:
            (status, location) = (.noRegistry, place)
            next = "the command train makes one from a table; --registry or BPREG_REGISTRY names another"
        case .unusable: (status, location, next) = (.noRegistry, place, "name another file with --registry")
        case .readOnly(let path):
            (status, location, next) = (
                .storage, place, "ls -ld \(ShellText.folder(of: path)) \(ShellText.quoted(path))"
            )
        case .alive(let run, let owner, let sign):
            (status, location) = (.runAlive, "run \(run), process \(owner.pid) on \(owner.host)")
            next = Failure.next(alive: owner, sign, typed, hint)
        case .replaced(_, _, let run, let rescue):
            (status, location) = (.storage, place)
            next = Failure.next(rescue: rescue, run: run, option)
        case .log(let path, let fault):
            (status, location, next) = (fault.status, place, Failure.next(log: fault, of: path, typed))
        case .fencingLost(let run, _, _):
            (status, location, next) = (.runAlive, "run \(run)", "bpreg runs\(hint)   # shows which process resumed it")
        case .schemaNewer:
            (status, location, next) = (.schema, place, "install the bpreg that wrote it, or a newer one")
        case .schemaOlder: (status, location, next) = (.schema, place, "bpreg migrate\(hint)")
        case .schemaEdited: (status, location, next) = (.schema, place, "use a copy from before the change")
        case .foreign: (status, location, next) = (.schema, place, "name another file with --registry")
        case .damaged(_, let spot, _):
            (status, location, next) = (
                .damaged, "\(place), \(spot)", "bpreg verify\(hint)   # lists all damage"
            )
        case .notFound(let reference, _, _, let near):
            (status, location) = (.failed, "\(place), \(reference)")
            next =
                near.first.map {
                    ShellText.command(typed, replacing: reference, with: $0)
                        ?? ShellText.command(typed, replacingFront: reference, with: $0)
                        ?? "did you mean \($0)?"
                }
                ?? Failure.whatThereIs(besides: reference, hint)
        case .badQuery(let error):
            self.init(query: error, option: option, typed: typed)
            return
        case .tooLong:
            (status, location, next) = (.failed, "the query", "give it more time with --timeout, or ask for less")
        case .badReference(let text, _):
            (status, location, next) = (
                .usage, ShellText.quoted(text), "references are 7, 7@best, 7@epoch:50, iris or iris:3"
            )
        case .badName(let name, _):
            (status, location) = (.usage, ShellText.quoted(name))
            let mended = ModelName.mended(name).text
            next = "take a name such as " + (mended == name ? "my-\(name)" : mended)
        case .archived(let what, let path, _):
            (status, location, next) = (.failed, what, "bpreg restore \(ShellText.quoted(path))\(hint)")
        case .unsound(let spot, _):
            (status, location, next) = (.badData, spot, "restore the file as it was written, or another copy of it")
        case .conflict(let spot, _):
            (status, location) = (.failed, spot)
            next = Failure.listing(for: typed, hint) ?? "bpreg verify\(hint)"
        case .inUse(let what, _):
            (status, location) = (.failed, what)
            next = Failure.again(typed, "--cascade   # deletes these too")
        case .notUndoable(let what, _, let first):
            (status, location) = (.failed, what)
            next =
                first.map { "bpreg delete \(ShellText.quoted($0.reference)) --undo\(hint)   # first" }
                ?? "bpreg delete --list\(hint)   # shows the deletions that can be undone"
        case .freed(let spot, let kept):
            (status, location) = (.failed, spot)
            next = kept.map { "\($0) is still there" } ?? Failure.whatThereIs(besides: spot, hint)
        case .diskFull:
            let again =
                typed.first != "train" && !typed.isEmpty
                ? typed.map(ShellText.quoted).joined(separator: " ") : "train --resume\(hint)"
            (status, location, next) = (.storage, place, "free space, then bpreg " + again)
        case .inputOutput:
            (status, location, next) = (
                .storage, place, "check the disk, then bpreg verify\(hint), and bpreg train --resume\(hint)"
            )
        case .busy:
            (status, location, next) = (
                .storage, place,
                "try again; see what holds the file: fuser \(ShellText.quoted(option?.path ?? RegistryLocation.standard))"
            )
        case .internalFailure: (status, location, next) = (.failed, place, "report this: it is a bug in bpreg")
        }
        self.init(status, error.description, at: location, next: next)
    }

    /// The command that lists the candidates for a reference that names nothing.
    private static func whatThereIs(besides reference: String, _ hint: String) -> String {
        let whole = String(reference.prefix { !"@:.".contains($0) })
        let isRun = whole.allSatisfy { "0"..."9" ~= $0 }
        if whole == reference || whole.isEmpty {
            return isRun ? "bpreg runs\(hint)" : "bpreg models\(hint)"
        }
        if isRun { return "bpreg log \(whole)\(hint)   # shows its segments and how far they go" }
        let name = ShellText.quoted(whole)
        return reference.contains("@") ? "bpreg alias \(name)\(hint)" : "bpreg versions \(name)\(hint)"
    }

    /// The command that shows the current state after a change was refused.
    private static func listing(for typed: [String], _ hint: String) -> String? {
        guard typed.count > 1, !typed[1].hasPrefix("-") else { return nil }
        let whole = String(typed[1].prefix { !"@:.".contains($0) })
        guard !whole.isEmpty else { return nil }
        switch typed[0] {
        case "rollback": return "bpreg log \(ShellText.quoted(whole))\(hint)   # shows its state"
        case "pin", "alias": return "bpreg \(typed[0]) \(ShellText.quoted(whole))\(hint)   # lists what there is"
        case "restore": return "restore it into another registry with --registry, which keeps both"
        case "tag", "note": return "bpreg \(typed[0]) \(ShellText.quoted(typed[1]))\(hint)   # lists what there is"
        default: return nil
        }
    }
}
