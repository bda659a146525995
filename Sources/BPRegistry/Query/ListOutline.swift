package import BPStore

/// The facts about its rows that a list needs before it shows the first.
package struct ListRequest: Sendable {
    /// Names that a person chose as columns, separated by commas.
    package var columns: String?
    /// Names by which the rows are grouped, separated by commas.
    package var groups: String?
    /// Other names whose fields the list shows.
    package var names: [String]
    /// The field by which rows are ranked: the smallest value is the best.
    package var ranking: String
    /// Whether all names of settings and metrics are wanted.
    package var wantsNames = false
    /// Whether the rows are looked at: the settings in which they differ, and whether they can be compared.
    package var looksAtRows = true

    package init(names: [String], ranking: String) { (self.names, self.ranking) = (names, ranking) }
}

/// The answer to a `ListRequest`.
package struct ListOutline: Sendable {
    /// The numbers of the rows that were looked at, in the list's order: keys of the registry.
    package var rows: [Int] = []
    /// Whether there are more rows than were looked at.
    package var isCut = false
    /// The fields by which the list is sorted.
    package var sorted: [ListedField] = []
    /// The fields that a person chose.
    package var columns: [ListedField]?
    /// The fields by which the rows are grouped.
    package var groups: [ListedField] = []
    /// The fields of the other names, in their order; a name that nothing has is left out.
    package var fields: [ListedField] = []
    /// The settings in which the runs of the rows differ, each with its field.
    package var settings: [(variety: SettingVariety, field: ListedField)] = []
    /// The number of these runs.
    package var runCount = 0
    /// The run of each row.
    package var runs: [Int: Int] = [:]
    /// What each row must have in common with another to be ranked with it.
    package var grounds: [Int: Comparability] = [:]
    /// The value by which each row is ranked; rows without a finite one are left out.
    package var ranks: [Int: Double] = [:]
    /// The names of the scores of these runs: `accuracy`, `r2`.
    package var scores: Set<String> = []
    /// The names of all settings and metrics of the registry.
    package var settingNames: [String] = [], metricNames: [String] = []

    /// The maximum number of rows that are looked at.
    package static var most: Int { 10_000 }

    /// The best row of each group of two or more that can be compared.
    package var best: Set<Int> {
        var groups: [Comparability: [Int]] = [:]
        for row in rows where ranks[row] != nil {
            if let ground = grounds[row] { groups[ground, default: []].append(row) }
        }
        let best = groups.values.filter { $0.count > 1 }.compactMap { rows in
            rows.min { (ranks[$0] ?? .infinity, $0) < (ranks[$1] ?? .infinity, $1) }
        }
        return Set(best)
    }
}

/// A row of a list with the values of the fields that the list shows.
package struct ListedRow<Record: Sendable>: Sendable {
    /// The number of the row.
    package let row: Int
    package let record: Record
    /// The values of the fields, in their order.
    package let values: [FieldValue]
    /// The settings of its run, and its measures, if they were asked for.
    package let settings: [Setting]
    package let metrics: [MetricRecord]

    package init(
        row: Int, record: Record, values: [FieldValue], settings: [Setting] = [], metrics: [MetricRecord] = []
    ) {
        (self.row, self.record, self.values) = (row, record, values)
        (self.settings, self.metrics) = (settings, metrics)
    }
}

extension ListOutline {
    fileprivate init(_ keys: ListedKeys, _ query: ListQuery, run: String, _ request: ListRequest) throws {
        columns = try request.columns.map { try keys.columnFields($0) }
        groups = try request.groups.map { try keys.groupFields($0) } ?? []
        sorted = request.groups == nil ? try keys.sortFields() : []
        fields = try keys.fields(request.names)
        if request.wantsNames {
            (settingNames, metricNames) = (try keys.store.settings.names(), try keys.store.metrics.names())
        }
        guard request.looksAtRows else { return }
        rows = try keys.all(limit: min(max(0, query.limit ?? .max), ListOutline.most + 1))
        isCut = rows.count > ListOutline.most
        rows = Array(rows.prefix(ListOutline.most))
        for (row, values) in try keys.values(of: keys.fields([run, request.ranking]), in: rows) {
            runs[row] = values.first?.double.map { Int($0) }
            if values.count == 2, let rank = values[1].double, rank.isFinite { ranks[row] = rank }
        }
        let numbers = Array(Set(runs.values))
        runCount = numbers.count
        settings = try keys.store.settings.variety(ofRuns: numbers)
            .filter { $0.values > 1 || $0.runs < numbers.count }
            .compactMap { setting in try keys.field(ofSetting: setting.name).map { (variety: setting, field: $0) } }
        scores = try keys.store.runs.scoreNames(of: numbers)
        let ofRuns = try Comparability.all(ofRuns: numbers, in: keys.store)
        grounds = runs.compactMapValues { ofRuns[$0] }
    }
}

