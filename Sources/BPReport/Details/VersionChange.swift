import BPJSON
package import BPRegistry

/// The step from the version that was current to a new one.
package struct VersionChange {
    private let made: VersionRecord
    /// The version that was current until `made` was, as the event records it.
    package let previous: VersionRecord?

    package init(to made: VersionRecord, in reading: any RegistryReading) throws {
        self.made = made
        previous = try VersionChange.previous(made, in: reading)
    }

    /// A sentence if the two predict different things.
    package var warning: String? {
        guard let previous else { return nil }
        let (old, new) = (VersionColumns(previous), VersionColumns(made))
        return old == new ? nil : "\(previous.name) predicts \(old.text), and \(made.name) \(new.text)"
    }

    private static func previous(
        _ made: VersionRecord, in reading: any RegistryReading
    ) throws -> VersionRecord? {
        for event in try reading.events(of: .model(made.model), after: 0).reversed() where event.kind == .current {
            let detail = try JSONValue(parsing: event.detailJSON)
            guard detail["to"]?.int == made.number else { continue }
            guard let number = detail["from"]?.int else { return nil }
            guard case .version(let version) = try reading.resolve(.version(model: made.model, number: number)) else {
                return nil
            }
            return version
        }
        return nil
    }
}

/// The columns that a version predicts from, and its target.
private struct VersionColumns: Equatable {
    private let features: Set<String>
    private let target: String

    init(_ version: VersionRecord) {
        let encoding = (try? JSONValue(parsing: version.descriptionJSON))?["encoding"]
        features = Set((encoding?["features"]?.array ?? []).compactMap { $0["name"]?.string })
        target = encoding?["target"]?["name"]?.string ?? ""
    }

    var text: String { "\(target) from \(NumberText.counted(features.count, "column"))" }
}
