/// A plan that can be trained with the options of an attempt. Starting it checks nothing again.
package struct CheckedPlan: Sendable {
    package let plan: TrainingPlan
    let attempt: AttemptOptions
    /// Which weights become the version.
    let keep: AttemptOptions.Keep
    /// The total of epochs to reach.
    let epochs: Int
}

extension TrainingPlan {
    /// Refuses a training that cannot be: numbers out of range, a fork with nothing to do, `keep best` without a validation
    /// split, a network beyond memory.
    /// - Returns: which weights it will keep.
    @discardableResult
    public func check(_ attempt: AttemptOptions) throws -> AttemptOptions.Keep { try checked(attempt).keep }

    /// As `check`, for a training that starts next.
    package func checked(_ attempt: AttemptOptions = .init()) throws -> CheckedPlan {
        try attempt.validate()
        let epochs = attempt.epochs ?? origin?.epochLimit ?? TrainingDefaults.epochs
        if let done = origin?.point.epoch, epochs <= done {
            throw TrainingError.setting(
                name: "epochs", value: "\(epochs)", allowed: "more than the \(done) that the parent has done there")
        }
        try spec.checkMemory()
        let keep = attempt.keep ?? (data.validation == nil ? .last : .best)
        guard keep == .last || data.validation != nil else {
            throw TrainingError.setting(
                name: "keep", value: "best", allowed: "last, since there is no validation split to tell the best by")
        }
        return CheckedPlan(plan: self, attempt: attempt, keep: keep, epochs: epochs)
    }
}
