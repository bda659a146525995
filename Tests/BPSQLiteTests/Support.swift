import BPSQLite
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

let applicationID: Int32 = 0x6270_7267

extension Connection {
    /// A connection of the tests' own application.
    static func test(
        _ path: String, _ mode: Mode = .create, durability: Durability = .full, newestVersion: Int = 1,
        _ change: (inout Options) -> Void = { _ in }
    ) throws(OpenError) -> Connection {
        var options = Options(applicationID: applicationID, newestVersion: newestVersion, durability: durability)
        change(&options)
        return try Connection(path: path, mode: mode, options: options)
    }
}

/// The tests' schema: one table.
let schema = Migrator(
    [
        Migration(
            version: 1, name: "first",
            sql: "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL, bytes BLOB) STRICT;",
            checksum: "one")
    ], applicationID: applicationID)

/// A file with the tests' schema, open.
func openWithSchema(_ path: String, durability: Connection.Durability = .full) throws -> Connection {
    let connection = try Connection.test(path, durability: durability)
    try schema.migrate(connection, backup: nil)
    return connection
}

extension Connection {
    /// Inserts one item in a transaction of its own.
    func insert(_ id: Int, _ name: String = "x") throws {
        try transaction { try execute("INSERT INTO item (id, name) VALUES (?, ?)", [id, name]) }
    }

    /// Number of items.
    var itemCount: Int { get throws { try value("SELECT count(*) FROM item") } }
}

/// A `StorageProbe` process.
struct Probe {
    let process: pid_t

    /// Starts it.
    init(_ arguments: String...) throws {
        let words = ["StorageProbe"] + arguments
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        let result = posix_spawn(&process, Probe.path, nil, nil, &pointers, environ)
        try #require(result == 0, "cannot start \(Probe.path)")
        self.process = process
    }

    /// Waits for its end: its exit code, or minus the signal that ended it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }

    func kill() { sendKill(process) }

    /// Beside the tests' own executable.
    private static let path: String = {
        var place = realpath("/proc/self/exe", nil).map { String(cString: $0) } ?? CommandLine.arguments[0]
        while let slash = place.lastIndex(of: "/") {
            place = String(place[..<slash])
            if access(place + "/StorageProbe", X_OK) == 0 { break }
        }
        return place + "/StorageProbe"
    }()
}

private func sendKill(_ process: pid_t) { kill(process, SIGKILL) }
