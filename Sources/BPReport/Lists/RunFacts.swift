import BPJSON
import BPRegistry

/// The settings and metrics of a run in its list: two members in JSON, a column for each value in CSV.
struct RunFacts {
    private let settingNames: [String]
    private let metricNames: [String]
    private let format: OutputFormat

    /// - Parameter outline: has the names of all settings and metrics, for the columns of CSV.
    init(_ outline: ListOutline, _ format: OutputFormat) {
        (settingNames, metricNames) = (outline.settingNames, outline.metricNames)
        self.format = format
    }

    /// The values of a metric, by the words of a query: `metric.val_loss` is the last one.
    private static let kinds: [(word: String, value: @Sendable (MetricRecord) -> JSONValue)] = [
        ("metric", { RunFacts.last($0) }), ("best", { RunFacts.optional($0.best) }),
        ("min", { RunFacts.optional($0.min) }),
        ("max", { RunFacts.optional($0.max) }),
    ]

    var columns: [TableColumn] {
        let own: [TableColumn] = [.hidden("best_val_score")]
        if format == .json { return own + [TableColumn.hidden("settings"), .hidden("metrics")] }
        return own + settingNames.map { TableColumn.hidden("setting." + $0) }
            + metricNames.flatMap { name in RunFacts.kinds.map { TableColumn.hidden("\($0.word).\(name)") } }
    }

    func values(of row: ListedRow<RunRecord>) -> [JSONValue] {
        let settings = Dictionary(row.settings.map { ($0.name, $0.value.json) }) { first, _ in first }
        let metrics = Dictionary(row.metrics.map { ($0.name, $0) }) { first, _ in first }
        let score = row.record.best == nil ? nil : metrics["val_score"]?.best
        let own = [score.map { RecordJSON.score(Float($0)) } ?? .null]
        if format == .json { return own + [.object(settings), .object(metrics.mapValues(RunFacts.json))] }
        return own + settingNames.map { settings[$0] ?? .null }
            + metricNames.flatMap { name in
                RunFacts.kinds.map { kind in metrics[name].map { kind.value($0) } ?? .null }
            }
    }

    private static func json(_ metric: MetricRecord) -> JSONValue {
        ["last": last(metric), "best": optional(metric.best), "min": optional(metric.min), "max": optional(metric.max)]
    }

    /// A metric has a last value; it is missing if it is NaN.
    private static func last(_ metric: MetricRecord) -> JSONValue {
        metric.last.map(FieldText.measure) ?? .double(.nan)
    }

    private static func optional(_ value: Double?) -> JSONValue { value.map(FieldText.measure) ?? .null }
}
