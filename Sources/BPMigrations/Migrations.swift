/// The steps of the registry's schema: the files of `migrations/`, compiled into the binary.
package enum Migrations {
    /// One step.
    package struct Step: Sendable {
        /// Its place in the order, from 1.
        package let version: Int
        /// The file's name without its ending.
        package let name: String
        /// The SQL.
        package let sql: String
    }

    /// All steps, in order. Each file in `migrations/` has its line here; a test compares the two.
    package static let all: [Step] = [
        Step(version: 1, name: "V0001_registry", sql: text(PackageResources.V0001_registry_sql)),
        Step(version: 2, name: "V0002_history", sql: text(PackageResources.V0002_history_sql)),
        Step(version: 3, name: "V0003_queries", sql: text(PackageResources.V0003_queries_sql)),
        Step(version: 4, name: "V0004_archives", sql: text(PackageResources.V0004_archives_sql)),
        Step(version: 5, name: "V0005_reading", sql: text(PackageResources.V0005_reading_sql)),
        Step(version: 6, name: "V0006_deletions", sql: text(PackageResources.V0006_deletions_sql)),
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
