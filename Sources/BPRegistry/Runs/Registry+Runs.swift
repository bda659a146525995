public import BPStore
import BPSQLite

extension Registry {
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
    /// - Throws: `notFound` telling which runs there are.
    public func run(_ number: Int) throws(RegistryError) -> RunRecord {
        try reading { store in try store.runRecord(store.runRow(number), environment) }
    }

    /// The newest run that can be resumed without being asked for more epochs: interrupted, stopped or failed.
    public func newestResumableRun() throws(RegistryError) -> RunRecord? {
        try runs(ListQuery(where: #"status in ("interrupted", "stopped", "failed")"#, limit: 1)).next().first
    }

    /// The spec of a run: canonical JSON, checked against its hash.
    public func spec(ofRun number: Int) throws(RegistryError) -> String {
        try reading { store in
            let run = try store.runRow(number)
            let json = try store.need(.spec, [run["spec"]]).text("json")
            guard try SHA256.hash(json) == run.digest("spec") else {
                throw store.damaged("the spec of run \(number)", "it does not fit its hash")
            }
            return json
        }
    }

    /// The settings of a run, by name.
    public func settings(ofRun number: Int) throws(RegistryError) -> [Setting] {
        try children(.setting, ofRun: number, counted: "settings", order: "name") { _, row in
            Setting(try row.text("name"), try SettingValue(row))
        }
    }

    /// The segments of a run, in order.
    public func segments(ofRun number: Int) throws(RegistryError) -> [SegmentRecord] {
        try children(.segment, ofRun: number, counted: "segments", order: "number") { try SegmentRecord($1) }
    }

    /// The attempts of a run, in order.
    public func attempts(ofRun number: Int) throws(RegistryError) -> [AttemptRecord] {
        try children(.attempt, ofRun: number, counted: "attempts", order: "number") { try $0.attempt($1) }
    }

    /// What was measured of a run and its versions, in order.
    public func evaluations(ofRun number: Int) throws(RegistryError) -> [EvaluationRecord] {
        try children(.evaluation, ofRun: number, counted: "evaluations", order: "id") { store, row in
            var version: Int?
            if row["version"] != .null { version = try store.need(.version, [row["version"]]).int("number") }
            return EvaluationRecord(
                run: try row.int("run"), segment: try row.int("segment"), iteration: try row.int("iteration"),
                version: version, split: try row.text("split"), loss: try row.float("loss"),
                scoresJSON: try row.text("scores"), created: try row.int64("created"))
        }
    }

    /// What happened, in order; all of it, or what happened to `subject` (as in `EventRecord.subject`). All of it stands
    /// by time, since what a restoration brought in happened before it; of one subject the order is that of the record.
    public func events(of subject: Subject? = nil) throws(RegistryError) -> [EventRecord] {
        try reading { store in
            try subject.map { try store.events.all(of: $0) } ?? store.events.all()
        }
    }

    /// The rows of `table` that belong to a run, whose number its row tells.
    private func children<Element>(
        _ table: SealedTable, ofRun number: Int, counted column: String, order: String,
        _ body: (Store, TableRow) throws -> Element
    ) throws(RegistryError) -> [Element] {
        try reading { store in
            let run = try store.runRow(number)
            let rows = try store.rows(table, "WHERE run = ? ORDER BY \(order)", [number])
            guard try rows.count == run.int(column) else {
                throw store.damaged(
                    "run \(number)", "\(rows.count) rows of \(table.name), its row tells another number")
            }
            return try rows.map { try body(store, $0) }
        }
    }
}

extension SettingValue {
    package init(_ row: TableRow) throws {
        let text = try row.text("text")
        switch try row.text("kind") {
        case "number": self = .number(try row.number("text", Double.init))
        case "integer": self = .integer(try row.number("text", Int64.init))
        case "bool": self = .bool(text == "true")
        default: self = .text(text)
        }
    }

    var kind: String {
        switch self {
        case .number: "number"
        case .integer: "integer"
        case .text: "text"
        case .bool: "bool"
        }
    }

    /// The value as text that reads back as the same value.
    var text: String {
        switch self {
        case .number(let value): value.description
        case .integer(let value): value.description
        case .text(let value): value
        case .bool(let value): value ? "true" : "false"
        }
    }

    /// The value for SQL that compares numbers; nil for text and NaN.
    var number: Double? {
        switch self {
        case .number(let value): value.isNaN ? nil : value
        case .integer(let value): Double(value)
        case .text: nil
        case .bool(let value): value ? 1 : 0
        }
    }
}

extension TableRow {
    fileprivate func number<Number>(_ column: String, _ read: (String) -> Number?) throws -> Number {
        guard let number = read(try text(column)) else { throw bad(column) }
        return number
    }
}
