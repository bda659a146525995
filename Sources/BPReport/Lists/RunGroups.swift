import BPJSON
import BPQuery
package import BPRegistry
import BPText

/// The runs of a list in groups, each with its mean and spread.
package struct RunGroups {
    private let fields: [ListedField]
    private let fieldTexts: [FieldText]
    private let scores: Set<String>
    private var groups: [RunGroup] = []
    /// Whether it is known on which splits all runs were validated.
    private let areKnown: Bool

    /// Groups the runs that `query` asks for.
    /// - Parameters:
    ///   - query: its sort keys are columns of the groups, and its limit is one of groups.
    ///   - names: names of docs/query.md with one value each, separated by commas.
    /// - Throws: `QueryError` for a name that nothing has.
    package init(_ query: ListQuery, by names: String, in reading: any RegistryReading) throws {
        var all = query
        (all.sort, all.limit) = (nil, nil)
        var request = ListRequest(names: RunGroup.names, ranking: RunGroup.names[0])
        request.groups = names
        let outline = try reading.outline(ofRuns: all, request)
        (fields, scores) = (outline.groups, outline.scores)
        fieldTexts = outline.groups.map { FieldText($0) }
        let (grouping, measures) = (outline.groups, outline.fields)
        var places: [[FieldValue]: Int] = [:]
        var groups: [RunGroup] = []
        try reading.forEachRun(in: all, grouping + measures, withDetails: false) { row in
            let key = Array(row.values.prefix(grouping.count))
            let place = places[key] ?? groups.count
            if place == groups.count {
                places[key] = place
                groups.append(RunGroup(key))
            }
            let values = zip(measures, row.values.dropFirst(grouping.count)).compactMap { field, value in
                value.double.map { (field.name, $0) }
            }
            groups[place].add(row.record, Dictionary(values) { first, _ in first }, outline.grounds[row.row])
        }
        areKnown = !outline.isCut
        self.groups = groups
        try sort(query.sort)
        if let limit = query.limit { self.groups = Array(self.groups.prefix(limit)) }
    }

    /// Prints the groups.
    package func write(as format: OutputFormat, empty: ListQuery, to output: Output) throws {
        let members = fields.map(\.name) + measures.map(\.key)
        let columns = format == .text ? textColumns(output) : members.map { TableColumn.hidden($0) }
        let best = areKnown ? RunGroup.best(groups) : []
        let table = TableWriter(columns, format: format, output: output)
        for (index, group) in groups.enumerated() {
            try table.add(
                format == .text
                    ? texts(group, isBest: best.contains(index), isMarked: !best.isEmpty)
                    : zip(group.values, fieldTexts).map { $1.json($0) } + measures.map { $0.value(group) })
        }
        try table.finish(empty: empty.limit == 0 ? "no group is shown" : RunList.empty(empty))
        guard format == .text else { return }
        if !best.isEmpty {
            output.note(
                "* marks the lowest mean among groups with as many runs on each split, of the same data, target and loss "
                    + "function")
        } else if groups.count(where: { $0.loss.count > 0 }) > 1 {
            output.note(
                "no group is marked as the best: their runs differ in data, target, split or loss function, or in number"
            )
        }
    }

    // MARK: Values

    /// The members of a group in JSON and CSV, behind the values that its runs share.
    private let measures: [(key: String, value: @Sendable (RunGroup) -> JSONValue)] = [
        ("runs", { JSONValue($0.runs) }),
        ("best_val_loss_count", { JSONValue($0.loss.count) }),
        ("best_val_loss_mean", { JSONValue($0.loss.mean) }),
        ("best_val_loss_sd", { JSONValue($0.loss.deviation) }),
        ("score_name", { JSONValue($0.scoreName) }),
        ("best_val_score_count", { JSONValue($0.score.count) }),
        ("best_val_score_mean", { JSONValue($0.scoreName == nil ? nil : $0.score.mean) }),
        ("best_val_score_sd", { JSONValue($0.scoreName == nil ? nil : $0.score.deviation) }),
        ("test_score_count", { JSONValue($0.test.count) }),
        ("test_score_mean", { JSONValue($0.scoreName == nil ? nil : $0.test.mean) }),
        ("test_score_sd", { JSONValue($0.scoreName == nil ? nil : $0.test.deviation) }),
    ]

    // MARK: Text

    private var hasLoss: Bool { groups.contains { $0.loss.count > 0 } }
    private var hasScore: Bool { groups.contains { $0.score.count > 0 } }
    private var hasTest: Bool { groups.contains { $0.test.count > 0 } }

    private func textColumns(_ output: Output) -> [TableColumn] {
        func right(_ key: String, _ title: String) -> TableColumn {
            var column = TableColumn.count(key, title)
            column.stays = true
            return column
        }
        let score = ScoreTitle.of(scores)
        return fields.map { field in
            var column = field.isNumber ? TableColumn.count(field.name) : .words(field.name)
            (column.least, column.stays) = (10, true)
            return column
        }
            + [.count("runs")] + (hasLoss ? [right("loss", "best val loss"), .count("loss_sd", "sd")] : [])
            + (hasScore ? [right("score", "val " + score), .count("score_sd", "sd")] : [])
            + (hasTest ? [.count("test", "test " + score), .count("test_sd", "sd")] : [])
    }

    private func texts(_ group: RunGroup, isBest: Bool, isMarked: Bool) -> [JSONValue] {
        func text(_ value: Double?) -> JSONValue { JSONValue(value.map(NumberText.measure)) }
        func score(_ value: Double?) -> JSONValue {
            guard let name = group.scoreName, let value else { return .null }
            return .string(name == "accuracy" ? NumberText.percent(value) : NumberText.measure(value))
        }
        let shared = zip(group.values, fieldTexts).map { JSONValue($1.text($0, score: group.scoreName)) }
        let mean = text(group.loss.mean).string ?? "–"
        return shared + [JSONValue(group.runs)]
            + (hasLoss ? [.string(mean + (isBest ? "*" : isMarked ? " " : "")), text(group.loss.deviation)] : [])
            + (hasScore ? [score(group.score.mean), score(group.score.deviation)] : [])
            + (hasTest ? [score(group.test.mean), score(group.test.deviation)] : [])
    }

    // MARK: Order

    /// Sorts by members of the groups; without a key by the values that the runs share.
    private mutating func sort(_ keys: String?) throws {
        let names = fields.map(\.name)
        let known = names + measures.map(\.key)
        var order: [(place: Int, isDescending: Bool)] = []
        if let keys {
            var place = 0
            for part in keys.split(separator: ",", omittingEmptySubsequences: false) {
                let length = part.unicodeScalars.count
                defer { place += length + 1 }
                var name = part.filter { $0 != " " }[...]
                let isDescending = name.hasPrefix("-")
                if isDescending || name.hasPrefix("+") { name = name.dropFirst() }
                // A measure alone means its mean.
                guard let index = known.firstIndex(of: String(name)) ?? known.firstIndex(of: name + "_mean") else {
                    let near = NearNames.of(String(name), among: known)
                    throw RegistryError.badQuery(
                        QueryError(
                            .sort, keys, at: place, length: length,
                            "groups have no \(name): they are sorted by \(known.joined(separator: ", "))",
                            near: near.map { (isDescending ? "-" : "") + $0 }))
                }
                order.append((index, isDescending))
            }
        } else {
            order = names.indices.map { ($0, false) }
        }
        let values = groups.map { group in
            order.map { key in
                key.place < names.count
                    ? SortValue(group.values[key.place]) : SortValue(measures[key.place - names.count].value(group))
            }
        }
        groups = groups.indices.sorted { one, other in
            for (index, key) in order.enumerated() {
                let isBefore = values[one][index].isBefore(values[other][index], isDescending: key.isDescending)
                if let isBefore { return isBefore }
            }
            return one < other
        }.map { groups[$0] }
    }
}

/// A value by which groups are sorted. What is missing comes last in either direction.
private enum SortValue {
    case missing
    case number(Double)
    case text(String)

    init(_ value: FieldValue) {
        switch value {
        case .missing, .notANumber, .several: self = .missing
        case .number(let number): self = .number(number)
        case .integer(let number): self = .number(Double(number))
        // Tags and units of layers may spell numbers.
        case .text(let text): self = Double(text).map { .number($0) } ?? .text(text)
        case .truth(let truth): self = .number(truth ? 1 : 0)
        }
    }

    init(_ value: JSONValue) {
        self = value.number.map { $0.isNaN ? .missing : .number($0) } ?? value.string.map { .text($0) } ?? .missing
    }

    /// nil if the two are equal.
    func isBefore(_ other: SortValue, isDescending: Bool) -> Bool? {
        switch (self, other) {
        case (.missing, .missing): nil
        case (.missing, _): false
        case (_, .missing): true
        case (.number(let one), .number(let two)): one == two ? nil : (one < two) != isDescending
        case (.number, .text): !isDescending
        case (.text, .number): isDescending
        case (.text(let one), .text(let two)): one == two ? nil : (one < two) != isDescending
        }
    }
}
