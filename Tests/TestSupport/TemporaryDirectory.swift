import Foundation

/// Calls `body` with the path of a new directory, which is removed afterwards.
/// - Parameter inMemory: where the system has a file system in memory, there: for tests that write much and whose power
///   cuts are played.
public func withTemporaryDirectory<Result>(
    inMemory: Bool = false, _ body: (String) throws -> Result
) throws -> Result {
    let memory = URL(fileURLWithPath: "/dev/shm")
    let isThere = inMemory && FileManager.default.isWritableFile(atPath: memory.path)
    let parent = isThere ? memory : FileManager.default.temporaryDirectory
    let directory = parent.appendingPathComponent("bpreg-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory.path)
}