extension ListedKeys {
    /// The field of a setting: by its plain name, unless that means something else.
    fileprivate func field(ofSetting name: String) throws -> ListedField? {
        guard let setting = try fields(["setting." + name]).first else { return nil }
        guard let plain = try fields([name]).first, plain.means(setting) else { return setting }
        return plain
    }
}

extension SnapshotReading {
    /// The outline of the list of runs that match `query`.
    /// - Throws: `badQuery` for a name that nothing has.
    package func outline(ofRuns query: ListQuery, _ request: ListRequest) throws(RegistryError) -> ListOutline {
        try reading { store in try ListOutline(store.listedRuns(query), query, run: "run", request) }
    }

    /// The same of versions, of one model or of all.
    package func outline(
        ofVersions query: ListQuery, ofModel name: String?, _ request: ListRequest
    ) throws(RegistryError) -> ListOutline {
        try reading { store in
            let model = try name.map { try Models(store).model($0).id }
            return try ListOutline(store.listedVersions(ofModel: model, query), query, run: "run", request)
        }
    }

    /// The runs that match `query`, each with the values of `fields`, and with all its settings and metrics if
    /// `withDetails`.
    package func listedRuns(
        _ query: ListQuery, _ fields: [ListedField], withDetails: Bool
    ) -> Listing<ListedRow<RunRecord>> {
        Listing(
            self, query,
            Listing.Rows(
                keys: { store, query in store.listedRuns(query) },
                records: { store, ids in
                    let records = try RunRecord.all(ids, in: store)
                    let rows = records.map { (row: $0.number, run: $0.number, record: $0) }
                    return try ListedRow.all(rows, store.listedRuns(query), fields, withDetails: withDetails)
                }))
    }

    /// The same of versions, of one model or of all. Their measures are in the records.
    package func listedVersions(
        _ query: ListQuery, ofModel name: String?, _ fields: [ListedField], withDetails: Bool
    ) throws(RegistryError) -> Listing<ListedRow<VersionRecord>> {
        let model = try modelKey(name)
        return Listing(
            self, query,
            Listing.Rows(
                keys: { store, query in store.listedVersions(ofModel: model, query) },
                records: { store, ids in
                    let records = try Models(store).keyedRecords(ids)
                    let rows = records.map { (row: $0.key, run: $0.record.run, record: $0.record) }
                    return try ListedRow.all(
                        rows, store.listedVersions(ofModel: model, query), fields, withDetails: withDetails)
                }))
    }
}

extension ListedRow {
    fileprivate static func all(
        _ rows: [(row: Int, run: Int, record: Record)], _ keys: ListedKeys, _ fields: [ListedField],
        withDetails: Bool
    ) throws -> [ListedRow] {
        let values = try keys.values(of: fields, in: rows.map(\.row))
        let runs = Array(Set(rows.map(\.run)))
        let settings = try withDetails ? keys.store.settings.all(ofRuns: runs) : [:]
        let hasMetrics = withDetails && Record.self == RunRecord.self
        let metrics = try hasMetrics ? keys.store.metrics.all(ofRuns: runs) : [:]
        return try rows.map { row in
            ListedRow(
                row: row.row, record: row.record,
                values: values[row.row] ?? Array(repeating: .missing, count: fields.count),
                settings: try withDetails ? complete(settings[row.run] ?? []) : [],
                metrics: (metrics[row.run] ?? []).map(MetricRecord.init))
        }
    }

    /// The settings of a run by name, with those that its spec leaves out.
    private static func complete(_ rows: [SettingRow]) throws -> [Setting] {
        let recorded = try rows.map(Setting.init)
        let names = Set(recorded.map(\.name))
        return (recorded + Setting.omitted.filter { !names.contains($0.name) }).sorted { $0.name < $1.name }
    }
}
