import BPSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A directory of its own for one test, removed with its last reference.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        path = "\(base)/bpsqlite-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        precondition(mkdir(path, 0o700) == 0)
    }

    deinit {
        for name in names { unlink("\(path)/\(name)"); rmdir("\(path)/\(name)") }
        rmdir(path)
    }

    /// What lies in it, sorted.
    var names: [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The path of `name` in it.
    func file(_ name: String = "registry.sqlite") -> String { "\(path)/\(name)" }

    /// Bytes of the file `name`.
    func bytes(_ name: String = "registry.sqlite") -> [UInt8] {
        guard let stream = fopen(file(name), "r") else { return [] }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { bytes += buffer[..<count] }
        return bytes
    }

    /// Writes the file `name`.
    func write(_ bytes: [UInt8], to name: String = "registry.sqlite") {
        guard let stream = fopen(file(name), "w") else { preconditionFailure("cannot write \(name)") }
        defer { fclose(stream) }
        precondition(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
    }
}

let applicationID: Int32 = 0x6270_7267

extension Connection {
    /// A connection of the tests' own application, whose schema has version 1.
    static func test(
        _ path: String, _ mode: Mode = .create, durability: Durability = .full,
        _ change: (inout Options) -> Void = { _ in }
    ) throws -> Connection {
        var options = Options(applicationID: applicationID, newestVersion: 1, durability: durability)
        change(&options)
        return try Connection(path: path, mode: mode, options: options)
    }
}

let schema = Migrator(
    [
        Migration(
            version: 1, name: "first",
            sql: "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL, bytes BLOB) STRICT;",
            checksum: "one")
    ], applicationID: applicationID)

/// A file with the tests' schema, open.
func openFresh(_ path: String) throws -> Connection {
    let connection = try Connection.test(path)
    try schema.migrate(connection, backup: nil)
    return connection
}
