import CSQLite

/// The part of its file's content that a connection remembers, to notice that another program has written over it in place.
///
/// In WAL mode only a checkpoint writes to the file. A write at another time, which the file's time of change shows, was
/// not SQLite's if it changed anything. After a checkpoint the header must follow from the one before: the counter of its
/// changes never goes back.
struct FileContent {
    private let size: Int
    private let modified: Int
    private let header: [UInt8]
    /// Of pages all over the file.
    private let sample: UInt64
    private var log: LogState

    /// The content now; nil while a checkpoint is at work, or without shared memory.
    init?(_ path: String, _ database: OpaquePointer?) {
        guard let file = OpenFile(database, SQLITE_FCNTL_FILE_POINTER), let index = file.index else { return nil }
        let content = file.withoutCheckpoints { LogState(index).flatMap { FileContent(path, file, $0) } }
        guard let content else { return nil }
        self = content
    }

    private init?(_ path: String, _ file: OpenFile, _ log: LogState) {
        guard let status = FileStatus(path) else { return nil }
        (size, modified, self.log) = (status.size, status.modified, log)
        header = file.bytes(100, at: 0) ?? []
        let pages = size / log.pageSize
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        // The first, the last, and some between.
        for page in Set((0..<8).map { $0 * max(0, pages - 1) / 7 }).sorted() {
            for word in file.words(log.pageSize, at: page * log.pageSize) { hash = (hash ^ word) &* 0x100_0000_01B3 }
        }
        sample = hash
    }

    /// Whether the file was not written to since; then `log` is the log's state from now on.
    /// - Parameters:
    ///   - log: the state of the log, read before `status`.
    ///   - status: of the file.
    mutating func isUntouched(_ log: LogState, _ status: FileStatus) -> Bool {
        guard status.size == size, status.modified == modified else { return false }
        self.log = log
        return true
    }

    /// The change that another program made to the file, as `now` shows it; nil if all is as SQLite left it.
    func change(to now: FileContent) -> String? {
        guard size > 0 else { return nil }
        if now.size == 0 { return "was emptied" }
        let isSame = now.size == size && now.header == header && now.sample == sample
        guard !isSame, !now.log.mayHaveMoved(since: log) || !now.follows(self) else { return nil }
        return "was overwritten"
    }

    /// Whether this header may be that of `earlier` after some transactions.
    private func follows(_ earlier: FileContent) -> Bool {
        guard header.count == 100, earlier.header.count == 100 else { return false }
        // The name of the format and the size of pages; the application, once it is there.
        guard header[..<18] == earlier.header[..<18] else { return false }
        let application = earlier.header[68..<72]
        guard application == header[68..<72] || application.allSatisfy({ $0 == 0 }) else { return false }
        // Several transactions of one connection write the same count, in WAL mode.
        return Int32(bitPattern: counter &- earlier.counter) >= 0
    }

    /// The counter of changes of the first page.
    private var counter: UInt32 { header[24..<28].reduce(0) { $0 << 8 | UInt32($1) } }
}

extension OpenFile {
    /// The words of `count` bytes at `offset`; none if they are not all there.
    fileprivate func words(_ count: Int, at offset: Int) -> [UInt64] {
        guard let bytes = bytes(count, at: offset) else { return [] }
        return bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
    }
}

extension DatabaseHandle {
    /// The change that another program made in place to the file, its log or the log's index; nil if none is known.
    func contentChange(_ place: FilePlace) -> String? {
        // Without an index there is no log, and asking for the index would make one.
        guard place.index != nil, let file = OpenFile(pointer, SQLITE_FCNTL_FILE_POINTER), let index = file.index
        else { return nil }
        guard let state = LogState(index) else {
            // While this connection has the write lock, no other one writes the index.
            let isWriting = sqlite3_txn_state(pointer, "main") == SQLITE_TXN_WRITE
            return isWriting && index.load(as: UInt32.self) == 0 ? "\(place.indexName) was overwritten" : nil
        }
        guard let log = OpenFile(pointer, SQLITE_FCNTL_JOURNAL_POINTER) else { return nil }
        if let change = logChange(place, log, state, index) { return change }
        logState = state
        return sqlite3_db_readonly(pointer, "main") == 0 ? fileChange(place, state) : nil
    }

    private func logChange(
        _ place: FilePlace, _ log: OpenFile, _ state: LogState, _ index: UnsafeMutableRawPointer
    ) -> String? {
        // If another process commits, or begins the log anew, meanwhile, it is looked at next time.
        guard !state.isHeld(by: log), LogState(index) == state else { return nil }
        if let logState, logState.salts != state.salts, logState.isBegun(in: log) {
            // The log is the known one, and the index is not its own any more: SQLite is made to read the log again.
            index.initializeMemory(as: UInt8.self, repeating: 0, count: 136)
            return "\(place.indexName) was overwritten"
        }
        (isOverwritten, isLogOverwritten) = (true, true)
        return "the log \(place.path)-wal was " + (log.size == 0 ? "emptied" : "overwritten")
    }

    private func fileChange(_ place: FilePlace, _ state: LogState) -> String? {
        guard content != nil else {
            takeContent()
            return nil
        }
        guard let status = FileStatus(place.path), content?.isUntouched(state, status) == false,
            let now = FileContent(place.path, pointer)
        else { return nil }
        if let change = content?.change(to: now) {
            isOverwritten = true
            return "\(place.path) \(change)"
        }
        content = now
        return nil
    }

    /// Remembers the content of the file, after this connection has moved the log into it.
    func takeContent() {
        guard let place, place.index != nil else { return }
        content = FileContent(place.path, pointer)
    }

    /// Remembers that a commit of this connection has begun the log anew, so that only a later checkpoint explains a change
    /// of the file.
    func noteLog() {
        guard let place, let logState, walFrames < logState.frames,
            let index = OpenFile(pointer, SQLITE_FCNTL_FILE_POINTER)?.index, let state = LogState(index),
            let status = FileStatus(place.path), content?.isUntouched(state, status) == true
        else { return }
        self.logState = state
    }
}
