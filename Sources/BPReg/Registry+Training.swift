extension Registry {
    /// Trains a new run on a table and records it. It returns when the run has ended or was stopped.
    ///
    /// The parameters that are named here take precedence over the same setting of `options` or `attempt`; nil means
    /// the default of docs/defaults.md. A run that diverges is returned too, with the status `diverged`.
    /// - Parameters:
    ///   - table: the data. Its name becomes the model's name if `model` is nil.
    ///   - target: the column to predict.
    ///   - hidden: the units of each hidden layer, from the input's side; empty for none.
    ///   - learningRate: the learning rate (μ), above 0.
    ///   - epochs: the total of epochs.
    ///   - model: the model that the run makes a version of.
    ///   - options: all settings that decide numbers.
    ///   - attempt: threads, keyframes, and the weights to keep.
    ///   - datasetLimit: the size in bytes up to which the registry stores the data; of larger data it stores the path
    ///     and the hash.
    ///   - stop: is called every few milliseconds on this thread; a request ends the iteration and commits everything.
    ///   - progress: receives the progress after commits, on another thread. It is not called again before it returns.
    /// - Throws: `TrainingError` for a setting that is out of range or too little free space; `DataError`, `CoreError`,
    ///   `RegistryError`. What was committed before an error can be resumed.
    @discardableResult
    public func train(
        _ table: Table, target: String? = nil, hidden: [Int]? = nil, learningRate: Double? = nil, epochs: Int? = nil,
        model: String? = nil, options: TrainingOptions = .init(), attempt: AttemptOptions = .init(),
        datasetLimit: Int = TrainingDefaults.datasetLimit, stop: @escaping () -> StopRequest? = { nil },
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws -> TrainedRun {
        var options = options
        options.target = target ?? options.target
        options.hidden = hidden ?? options.hidden
        options.learningRate = learningRate ?? options.learningRate
        let plan = try TrainingPlan(table, options: options, model: model)
        return try start(plan, attempt.upTo(epochs), datasetLimit, stop, progress)
    }

    /// Resumes a run exactly where it stopped, and trains it up to the limit of epochs. The result is that of a run
    /// which was never interrupted, to the last bit.
    /// - Parameters:
    ///   - run: the run's number (default: the newest run that is interrupted, stopped or failed).
    ///   - epochs: the total of epochs (default: the limit of the last attempt).
    ///   - attempt: settings of this attempt; nil is inherited from the last one.
    ///   - data: the file of the data, if the registry stores only their hash.
    ///   - stop: as for `train`.
    ///   - progress: as for `train`.
    /// - Returns: the run. Its `outcome` is nil if there was nothing left to train.
    /// - Throws: `TrainingError` if there is no such run or it cannot be resumed; `RegistryError.alive` if another
    ///   process trains it; `DataError`, `CoreError`, `RegistryError`.
    @discardableResult
    public func resume(
        _ run: Int? = nil, epochs: Int? = nil, attempt: AttemptOptions = .init(), data: DataFile? = nil,
        stop: @escaping () -> StopRequest? = { nil },
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws -> TrainedRun {
        let resumption = try TrainingSession.resume(
            run, in: self, attempt: attempt.upTo(epochs), durability: durability, file: data)
        switch resumption {
        case .nothingToDo(let record, _): return try TrainedRun(record.number, in: self, nil)
        case .session(let session):
            let outcome = try session.train(stop: stop, progress: progress)
            return try TrainedRun(outcome.run, in: self, outcome)
        }
    }

    /// Trains a new run from a point of another run. Settings that are not given are the parent's.
    /// - Parameters:
    ///   - reference: the point, such as `1@epoch:50`, or a version.
    ///   - table: other data with the same columns (default: the parent's data).
    ///   - learningRate: the learning rate (μ), above 0.
    ///   - epochs: the total of epochs, the parent's included (default: the parent's limit).
    ///   - model: the model that the run makes a version of (default: the parent's).
    ///   - options: the settings to change. The network and the task cannot change.
    ///   - attempt: as for `train`.
    ///   - data: the file of the parent's data, if the registry stores only their hash.
    ///   - stop: as for `train`.
    ///   - progress: as for `train`.
    /// - Throws: `TrainingError` (`cannotFork`, `otherColumns`, `notAtEpochEnd`, `setting`); `RegistryError` if the
    ///   reference names nothing; `DataError`, `CoreError`.
    @discardableResult
    public func fork(
        _ reference: String, table: Table? = nil, learningRate: Double? = nil, epochs: Int? = nil,
        model: String? = nil, options: TrainingOptions = .init(), attempt: AttemptOptions = .init(),
        data: DataFile? = nil, stop: @escaping () -> StopRequest? = { nil },
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws -> TrainedRun {
        var options = options
        options.learningRate = learningRate ?? options.learningRate
        let plan = try TrainingPlan(
            forking: Reference(reference), in: self, options: options, table: table, file: data, model: model)
        return try start(plan, attempt.upTo(epochs), TrainingDefaults.datasetLimit, stop, progress)
    }

    private func start(
        _ plan: TrainingPlan, _ attempt: AttemptOptions, _ datasetLimit: Int, _ stop: @escaping () -> StopRequest?,
        _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws -> TrainedRun {
        let session = try TrainingSession.start(
            plan, in: self, attempt: attempt, durability: durability, datasetLimit: datasetLimit)
        let outcome = try session.train(stop: stop, progress: progress)
        return try TrainedRun(outcome.run, in: self, outcome)
    }
}

extension AttemptOptions {
    /// These options with another limit of epochs, unless it is nil.
    fileprivate func upTo(_ epochs: Int?) -> AttemptOptions {
        var options = self
        options.epochs = epochs ?? options.epochs
        return options
    }
}
