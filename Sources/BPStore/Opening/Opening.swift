import BPMigrations
import BPSQLite
import BPSystem

/// How a registry's file is opened: its identity, its schema, its first row.
package struct Opening {
    package let path: String
    /// The path as it was given, which may be a symbolic link.
    private let name: String
    package let purpose: Purpose
    package let durability: Durability
    package let environment: RegistryEnvironment
    /// The files that another connection of this process has open: these must be the same.
    private let expected: StorePlace?

    /// - Parameter path: a symbolic link is followed; its target is the path from then on.
    package init(
        path: String, purpose: Purpose, durability: Durability, environment: RegistryEnvironment,
        expected: StorePlace? = nil
    ) {
        (self.path, name, self.purpose, self.durability) = (FilePath.followed(path), path, purpose, durability)
        (self.environment, self.expected) = (environment, expected)
    }

    /// "bprg", in the header of the file.
    static let applicationID: Int32 = 0x6270_7267
    /// Bytes of a page of the file.
    package static let pageSize = 16_384
    /// The schema of this bpreg.
    package static let newestVersion = Migrations.all.count

    /// The names of the migrations, and all their SQL.
    static let migrationNames = Migrations.all.map(\.name)
    static let migrationText = Migrations.all.map(\.sql).joined(separator: "\n")

    /// The definitions of columns that later migrations add to a table.
    static let addedColumns = migrationText.split(separator: "\n").compactMap { line -> String? in
        guard line.hasPrefix("ALTER TABLE "), let add = line.firstRange(of: " ADD COLUMN ") else { return nil }
        return String(line[add.upperBound...].dropLast())
    }

    static let migrator = Migrator(
        Migrations.all.map {
            Migration(version: $0.version, name: $0.name, sql: $0.sql, checksum: SHA256.hash($0.sql).hex)
        }, applicationID: applicationID)

    /// A connection to the file, whatever its schema.
    package func store() throws(RegistryError) -> Store {
        var options = Connection.Options(applicationID: Opening.applicationID, newestVersion: Opening.newestVersion)
        options.durability = durability.sqlite
        options.pageSize = Opening.pageSize
        let mode: Connection.Mode =
            switch purpose {
            case .reading: .readOnly
            case .writing: .readWrite
            case .creating: .create
            }
        do {
            let connection = try Connection(path: path, mode: mode, options: options)
            if purpose != .reading {
                // Deleted tensors need not be overwritten, which would write them to the log once more.
                try connection.execute(script: "PRAGMA secure_delete = OFF")
            }
            let store = Store(connection, path: path, name: name, environment)
            if let expected { try store.checkPlace(is: expected) }
            return store
        } catch let error as OpenError {
            throw RegistryError(error, creating: purpose == .creating)
        } catch {
            throw RegistryError(error, path: path)
        }
    }

    /// Brings the schema up to date, or checks that it is.
    /// - Returns: the notices for a person.
    package func migrate(_ store: Store) throws(RegistryError) -> [OpeningNotice] {
        switch (purpose, store.connection.identity) {
        case (.creating, .new):
            try run(store, from: 0)
            try addRegistryRow(store)
            // In the file itself, not only in its log, so that a copy without the log can be recognised.
            try store.translated { _ = try store.connection.checkpoint(.passive) }
            return [.created(path: path)]
        case (_, .new):
            guard store.connection.isEmpty else { throw .log(path: path, .leftBehind) }
            throw .none(path: path)
        case (.reading, .existing(let version)):
            try check(store)
            guard version == Opening.newestVersion else {
                throw .schemaOlder(path: path, found: version, needed: Opening.newestVersion)
            }
            return []
        case (_, .existing(let version)):
            let backup = try run(store, from: version)
            try addRegistryRow(store)
            return version == Opening.newestVersion
                ? [] : [.migrated(from: version, to: Opening.newestVersion, backup: backup)]
        }
    }

    /// Applies the migrations that are due, after making a copy, unless a run is alive.
    @discardableResult
    private func run(_ store: Store, from version: Int) throws(RegistryError) -> String? {
        var alive: RegistryError?
        var backup: String?
        do {
            try Opening.migrator.migrate(
                store.connection, backup: { "\(path).schema-\($0).backup" },
                refusal: { _ in
                    alive = try aliveRun(store)
                    return alive?.description
                },
                announce: { if case .backedUp(let path) = $0 { backup = path } })
        } catch {
            throw alive ?? RegistryError(error, path: path)
        }
        return backup
    }

    /// A run whose process lives.
    func aliveRun(_ store: Store) throws -> RegistryError? {
        for (run, owner, lease) in try store.connection.unendedOwners() {
            if let sign = store.signOfLife(of: owner, leaseUntil: lease) {
                return .alive(run: run, owner: owner, sign: sign)
            }
        }
        return nil
    }

    /// The one row of table `registry`. It is inserted after the migrations; if a process is killed between the two,
    /// the next one inserts it.
    private func addRegistryRow(_ store: Store) throws(RegistryError) {
        let isThere = try store.read { try store.row(.registry, [.integer(1)]) != nil }
        guard !isThere else { return }
        try store.write {
            guard try store.row(.registry, [.integer(1)]) == nil else { return }
            let now = environment.now()
            var row = TableRow(.registry)
            for column in row.table.columns { row[column] = .integer(0) }
            row["id"] = .integer(1)
            row["uuid"] = .uuid(store.newUUID(now))
            row["created"] = .integer(now)
            try store.insert(row)
        }
    }

    /// Compares the migrations recorded in the file with those of this bpreg.
    private func check(_ store: Store) throws(RegistryError) {
        do {
            _ = try Opening.migrator.pending(in: store.connection)
        } catch {
            throw RegistryError(error, path: path)
        }
    }
}

extension Connection {
    /// The processes that train, or trained, the runs without an end. The query is plain SQL that works in every
    /// schema.
    func unendedOwners() throws -> [(run: Int, owner: Owner, lease: Int64)] {
        try all(
            """
            SELECT run.id, host, boot, pid_namespace, pid, process_start, lease_until
            FROM run JOIN attempt ON attempt.run = run.id AND attempt.number = run.attempts
            WHERE run.status IS NULL AND attempt.ended IS NULL
            """
        ) { row in
            let owner = Owner(
                host: try row.get(1), boot: try row.get(2), pidNamespace: try row.get(3), pid: try row.get(4),
                processStart: try row.get(5))
            return (run: try row.get(0, as: Int.self), owner: owner, lease: try row.get(6, as: Int64.self))
        }
    }
}

extension Durability {
    var sqlite: Connection.Durability {
        switch self {
        case .full: .full
        case .normal: .normal
        case .off: .off
        }
    }
}
