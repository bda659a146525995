public import BPData
import BPJSON
public import BPRegistry
import BPSystem

/// How the data of a run were read from their file. It is kept with the run, so that the file is read again in the same
/// way, and new data for its model by the same rules.
struct RunReading: Sendable, Equatable {
    /// The rules by which the file was read.
    var rules: ReadingRules
    /// The file; nil for data that came from no file.
    var path: String?
    /// Its format, and where its labels and its features are.
    var choices = TableChoices()

    /// The reading of a run that an older bpreg recorded.
    static let unrecorded = RunReading(rules: .first)

    init(rules: ReadingRules) { self.rules = rules }

    /// - Parameter parent: the reading of the run from whose data a fork took the table.
    init(_ table: Table, parent: RunReading?) {
        guard let rules = table.readingRules else {
            self = parent ?? RunReading(rules: .newest)
            return
        }
        self.init(rules: rules)
        path = table.file.map { FilePath.resolved($0) ?? $0 }
        choices = table.choices ?? TableChoices()
    }

    /// The reading that is recorded with a run.
    /// - Throws: `RegistryError.damaged` if it is none that this bpreg knows.
    init(of run: RunRecord, in registry: Registry) throws(RegistryError) {
        guard let text = run.readingJSON else {
            self = .unrecorded
            return
        }
        func damaged(_ what: String) -> RegistryError {
            .damaged(path: registry.path, place: "run \(run.number)", what: what)
        }
        guard let json = try? JSONValue(parsing: text), let version = json["rules"]?.int else {
            throw damaged("how its data were read is not recorded as it should be")
        }
        guard let rules = ReadingRules(version: version) else {
            throw damaged("its data were read by rules \(version), which this bpreg does not know")
        }
        self.init(rules: rules)
        path = json["path"]?.string
        choices = TableChoices(
            format: json["format"]?.string.flatMap { TableFormat(rawValue: $0) }, labels: json["labels"]?.string,
            features: json["features"]?.string)
    }

    /// As it is recorded.
    var json: JSONValue {
        var members: [String: JSONValue] = ["rules": JSONValue(rules.version)]
        let texts = [
            ("path", path), ("format", choices.format?.rawValue), ("labels", choices.labels),
            ("features", choices.features),
        ]
        for case (let name, let text?) in texts { members[name] = .string(text) }
        return .object(members)
    }

    /// The ways to read a file in place of the recorded one: with the recorded choices where none is given; with the
    /// labels beside the file, since files that belong together are moved together; and if it is another file also with the
    /// given choices alone, since it may have another format.
    func choices(for file: DataFile) -> [TableChoices] {
        let said = file.choices
        let merged = TableChoices(
            format: said.format ?? choices.format, labels: said.labels ?? choices.labels,
            features: said.features ?? choices.features)
        guard let path = file.path else { return [merged] }
        var ways = [merged]
        if said.labels == nil, let labels = choices.labels, labels.contains("/") {
            var beside = merged
            beside.labels =
                FilePath.folder(of: path) + "/" + (labels.split(separator: "/").last.map(String.init) ?? labels)
            ways.append(beside)
        }
        if merged != said { ways.append(said) }
        return ways
    }
}

extension Registry {
    /// The rules by which new data for what `reference` names are read: those of the data that its run was trained on.
    /// - Throws: `RegistryError` if it names nothing.
    public func readingRules(of reference: Reference) throws(RegistryError) -> ReadingRules {
        let run = try run(recordedPoint(reference).run)
        return try RunReading(of: run, in: self).rules
    }
}
