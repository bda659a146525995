import BPTraining

// Errors of BPTraining.
extension Failure {
    init(training error: TrainingError, option: RegistryLocation?, typed: [String]) {
        let hint = option?.hint ?? ""
        let (status, place, next): (ExitStatus, String?, String)
        var what = error.description
        switch error {
        case .setting(let name, let value, let allowed):
            (status, place, next) = Failure.parts(ofSetting: name, value, allowed, typed: typed)
        case .unsuitable(let settings, _, let instead):
            (status, place) = (.usage, settings.map(Failure.words).joined(separator: " "))
            next = Failure.again(typed, with: instead.map { (Failure.option(named: $0.name), $0.value) })
        case .missingSetting(let name, let setting, let value):
            let option = Failure.option(named: setting) + " " + value
            let needed = Failure.option(named: name)
            (status, place) = (.usage, option)
            next =
                Failure.example(of: needed).map { example in
                    Correction.setting([(needed, example)]).command(typed)
                        ?? "for example \(option) \(needed) \(example)"
                } ?? "give \(needed) too"
        case .notInFile(let name):
            let option = Failure.option(named: name)
            (status, place) = (.usage, option)
            next =
                Failure.example(of: option).map { Failure.again(typed, "\(option) \($0)") } ?? "give \(option) too"
        case .noTarget(let overview):
            (status, place) = (.usage, "--target")
            next =
                overview.likelyTarget.map { Failure.again(typed, "--target " + ShellText.quoted($0)) }
                ?? "name one of the columns with --target"
        case .specChanged(let run, let changes):
            (status, place) = (
                .usage, changes.map { Failure.option(named: $0.name) + " " + $0.asked }.joined(separator: " ")
            )
            let options = changes.map { Failure.option(named: $0.name) }.filter { option in
                typed.contains { $0 == option || $0.hasPrefix(option + "=") }
            }
            next =
                Correction.removing(options, remark: "a fork takes them: --from \(run) instead of --resume")
                .command(typed) ?? "bpreg train --resume \(run)\(hint)   # without these"
        case .cannotFork(let run, let changes):
            (status, place) = (
                .usage, changes.map { Failure.option(named: $0.name) + " " + $0.asked }.joined(separator: " ")
            )
            next = "leave these out, or train a new run with them; run \(run) stays what it is"
        case .otherColumns(let run, _, _):
            (status, place, next) = (
                .badData, "the data", "bpreg show \(run)\(hint)   # the data must have the columns of this run"
            )
        case .notAtEpochEnd(let point, let changes, let before):
            (status, place) = (
                .usage, "\(point.run)@iteration:\(point.iteration), changed: " + changes.joined(separator: ", ")
            )
            let end = "\(point.run).\(point.lineSegment)@epoch:\(before)"
            let given = typed.firstIndex(of: "--from").flatMap { typed.dropFirst($0 + 1).first }
            next =
                given.flatMap { ShellText.command(typed, replacing: $0, with: end) }
                .map { $0 + "   # the end of the epoch before" } ?? "fork from \(end), the end of the epoch before"
        case .nothingResumable: (status, place, next) = (.failed, option?.place, "bpreg runs\(hint)")
        case .notResumable(let run, _, _): (status, place, next) = (.failed, "run \(run)", "bpreg show \(run)\(hint)")
        case .notReproducible(let run, let iteration, _, _):
            (status, place) = (.notReproducible, "run \(run), iteration \(iteration)")
            next = "bpreg verify\(hint)   # checks whether the stored data are sound"
        case .numericsVersion(let run, let needed):
            (status, place) = (.notReproducible, "run \(run)")
            next = "install the bpreg with numerics version \(needed)"
        case .badSpec(let run, _):
            (status, place, next) = (.damaged, run.map { "run \($0)" }, "bpreg verify\(hint)")
        case .dataUnavailable(let run, let path, _, let areLabels):
            (status, place) = (.badData, "run \(run)")
            let commands = [
                "train", "audit", "pin", "version", "export", "evaluate", "diverge", "compare", "show", "predict",
            ]
            let takesData = typed.first.map(commands.contains) ?? false
            next =
                !takesData
                ? "copy the file back, or name it to a command that takes --data, such as audit"
                : areLabels
                    ? "name the file of the labels with --labels"
                    : "name the file with --data, and with --labels if these have moved too"
            if !takesData { what += "; only what takes --data reads them from elsewhere than \(path)" }
        case .otherData(let run, let path, _, let isStored):
            (status, place) = (.badData, "--data \(ShellText.quoted(path))")
            next =
                isStored
                ? ShellText.command(typed, without: "--data").map { $0 + "   # the registry keeps the data" }
                    ?? "leave out --data: the registry keeps the data"
                : "bpreg datasets\(hint)   # shows the recorded path and hash of run \(run)'s data"
        case .otherModel(let model, _, _, let free):
            (status, place) = (.usage, "--model (default: \(model), the name of the file)")
            next = Failure.again(typed, "--model \(ShellText.quoted(free))")
        case .noSplit(let run, let split):
            (status, place) = (.usage, "run \(run), --split \(split)")
            next = Correction.setting([("--split", "train")]).command(typed) ?? "take --split train"
        case .weightsNotFinite(let of):
            place = of
            (status, next) =
                switch typed.first {
                case "train": (.diverged, "train a new run with a smaller --learning-rate")
                case "import": (.badData, "import another file, with finite weights only")
                default: (.failed, "take an earlier point of the run, such as its best epoch")
                }
        case .lowSpace(let path, let free, let reserve):
            what =
                "\(NumberText.binaryBytes(free)) are free for \(path), under the reserve of "
                + NumberText.binaryBytes(reserve)
            (status, place, next) = (.storage, option?.place ?? path, "df -h \(ShellText.folder(of: path))")
        }
        self.init(status, what, at: place, next: next)
    }
}
