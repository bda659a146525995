import BPSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A process of its own for the tests of what several processes, or one that is killed, do to a file.
///
/// Usage: `StorageProbe create PATH` · `StorageProbe write PATH WRITER COUNT` · `StorageProbe maintain PATH FIRST`.
/// Exit code 0 when nothing went wrong; what did is on standard error.
@main
enum StorageProbe {
    static func main() {
        do {
            try run(CommandLine.arguments)
        } catch {
            let text = "StorageProbe: \(error)\n"
            _ = Array(text.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
            exit(1)
        }
    }

    static func run(_ arguments: [String]) throws {
        guard arguments.count >= 3 else { throw SQLiteError(extendedCode: 1, message: "usage") }
        let path = arguments[2]
        switch arguments[1] {
        case "create":
            try open(path).close()
        case "write":
            let db = try open(path)
            for number in 0..<(Int(arguments[4]) ?? 0) {
                try db.transaction {
                    // A read, then a write that depends on it: what fails at once under a deferred BEGIN.
                    let count: Int = try db.value("SELECT count(*) FROM item")
                    try db.execute(
                        "INSERT INTO item (id, name) VALUES (?, ?)", [count + 1, "writer \(arguments[3]), \(number)"])
                }
            }
            try db.close()
        case "maintain":
            // What other processes may do at any time, until it is killed.
            let db = try open(path)
            var number = Int(arguments[3]) ?? 0
            while true {
                number += 1
                try db.transaction {
                    try db.execute(
                        "INSERT INTO item (id, name) VALUES (?, ?)", [number, String(repeating: "x", count: 40_000)])
                    if number % 3 == 0 {
                        try db.execute("DELETE FROM item WHERE id BETWEEN ? AND ?", [number - 2, number - 1])
                    }
                }
                if number % 5 == 0 { try db.incrementalVacuum() }
                try db.checkpoint(number % 2 == 0 ? .truncate : .passive)
            }
        case let other:
            throw SQLiteError(extendedCode: 1, message: "unknown: \(other)")
        }
    }

    static func open(_ path: String) throws -> Connection {
        let options = Connection.Options(applicationID: 0x6270_7267, newestVersion: 2)
        let db = try Connection(path: path, mode: .create, options: options)
        let steps = [
            "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL, bytes BLOB) STRICT;",
            "CREATE TABLE note (id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES item(id)) STRICT;",
        ]
        let migrations = steps.enumerated().map {
            Migration(version: $0 + 1, name: "step \($0 + 1)", sql: $1, checksum: "sum \($0 + 1)")
        }
        try Migrator(migrations, applicationID: 0x6270_7267).migrate(db, backup: nil)
        return db
    }
}
