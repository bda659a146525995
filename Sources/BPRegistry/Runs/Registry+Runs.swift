public import BPStore

extension SnapshotReading {
    /// All runs, newest first.
    public func runs() throws(RegistryError) -> [RunRecord] {
        let listing = runs(ListQuery())
        var all: [RunRecord] = []
        while true {
            let page = try listing.next()
            if page.isEmpty { return all }
            all += page
        }
    }

    /// The run of this number.
    /// - Throws: `notFound` naming the runs that exist.
    public func run(_ number: Int) throws(RegistryError) -> RunRecord {
        try reading { store in try RunRecord(RunRow(named: number, in: store), in: store) }
    }

    /// Refuses to change a run that a process trains.
    /// - Throws: `notFound`; `alive`.
    package func refuseIfAlive(_ number: Int) throws(RegistryError) {
        try reading { store in try RunRow(named: number, in: store).refuseIfAlive(in: store) }
    }

    /// The newest run that can be resumed without more epochs: interrupted, stopped or failed.
    public func newestResumableRun() throws(RegistryError) -> RunRecord? {
        try runs(ListQuery(where: #"status in ("interrupted", "stopped", "failed")"#, limit: 1)).next().first
    }

    /// The spec of a run: canonical JSON, checked against its hash.
    public func spec(ofRun number: Int) throws(RegistryError) -> String {
        try reading { store in
            let spec = try store.specs.need(RunRow(named: number, in: store).spec)
            guard SHA256.hash(spec.json) == spec.hash else {
                throw store.damaged("the spec of run \(number)", "it does not fit its hash")
            }
            return spec.json
        }
    }

    /// The settings of a run, by name.
    public func settings(ofRun number: Int) throws(RegistryError) -> [Setting] {
        try rows(ofRun: number, counted: \.settings) {
            try $0.settings.all(ofRun: number)
        } record: { row, _ in
            try Setting(row)
        }
    }

    /// The segments of a run, in order.
    public func segments(ofRun number: Int) throws(RegistryError) -> [SegmentRecord] {
        try rows(ofRun: number, counted: \.segments) {
            try $0.segments.all(ofRun: number)
        } record: { row, _ in
            row
        }
    }

    /// The attempts of a run, in order.
    public func attempts(ofRun number: Int) throws(RegistryError) -> [AttemptRecord] {
        try rows(ofRun: number, counted: \.attempts) {
            try $0.attempts.all(ofRun: number)
        } record: { row, _ in
            AttemptRecord(row)
        }
    }

    /// The evaluations of a run and its versions, in the order in which they were recorded.
    public func evaluations(ofRun number: Int) throws(RegistryError) -> [EvaluationRecord] {
        try rows(ofRun: number, counted: \.evaluations) {
            try $0.evaluations.all(ofRun: number)
        } record: {
            row, store in
            EvaluationRecord(
                run: row.run, segment: row.segment, iteration: row.iteration,
                version: try row.version.map { try store.versions.need($0).number }, split: row.split, loss: row.loss,
                scoresJSON: row.scoresJSON, created: row.created)
        }
    }

    /// The events after event `number`, in order; all of them, or those of `subject`. All of them are ordered by time,
    /// because events that a restoration added happened earlier. Those of one subject are in the order in which they
    /// were recorded.
    public func events(of subject: Subject? = nil, after number: Int = 0) throws(RegistryError) -> [EventRecord] {
        try reading { store in
            try subject.map { try store.events.all(of: $0, after: number) } ?? store.events.all(after: number)
        }
    }

    /// Rows that belong to a run and whose number the run's row records.
    private func rows<Row: SealedRow, Record>(
        ofRun number: Int, counted count: (RunRow) -> Int, _ rows: (Store) throws -> [Row],
        record: (Row, Store) throws -> Record
    ) throws(RegistryError) -> [Record] {
        try reading { store in
            let run = try RunRow(named: number, in: store)
            let rows = try rows(store)
            guard rows.count == count(run) else {
                throw store.damaged(
                    "run \(number)", "\(rows.count) rows of \(Row.table.name), but its row records \(count(run))")
            }
            return try rows.map { try record($0, store) }
        }
    }
}
