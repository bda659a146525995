import CRecordingVFS
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What SQLite did to the files of one directory, in order: what a power cut takes apart.
public struct Recording: Sendable {
    /// One thing that had to reach the disk.
    public enum Operation: Sendable, Equatable {
        /// The file was made; whether its first sync syncs the directory too, as SQLite's journals do.
        case create(syncsDirectory: Bool)
        case write(offset: Int, bytes: [UInt8])
        case truncate(size: Int)
        case sync
        case delete(syncsDirectory: Bool)
    }

    /// An operation on a file, or a mark of the test.
    public enum Entry: Sendable, Equatable {
        case file(Int, Operation)
        /// The test was told that what it calls `number` is safe.
        case acknowledged(Int)
    }

    /// Names of the files within the directory.
    public let names: [String]
    /// What lay in the directory before.
    public let before: [String: [UInt8]]
    /// What happened, in order.
    public let entries: [Entry]

    /// How many entries changed a file or synced one.
    public var operationCount: Int {
        entries.count { if case .file = $0 { true } else { false } }
    }
}

/// Records all that SQLite writes below one directory, through an unmodified program: the recording VFS is SQLite's
/// default while `body` runs. One recording at a time; others wait.
public enum Recorder {
    private static let turn = Mutex(())

    /// Calls that can be made to fail.
    public enum Fault: Int32, CaseIterable, Sendable {
        case create = 1
        case write = 2
        case truncate = 4
        case sync = 8
        case delete = 16
    }

    /// A fault to be met: the `nth` call (from 1) of one of `kinds` fails with SQLite's extended result `code`, once,
    /// or from then on.
    public struct FaultPlan: Sendable {
        let kinds: [Fault]
        let nth: Int
        let code: Int32
        let persistent: Bool

        /// A plan. A failed write has written half of its bytes.
        public init(_ kinds: [Fault], nth: Int, code: Int32, persistent: Bool = false) {
            self.kinds = kinds
            self.nth = nth
            self.code = code
            self.persistent = persistent
        }
    }

    /// Says that what the test calls `number` has been acknowledged: no later power cut may take it. Does nothing while
    /// nothing is recorded.
    public static func acknowledge(_ number: Int) { bp_recording_mark(Int64(number)) }

    /// How many calls have failed by plan so far.
    public static var failures: Int { Int(bp_recording_failures()) }

    /// Runs `body` and gives what it did to the files in `directory`.
    public static func record(in directory: String, _ body: () throws -> Void) throws -> Recording {
        try observe(directory, faults: nil) {
            let before = files(in: directory)
            try body()
            return collect(before: before)
        }
    }

    /// Runs `body` while calls fail as planned.
    public static func run<Result>(
        in directory: String, faults plan: FaultPlan, _ body: () throws -> Result
    ) rethrows -> Result {
        try observe(directory, faults: plan, body)
    }

    private static func observe<Result>(
        _ directory: String, faults plan: FaultPlan?, _ body: () throws -> Result
    ) rethrows -> Result {
        try turn.withLock { _ in
            guard let resolved = realpath(directory, nil) else { preconditionFailure("no directory \(directory)") }
            defer { free(resolved) }
            bp_recording_clear()
            bp_recording_install(resolved)
            if let plan {
                let kinds = plan.kinds.reduce(0) { $0 | $1.rawValue }
                bp_recording_fail(kinds, Int64(plan.nth), plan.code, plan.persistent ? 1 : 0)
            }
            defer {
                bp_recording_uninstall()
                bp_recording_clear()
            }
            return try body()
        }
    }

    private static func collect(before: [String: [UInt8]]) -> Recording {
        let names = (0..<bp_recording_file_count()).map { String(cString: bp_recording_file($0)) }
        let entries = (0..<bp_recording_count()).map { index -> Recording.Entry in
            let operation = bp_recording_operation(index)
            let flag = operation.length == 1
            let file = Int(operation.file)
            return switch operation.kind {
            case BP_CREATE: .file(file, .create(syncsDirectory: flag))
            case BP_WRITE:
                .file(
                    file,
                    .write(
                        offset: Int(operation.offset),
                        bytes: [UInt8](UnsafeBufferPointer(start: operation.bytes, count: Int(operation.length)))))
            case BP_TRUNCATE: .file(file, .truncate(size: Int(operation.offset)))
            case BP_SYNC: .file(file, .sync)
            case BP_DELETE: .file(file, .delete(syncsDirectory: flag))
            default: .acknowledged(Int(operation.offset))
            }
        }
        return Recording(names: names, before: before, entries: entries)
    }

    private static func files(in directory: String) -> [String: [UInt8]] {
        let here = Files(directory)
        return Dictionary(uniqueKeysWithValues: here.names.map { ($0, here.read($0)) })
    }
}
