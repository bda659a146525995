import BPCore
package import BPJSON
package import BPRegistry

/// Reads the JSON of a run's spec, setting by setting.
struct SpecReader {
    let json: JSONValue
    let run: Int

    /// The error for JSON that is no spec.
    func refusal(_ what: String) -> TrainingError { .badSpec(run: run, what: what) }

    /// A value that must be there.
    func need<Value>(_ value: Value?, _ key: String) throws(TrainingError) -> Value {
        guard let value else { throw refusal("\"\(key)\" is missing or not as this bpreg writes it") }
        return value
    }

    /// Refuses another format, and keys that neither the spec nor a catalogue's settings have.
    func checkKeys(_ catalogue: SettingCatalogue) throws(TrainingError) {
        guard json["format"]?.int == TrainingSpec.format else {
            throw refusal(
                "its format is \(json["format"]?.serialized ?? "missing"), this bpreg reads \(TrainingSpec.format)")
        }
        let structure = [
            "format", "numerics", "dataset", "columns", "encoding", "split", "network", "imported_weights",
        ]
        let known = Set(structure + catalogue.settings.compactMap(\.key.first))
        if let other = json.object?.keys.sorted().first(where: { !known.contains($0) }) {
            throw refusal("it has \"\(other)\", which this bpreg does not know")
        }
    }

    /// The columns with their roles.
    var columns: [TrainingSpec.ColumnRole]? {
        guard let list = json["columns"]?.array else { return nil }
        let roles = list.compactMap { column -> TrainingSpec.ColumnRole? in
            guard let name = column["name"]?.string,
                let role = column["role"]?.string.flatMap(TrainingSpec.ColumnRole.Role.init)
            else { return nil }
            return .init(name: name, role: role)
        }
        return roles.count == list.count ? roles : nil
    }

    /// Reads a setting, unless it is part of a structure. It may be missing if a spec without it has none.
    func read(_ setting: TrainingSetting, into spec: inout TrainingSpec) throws(TrainingError) {
        guard let write = setting.access.write, !setting.key.isEmpty else { return }
        guard setting.owner?.applies(to: spec) ?? true else { return }
        guard let found = setting.key.reduce(json as JSONValue?, { $0?[$1] }) else {
            _ = try need(setting.recorded(in: spec) == nil ? 0 : nil, place(of: setting))
            return
        }
        let value = try need(SettingValue(found, setting.kind), place(of: setting))
        guard setting.check?.fault(value) == nil, write(value, &spec) else {
            throw refusal("\"\(place(of: setting))\" is missing or not as this bpreg writes it")
        }
        // The name of a schedule is written even if it is constant: a warm-up may follow.
        if case .names = setting.kind { return }
        _ = try need(setting.recorded(in: spec), place(of: setting))
    }

    /// The key that a message names: for a number of a rule or a schedule, that of the whole.
    private func place(of setting: TrainingSetting) -> String {
        setting.owner != nil || setting.key.last == "name" ? setting.key[0] : setting.key.joined(separator: ".")
    }

    /// Refuses a schedule with numbers that cannot be, with members that are not its own, or that changes nothing.
    func checkSchedule(of spec: TrainingSpec, _ catalogue: SettingCatalogue) throws(TrainingError) {
        guard let found = json["schedule"] else { return }
        let members = try need(found.object, "schedule")
        _ = try need(members["name"], "schedule")
        guard spec.schedule != .constant else { throw refusal("its schedule is none") }
        let isSound = (try? spec.schedule.validate(learningRate: spec.optimizer.learningRate)) != nil
        let written = spec.json(catalogue)["schedule"]?.object
        _ = try need(isSound && written?.keys == members.keys ? members : nil, "schedule")
    }
}

extension SettingValue {
    /// The value as JSON.
    package var json: JSONValue {
        switch self {
        case .number(let value): .double(value)
        case .integer(let value): .integer(value)
        case .text(let value): .string(value)
        case .bool(let value): .bool(value)
        }
    }

    /// A value of a kind; nil for JSON of another.
    init?(_ json: JSONValue, _ kind: SettingKind) {
        let value: SettingValue? =
            switch kind {
            case .number: json.number.map { .number($0) }
            case .count, .bytes, .batch: json.int.map { .integer(Int64($0)) }
            case .flag: json.bool.map { .bool($0) }
            case .text, .names: json.string.map { .text($0) }
            case .list, .units: nil
            }
        guard let value else { return nil }
        self = value
    }
}

extension JSONValue {
    /// Sets a member of a member; objects on the way are made.
    mutating func set(_ value: JSONValue, at path: ArraySlice<String>) {
        guard let key = path.first else {
            self = value
            return
        }
        var members = object ?? [:]
        var inner = members[key] ?? .null
        inner.set(value, at: path.dropFirst())
        members[key] = inner
        self = .object(members)
    }
}
