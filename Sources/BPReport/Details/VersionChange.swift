import BPJSON
package import BPRegistry
import BPTraining

/// The step from the version that was current to a new one.
package struct VersionChange {
    private let made: VersionRecord
    /// The version that was current until `made` was, as the event records it.
    package let previous: VersionRecord?

    package init(to made: VersionRecord, in reading: any RegistryReading) throws {
        self.made = made
        previous = try VersionChange.previous(made, in: reading)
    }

    /// A sentence if the two read or predict different things.
    package var warning: String? {
        // A description that cannot be read is a fault that `verify` reports.
        guard let previous, let old = try? ReadColumns(description: previous.descriptionJSON),
            let new = try? ReadColumns(description: made.descriptionJSON)
        else { return nil }
        return new.difference(from: old).map {
            "\(made.name) differs from \(previous.name), which was current: \($0)"
        }
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
