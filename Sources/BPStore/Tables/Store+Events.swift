package import BPJSON
import BPSQLite

// The registry's own row and the list of events, which every change of something shared goes through.
extension Store {
    /// Changes the registry's row within a transaction.
    package func updateRegistry(_ change: (inout TableRow) throws -> Void) throws {
        var row = try need(.registry, [.integer(1)])
        try change(&row)
        try update(row)
    }

    /// Appends an event, and counts it, within a transaction.
    package func addEvent(_ kind: EventKind, of subject: Subject, at now: Int64, _ detail: JSONValue = [:]) throws {
        try updateRegistry { registry in
            try registry.add(1, to: "events")
            try insert(
                TableRow(
                    .event,
                    [
                        "id": registry["events"], "at": .integer(now), "subject": .text(subject.text),
                        "kind": .text(kind.rawValue),
                        "detail": .text(detail.serialized),
                    ]))
        }
    }
}

extension TableRow {
    /// Adds to a column that counts.
    package mutating func add(_ change: Int, to column: String) throws {
        let (sum, overflow) = try int(column).addingReportingOverflow(change)
        guard !overflow else { throw bad(column) }
        self[column] = .int(sum)
    }
}
