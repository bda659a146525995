import BPStore
import BPSQLite

// The old access to models, versions and summaries, until every folder reads typed rows.

extension Store {
    func modelRow(_ name: String) throws -> TableRow { TableRow(try Models(self).model(name)) }

    func modelRow(named name: ModelName, _ now: Int64) throws -> TableRow {
        TableRow(try Models(self).findOrCreate(name, now))
    }

    func version(_ number: Int, ofModel name: String) throws -> VersionRecord {
        try Models(self).version(number, ofModel: name)
    }

    func version(_ row: TableRow, of model: TableRow) throws -> VersionRecord {
        try Models(self).record(VersionRow(row), of: ModelRow(model))
    }

    func version(_ row: TableRow, of model: TableRow, _ tensors: [TensorName]) throws -> VersionRecord {
        try Models(self).record(VersionRow(row), of: ModelRow(model), tensors)
    }

    func addVersion(_ origin: VersionOrigin, to model: inout TableRow, _ now: Int64) throws -> (
        id: SQLiteValue, number: Int
    ) {
        var row = try ModelRow(model)
        let version = try Models(self).addVersion(origin, to: &row, now)
        model = TableRow(row)
        return (.int(version.id), version.number)
    }

    func lastDeletedVersion(ofModel name: String) throws -> Int { try Models(self).lastDeletedVersion(ofModel: name) }

    func epochsEnded(_ line: [LinePart], at iteration: Int) throws -> Int { try line.epochsEnded(at: iteration) }
}

extension VersionOrigin {
    init(
        run: SQLiteValue, attempt: SQLiteValue, segment: Int, iteration: Int, epoch: Int, descriptionJSON: String,
        metricsJSON: String, tensors: [TensorName]
    ) {
        guard case .integer(let run) = run, case .integer(let attempt) = attempt else {
            preconditionFailure("a run and an attempt have numbers")
        }
        self.init(
            run: Int(run), attempt: Int(attempt), segment: segment, iteration: iteration, epoch: epoch,
            descriptionJSON: descriptionJSON, metricsJSON: metricsJSON, tensors: tensors)
    }
}

extension RunSummary {
    func write(to run: inout RunRow) throws {
        var row = TableRow(run)
        write(to: &row)
        run = try RunRow(row)
    }
}
