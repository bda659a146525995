import BPStore

/// The connections of a registry: the one that writes, and additional readers.
///
/// A read takes the main connection if it is free. Otherwise it takes a reader, which is opened when it is first
/// needed. So a long `verify`, a query by a person or a write transaction of another thread delays no read.
final class Connections: Sendable {
    private let main: Guarded<Store?>
    private let readers: Guarded<Readers>
    private let opening: Opening
    private let isReadOnly: Bool

    private struct Readers {
        var idle: [Store] = []
        var count = 0
    }

    /// The maximum number of additional readers; each needs a file descriptor and a page cache.
    static let mostReaders = 4

    init(_ main: Store, _ opening: Opening) {
        self.main = Guarded(main)
        readers = Guarded(Readers())
        isReadOnly = opening.purpose == .reading
        // A reader is opened by the path later: it must meet the files that are open here.
        self.opening = Opening(
            path: opening.path, purpose: .reading, durability: opening.durability, environment: opening.environment,
            expected: main.place)
    }

    /// Uses the main connection, and waits until it is free.
    func withMain<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        try main.withLock { store throws(RegistryError) in try use(store, body) }
    }

    /// Uses a free connection, for a short read.
    func withAny<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        let result = try main.withLockIfFree { store throws(RegistryError) in try use(store, body) }
        if let result { return result }
        return try useReader(body)
    }

    /// Uses a connection for a read that may take long, and so must not block the one that writes.
    func withReader<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        isReadOnly ? try withAny(body) : try useReader(body)
    }

    private func useReader<Result>(_ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        guard let reader = try takeReader() else { return try withMain(body) }
        defer { giveBack(reader) }
        return try use(reader, body)
    }

    /// Closes all connections; readers in use are closed when they are returned.
    func close() throws(RegistryError) {
        let idle = readers.withLock { readers in
            defer { readers = Readers(idle: [], count: Connections.mostReaders) }
            return readers.idle
        }
        for reader in idle { try reader.close() }
        try main.withLock { store throws(RegistryError) in
            guard let open = store else { return }
            store = nil
            try open.close()
        }
    }

    private func use<Result>(_ store: Store?, _ body: (Store) throws -> Result) throws(RegistryError) -> Result {
        guard let store else { throw .internalFailure(path: opening.path, message: "the registry is closed") }
        return try store.translated { try body(store) }
    }

    /// A reader; nil if the maximum number of readers is in use.
    private func takeReader() throws(RegistryError) -> Store? {
        let (idle, mayOpen) = readers.withLock { readers -> (Store?, Bool) in
            if let store = readers.idle.popLast() { return (store, false) }
            guard readers.count < Connections.mostReaders else { return (nil, false) }
            readers.count += 1
            return (nil, true)
        }
        if let idle { return idle }
        guard mayOpen else { return nil }
        do {
            return try opening.store()
        } catch {
            readers.withLock { $0.count -= 1 }
            throw error
        }
    }

    private func giveBack(_ reader: Store) {
        let isKept = readers.withLock { readers in
            guard readers.idle.count < readers.count, !isClosed else { return false }
            readers.idle.append(reader)
            return true
        }
        if !isKept { try? reader.close() }
    }

    /// Whether `close` was called. The check does not wait for the main connection: while it is in use, it is open.
    private var isClosed: Bool { main.withLockIfFree { $0 == nil } ?? false }
}
