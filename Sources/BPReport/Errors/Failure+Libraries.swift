import BPCore
import BPData
import BPInterchange
import BPRegistry
import BPTraining
import BPSystem

/// The one place where an error of a library becomes three lines and an exit code.
extension Failure {
    /// - Parameters:
    ///   - error: the error of a command.
    ///   - registry: the registry that the command was pointed at.
    ///   - typed: the words behind the program's name, so that `next:` can repeat them with one word changed.
    package init(_ error: any Error, registry: RegistryLocation?, typed: [String] = []) {
        switch error {
        case let error as Failure: self = error
        case let error as CoreError: self.init(core: error)
        case let error as DataError: self.init(data: error, typed: typed)
        case let error as RegistryError: self.init(registry: error, option: registry, typed: typed)
        case let error as ImportError: self.init(import: error, typed: typed)
        case let error as TrainingError: self.init(training: error, option: registry, typed: typed)
        case let error as OutputFailed: self.init(output: error)
        case let error as FileError: self.init(file: error, typed: typed)
        case let error as FormatError: self.init(format: error, typed: typed)
        case let error as NotConfirmed: self.init(unconfirmed: error, typed: typed)
        default: self.init(.failed, "\(error)", next: "bpreg --help")
        }
    }

    private init(output error: OutputFailed) {
        self.init(
            .storage, "the output could not be written: \(SystemError(error.number))", at: "standard output",
            next: "free space, or send the output elsewhere")
    }
}

// MARK: - BPCore: its refusals come from the options
extension Failure {
    fileprivate init(core error: CoreError) {
        let (status, place, next): (ExitStatus, String, String)
        var what = error.description
        switch error {
        case .noLayers, .layerSize(layer: 0, units: _):
            (status, place, next) = (.badData, "the columns of the data", "give a table with at least one more column")
        case .layerSize(_, let units): (status, place, next) = (.usage, "--hidden \(units)", "--hidden 32,16")
        case .tooLarge: (status, place, next) = (.usage, "--hidden, --batch-size", "smaller layers or batches")
        case .memory(let needed, let physical):
            (status, place, next) = (.usage, "--hidden, --batch-size", "smaller layers or batches")
            what =
                "this network and batch need \(NumberText.binaryBytes(needed)) of memory, and the machine has "
                + NumberText.binaryBytes(physical)
        case .allocation(let bytes):
            what = "the system refused \(NumberText.binaryBytes(bytes)) of memory"
            (status, place, next) = (.failed, "memory", "end other programs, or take smaller layers or batches")
        case .softmaxInside: (status, place, next) = (.usage, "--activation softmax", "--activation relu")
        case .softmaxUnits:
            (status, place, next) = (.usage, "--output-activation softmax", "--output-activation identity")
        case .lossNeedsOutput(let loss, let activation):
            place = "--loss \(loss.rawValue) --output-activation \(activation.rawValue)"
            (status, next) = (.usage, "--output-activation softmax, or --loss half-squared-error")
        case .optimizerSetting(let rule, let setting, let value, let allowed):
            let option = Failure.option(named: setting)
            what = "\(setting) of \(rule) must be \(allowed), not \(NumberText.plain(value))"
            (status, place) = (.usage, "--optimizer \(rule) \(option) \(NumberText.plain(value))")
            next = "\(option) with another value, or without it: the default suits most data"
        case .scheduleSetting(let name, let value, let allowed):
            (status, place, next) = Failure.parts(ofSetting: name, value, allowed)
        case .outOfRange(let what, let value, _, _):
            (status, place, next) = (.usage, "\(what) \(value)", "a number within these bounds")
        case .instructionSet(let set):
            (status, place, next) = (.usage, "BPREG_ISA=\(set.rawValue)", "unset BPREG_ISA")
        case .floatEnvironment:
            (status, place) = (.notReproducible, "this process's floating-point control register")
            next = "start bpreg from a shell, not from a program that changes it"
        case .threadStart: (status, place, next) = (.failed, "--threads", "--threads 1")
        case .shape: (status, place, next) = (.failed, "the numeric core", "report this: it is a mistake in bpreg")
        }
        self.init(status, what, at: place, next: next)
    }
}

// MARK: - BPData: wrong data, unless the registry kept them
extension Failure {
    fileprivate init(data error: DataError, typed: [String]) {
        // Data from a pipe cannot be read again.
        let file = error.file == NamedFile.standardInput ? nil : error.file.map(ShellText.quoted)
        let next: String
        let remedy = DataRemedy(error: error, file: file, typed: typed)
        switch error.kind {
        case .unreadable: next = file.map { "ls -l \($0)" } ?? "check the file's name"
        case .malformed, .badValue: next = remedy.next
        case .unknownColumn:
            let name = error.columnName ?? ""
            next =
                error.nearName.flatMap { ShellText.command(typed, replacing: name, with: $0) }
                ?? remedy.piped("head -n 1", "").map { $0 + "   # shows the columns" } ?? "name a column that is there"
        case .unseen:
            next = error.remedy == .unknownZero ? remedy.next : "leave these rows out; the model has no such class"
        case .choice:
            next =
                error.nearName.flatMap { near in
                    error.value.flatMap { ShellText.command(typed, replacing: $0, with: near) }
                } ?? remedy.unpacking
                ?? "--labels FILE   # one label a row; of an archive --features MEMBER --labels MEMBER"
        case .unusable: next = "choose another --target or other shares of the rows, or give more data"
        case .corrupt: next = "bpreg verify"
        }
        var place = error.place
        if let value = error.value { place += (place.isEmpty ? "" : ", ") + "value \"\(value)\"" }
        // The message of an unreadable file does not name it.
        let what = error.kind == .unreadable ? "\(file ?? "standard input") \(error.message)" : error.message
        self.init(
            error.kind == .corrupt ? .damaged : .badData, what, at: place.isEmpty ? "the data" : place,
            next: next)
    }
}

