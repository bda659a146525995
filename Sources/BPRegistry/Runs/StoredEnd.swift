import BPJSON
package import BPStore

/// The end of a run as stored in its row; all nil if it has none.
package struct StoredEnd: Sendable, Equatable {
    var status: RunStatus?
    var reason: String?
    var ended: Int64?

    static let none = StoredEnd()
}

extension StoredEnd {
    package init(_ run: RunRow) { (status, reason, ended) = (run.status, run.reason, run.ended) }

    /// The end that the event of a rollback records.
    init(_ json: JSONValue) {
        status = json["status"]?.string.flatMap { RunStatus(rawValue: $0) }
        reason = json["reason"]?.string
        ended = json["ended"]?.int.map(Int64.init)
    }

    var json: [String: JSONValue] {
        [
            "status": JSONValue(status?.rawValue), "reason": JSONValue(reason),
            "ended": JSONValue(ended.map { Int($0) }),
        ]
    }

    package func write(to run: inout RunRow) { (run.status, run.reason, run.ended) = (status, reason, ended) }
}
