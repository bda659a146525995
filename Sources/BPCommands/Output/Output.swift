#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The reader of our output has gone (`| head`): the command ends without a word.
struct OutputClosed: Error {}

/// The output could not be written, for another reason than a reader who left.
struct OutputFailed: Error {
    /// The system's error number.
    let number: Int32
}

/// Results, in UTF-8, gathered into large writes.
///
/// Results go to standard output and nothing else does: progress, warnings and errors are `Notes`.
final class Output {
    private var buffer: [UInt8] = []
    private let sink: ([UInt8]) throws -> Void
    private let end: () throws -> Void
    /// Columns of a line of text, or nil where lines are not cut: the reader is a program or a file.
    let width: Int?
    /// Whether a person reads this in a terminal.
    let isTerminal: Bool
    /// Whether text for people may be coloured.
    let hasColour: Bool

    /// An output that hands what it has gathered to `sink`, and calls `end` when it is finished.
    init(
        width: Int? = nil, isTerminal: Bool = false, hasColour: Bool = false,
        sink: @escaping ([UInt8]) throws -> Void, end: @escaping () throws -> Void = {}
    ) {
        self.width = width
        self.isTerminal = isTerminal
        self.hasColour = hasColour
        self.sink = sink
        self.end = end
    }

    /// Standard output. Lines are cut to a terminal's width, or to `COLUMNS` where that is set.
    static func standard() -> Output {
        let terminal = Terminal(descriptor: STDOUT_FILENO, fallback: 0)
        return Output(
            width: terminal.width > 0 ? terminal.width : nil, isTerminal: terminal.isTerminal,
            hasColour: terminal.hasColour
        ) { bytes in try Output.write(bytes, to: STDOUT_FILENO) }
    }

    /// Adds text; it leaves when enough has come together, or at `finish`.
    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 1 << 16 { try flush() }
    }

    /// Adds bytes.
    func write(bytes: [UInt8]) throws {
        buffer += bytes
        if buffer.count >= 1 << 16 { try flush() }
    }

    /// Adds a line.
    func line(_ text: String = "") throws {
        try write(text)
        try write("\n")
    }

    /// Writes what has come together, and ends it. A command calls it before it returns; without it, a file is not there.
    func finish() throws {
        try flush()
        try end()
    }

    private func flush() throws {
        if buffer.isEmpty { return }
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        try sink(bytes)
    }

    /// Writes all of `bytes`, however often the system takes only a part.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
            } else if errno == EPIPE {
                throw OutputClosed()
            } else if errno != EINTR {
                throw OutputFailed(number: errno)
            }
        }
    }
}

/// The system's `write`, whose name `Output` hides.
private func systemWrite(_ descriptor: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, base, count)
}
