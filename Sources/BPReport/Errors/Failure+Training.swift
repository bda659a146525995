import BPTraining

// Errors of BPTraining.
extension Failure {
    init(training error: TrainingError, option: RegistryLocation?, typed: [String]) {
        let hint = option?.hint ?? ""
        let (status, place, next): (ExitStatus, String?, String)
        var what = error.description
        switch error {
        case .setting(let name, let value, let allowed):
            (status, place, next) = Failure.parts(ofSetting: name, value, allowed)
        case .unsuitable(let settings, _, let instead):
            (status, place) = (.usage, settings.map(Failure.words).joined(separator: " "))
            next = Failure.again(typed, with: instead.map { (Failure.option(named: $0.name), $0.value) })
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
            next = "bpreg verify\(hint)   # checks whether the stored data are sound"
        case .numericsVersion(let run, let needed):
            (status, place) = (.notReproducible, "run \(run)")
            next = "the bpreg with numerics version \(needed)"
        case .badSpec(let run, _):
            (status, place, next) = (.damaged, run.map { "run \($0)" }, "bpreg verify\(hint)")
        case .dataUnavailable(let run, let path, _):
            (status, place) = (.badData, "run \(run)")
            let commands = ["train", "audit", "pin", "version", "export", "evaluate", "diverge", "compare"]
            let takesData = typed.first.map(commands.contains) ?? false
            let command =
                takesData && !typed.contains("--data")
                ? typed.map(ShellText.quoted).joined(separator: " ") : "audit \(run)\(option?.hint ?? "")"
            next = "bpreg \(command) --data FILE   # with --labels if these have moved too"
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
            (status, place, next) = (.usage, "run \(run), --split \(split)", "--split train")
        case .weightsNotFinite(let of):
            place = of
            (status, next) =
                switch typed.first {
                case "train": (.diverged, "a new run with a smaller --learning-rate")
                case "import": (.badData, "import another file, with finite weights only")
                default: (.failed, "an earlier point of the run, for example RUN@best")
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