// MARK: - BPRegistry
extension Failure {
    fileprivate init(registry error: RegistryError, option: RegistryLocation?, typed: [String]) {
        let hint = option?.hint ?? ""
        let place = option?.place ?? "the registry"
        let (status, location, next): (ExitStatus, String, String)
        switch error {
        case .none:
            (status, location) = (.noRegistry, place)
            let another = "--registry PATH or BPREG_REGISTRY names another"
            next =
                option?.path.isEmpty == true
                ? another : "bpreg train DATA --target COL\(hint)   # makes one; \(another)"
        case .unusable: (status, location, next) = (.noRegistry, place, "--registry PATH   # names another file")
        case .readOnly(let path):
            (status, location, next) = (
                .storage, place, "ls -ld \(ShellText.folder(of: path)) \(ShellText.quoted(path))"
            )
        case .alive(let run, let owner):
            (status, location) = (.runAlive, "run \(run), process \(owner.pid) on \(owner.host)")
            next = "kill -INT \(owner.pid)   # stops it; or wait for it"
        case .fencingLost(let run, _, _):
            (status, location, next) = (.runAlive, "run \(run)", "bpreg runs\(hint)   # shows who goes on with it")
        case .schemaNewer:
            (status, location, next) = (.schema, place, "install the bpreg that wrote it, or a newer one")
        case .schemaOlder: (status, location, next) = (.schema, place, "bpreg migrate\(hint)")
        case .schemaEdited: (status, location, next) = (.schema, place, "go back to a copy from before the change")
        case .foreign: (status, location, next) = (.schema, place, "--registry PATH   # names another file")
        case .damaged(_, let spot, _):
            (status, location, next) = (
                .damaged, "\(place), \(spot)", "bpreg verify\(hint)   # tells all that is damaged"
            )
        case .notFound(let reference, _, _, let near):
            (status, location) = (.failed, "\(place), \(reference)")
            next =
                near.first.map {
                    ShellText.command(typed, replacing: reference, with: $0)
                        ?? ShellText.command(typed, replacingFront: reference, with: $0)
                        ?? "\($0) instead of \(reference)"
                }
                ?? Failure.whatThereIs(besides: reference, hint)
        case .badQuery(let error):
            self.init(query: error, option: option, typed: typed)
            return
        case .tooLong:
            (status, location, next) = (.failed, "the query", "--timeout SECONDS, or a query that asks for less")
        case .badReference(let text, _):
            (status, location, next) = (.usage, ShellText.quoted(text), "7, 7@best, 7@epoch:50, iris or iris:3")
        case .badName(let name, _):
            (status, location) = (.usage, ShellText.quoted(name))
            let mended = ModelName.mended(name).text
            next = "a name such as " + (mended == name ? "my-\(name)" : mended)
        case .archived(let what, let path, _):
            (status, location, next) = (.failed, what, "bpreg restore \(ShellText.quoted(path))\(hint)")
        case .unsound(let spot, _):
            (status, location, next) = (.badData, spot, "restore the file as it was written, or another copy of it")
        case .conflict(let spot, _):
            (status, location) = (.failed, spot)
            next = Failure.listing(for: typed, hint) ?? "bpreg verify\(hint)"
        case .inUse(let what, _):
            (status, location) = (.failed, what)
            next = "bpreg \((typed + ["--cascade"]).map(ShellText.quoted).joined(separator: " "))   # deletes these too"
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
        case .internalFailure: (status, location, next) = (.failed, place, "report this: it is a mistake in bpreg")
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
        case "rollback": return "bpreg log \(ShellText.quoted(whole))\(hint)   # shows where it stands"
        case "pin", "alias": return "bpreg \(typed[0]) \(ShellText.quoted(whole))\(hint)   # lists what there is"
        case "restore": return "bpreg restore \(ShellText.quoted(typed[1])) --registry OTHER.sqlite   # keeps both"
        case "tag", "note": return "bpreg \(typed[0]) \(ShellText.quoted(typed[1]))\(hint)   # lists what there is"
        default: return nil
        }
    }
}

