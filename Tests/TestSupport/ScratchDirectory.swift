import Foundation

/// A directory of its own for one test, removed with its last reference.
public final class ScratchDirectory: Sendable {
    /// Its files.
    public let files: Files

    /// Creates it.
    /// - Parameter inMemory: whether it is in memory if the system has such a place: for tests that write much and whose
    ///   power cuts are played.
    public init(inMemory: Bool = true) {
        let memory = "/dev/shm"
        let isThere = inMemory && FileManager.default.isWritableFile(atPath: memory)
        let parent = isThere ? memory : NSTemporaryDirectory()
        let path = (parent as NSString).appendingPathComponent("bpreg-test-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            preconditionFailure("cannot create \(path): \(error)")
        }
        files = Files(path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The directory.
    public var path: String { files.directory }

    /// The path of `name` in it.
    public func file(_ name: String = "registry.sqlite") -> String { files.path(name) }
}

/// Calls `body` with the path of a new directory, which is removed afterwards.
/// - Parameter inMemory: as for `ScratchDirectory`.
public func withTemporaryDirectory<Result>(
    inMemory: Bool = false, _ body: (String) throws -> Result
) throws -> Result {
    let directory = ScratchDirectory(inMemory: inMemory)
    return try withExtendedLifetime(directory) { try body(directory.path) }
}
