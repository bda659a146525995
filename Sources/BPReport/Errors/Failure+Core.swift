import BPCore

// Errors of BPCore, which come from the options.
extension Failure {
    init(core error: CoreError, typed: [String]) {
        let (status, place, next): (ExitStatus, String, String)
        var what = error.description
        switch error {
        case .noLayers, .layerSize(layer: 0, units: _):
            (status, place, next) = (.badData, "the columns of the data", "give a table with at least one more column")
        case .layerSize(_, let units):
            (status, place, next) = (.usage, "--hidden \(units)", Failure.suitable("--hidden", typed))
        case .tooLarge: (status, place, next) = (.usage, "--hidden, --batch-size", "take smaller layers or batches")
        case .memory(let needed, let physical):
            (status, place, next) = (.usage, "--hidden, --batch-size", "take smaller layers or batches")
            what =
                "this network and batch need \(NumberText.binaryBytes(needed)) of memory, and the machine has "
                + NumberText.binaryBytes(physical)
        case .allocation(let bytes):
            what = "the system refused \(NumberText.binaryBytes(bytes)) of memory"
            (status, place, next) = (.failed, "memory", "end other programs, or take smaller layers or batches")
        case .softmaxInside:
            (status, place, next) = (.usage, "--activation softmax", Failure.suitable("--activation", typed))
        case .softmaxUnits:
            (status, place) = (.usage, "--output-activation softmax")
            next =
                Correction.setting([("--output-activation", "identity")]).command(typed)
                ?? "for example --output-activation identity"
        case .lossNeedsOutput(let loss, let activation):
            place = "--loss \(loss.rawValue) --output-activation \(activation.rawValue)"
            (status, next) = (.usage, "take --output-activation softmax, or --loss half-squared-error")
        case .optimizerSetting(let rule, let setting, let value, let allowed):
            let option = Failure.option(named: setting)
            what = "\(setting) of \(rule) must be \(allowed), not \(NumberText.plain(value))"
            (status, place) = (.usage, "--optimizer \(rule) \(option) \(NumberText.plain(value))")
            next = Failure.without(option, typed)
        case .scheduleSetting(let name, let value, let allowed):
            (status, place, next) = Failure.parts(ofSetting: name, value, allowed, typed: typed)
        case .outOfRange(let what, let value, _, _):
            (status, place, next) = (.usage, "\(what) \(value)", "give a number within these bounds")
        case .instructionSet(let set):
            (status, place, next) = (.usage, "BPREG_ISA=\(set.rawValue)", "unset BPREG_ISA")
        case .numericsVersion(let version):
            (status, place) = (.notReproducible, "numerics version \(version)")
            next = "install the bpreg with numerics version \(version)"
        case .floatEnvironment:
            (status, place) = (.notReproducible, "this process's floating-point control register")
            next = "start bpreg from a shell, not from a program that changes it"
        case .threadStart:
            (status, place, next) = (
                .failed, "--threads", Correction.setting([("--threads", "1")]).command(typed) ?? "take --threads 1"
            )
        case .shape: (status, place, next) = (.failed, "the numeric core", "report this: it is a bug in bpreg")
        }
        self.init(status, what, at: place, next: next)
    }
}