// MARK: - BPTraining
extension Failure {
    fileprivate init(training error: TrainingError, option: RegistryLocation?, typed: [String]) {
        let hint = option?.hint ?? ""
        let (status, place, next): (ExitStatus, String?, String)
        var what = error.description
        switch error {
        case .setting(let name, let value, let allowed):
            (status, place, next) = Failure.parts(ofSetting: name, value, allowed)
        case .missingSetting(let name, let setting, let value):
            let option = Failure.option(named: setting) + " " + value
            (status, place, next) = (.usage, option, option + " " + Failure.example(of: Failure.option(named: name)))
        case .notInFile(let name):
            let example = Failure.example(of: Failure.option(named: name))
            (status, place) = (.usage, Failure.option(named: name))
            next = Failure.again(typed, example)
        case .noTarget(let overview):
            (status, place) = (.usage, "--target")
            next = "--target " + (overview.likelyTarget.map(ShellText.quoted) ?? "COLUMN")
        case .specChanged(let run, let changes):
            (status, place) = (
                .usage, changes.map { Failure.option(named: $0.name) + " " + $0.asked }.joined(separator: " ")
            )
            next = "bpreg train --resume \(run)\(hint)   # without these, or a new run with them"
        case .cannotFork(let run, let changes):
            (status, place) = (
                .usage, changes.map { Failure.option(named: $0.name) + " " + $0.asked }.joined(separator: " ")
            )
            next = "leave these out, or train a new run with them; run \(run) stays what it is"
        case .otherColumns(let run, _, _):
            (status, place, next) = (
                .badData, "the data", "data with the columns of run \(run): bpreg show \(run)\(hint)"
            )
        case .notAtEpochEnd(let point, let changes, let before):
            (status, place) = (
                .usage, "\(point.run)@iteration:\(point.iteration), changed: " + changes.joined(separator: ", ")
            )
            let end = "\(point.run).\(point.lineSegment)@epoch:\(before)"
            let given = typed.firstIndex(of: "--from").flatMap { typed.dropFirst($0 + 1).first }
            next =
                (given.flatMap { ShellText.command(typed, replacing: $0, with: end) } ?? "--from \(end)")
                + "   # the end of the epoch before"
        case .nothingResumable: (status, place, next) = (.failed, option?.place, "bpreg runs\(hint)")
        case .notResumable(let run, _, _): (status, place, next) = (.failed, "run \(run)", "bpreg show \(run)\(hint)")
        case .notReproducible(let run, let iteration, _, _):
            (status, place) = (.notReproducible, "run \(run), iteration \(iteration)")
            next = "bpreg verify\(hint)   # tells whether what is stored is sound"
        case .numericsVersion(let run, let needed, _):
            (status, place) = (.notReproducible, "run \(run)")
            next = "the bpreg with numerics version \(needed)"
        case .badSpec(let run, _):
            (status, place, next) = (.damaged, run.map { "run \($0)" }, "bpreg verify\(hint)")
        case .dataUnavailable(let run, let path, _):
            (status, place) = (.badData, "run \(run)")
            let commands = ["train", "audit", "pin", "version", "evaluate", "diverge", "compare"]
            let takesData = typed.first.map(commands.contains) ?? false
            let command =
                takesData && !typed.contains("--data")
                ? typed.map(ShellText.quoted).joined(separator: " ") : "audit \(run)\(option?.hint ?? "")"
            next = "bpreg \(command) --data FILE   # with --labels if these have moved too"
            if !takesData { what += "; only what takes --data reads them from elsewhere than \(path)" }
        case .noSplit(let run, let split):
            (status, place, next) = (.usage, "run \(run), --split \(split)", "--split train")
        case .lowSpace(let path, let free, let reserve):
            what =
                "\(NumberText.binaryBytes(free)) are free for \(path), under the reserve of "
                + NumberText.binaryBytes(reserve)
            (status, place, next) = (.storage, option?.place ?? path, "df -h \(ShellText.folder(of: path))")
        }
        self.init(status, what, at: place, next: next)
    }

    fileprivate static func parts(
        ofSetting name: String, _ value: String, _ allowed: String
    ) -> (ExitStatus, place: String, next: String) {
        let option = Failure.option(named: name)
        let next = allowed.hasPrefix("left out") ? "leave out \(option)" : Failure.example(of: option)
        return (.usage, "\(option) \(ShellText.quoted(value))", next)
    }

    /// A value that the option takes whatever the data.
    private static func example(of option: String) -> String {
        let setting = SettingCatalogue.training.settings.first { $0.option == option }
        if let example = setting?.example { return "\(option) \(example)" }
        return switch option {
        case "--bound", "--step": "\(option) 1e-4"
        case "--parameters": "--parameters 200"
        case "--rows": "--rows 16"
        case "--scaling": "--scaling none   # numbers as they are; standard: to mean 0 and deviation 1"
        default: "leave out \(option), or give another value"
        }
    }

    /// `learning rate`, `learning_rate` → `--learning-rate`.
    fileprivate static func option(named setting: String) -> String {
        SettingCatalogue.training[setting]?.option
            ?? "--" + String(setting.map { $0 == " " || $0 == "_" ? "-" : $0 })
    }
}
