import BPReport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// Results go to standard output and nothing else does: progress, warnings and errors are `Notes`.
extension Output {
    /// Standard output. Lines are cut to a terminal's width, or to `COLUMNS` if that is set.
    static func standard() -> Output {
        let terminal = Terminal(descriptor: STDOUT_FILENO, fallback: 0)
        return Output(
            width: terminal.width > 0 ? terminal.width : nil, isTerminal: terminal.isTerminal,
            hasColour: terminal.hasColour, isUnicode: Terminal.isUnicode
        ) { bytes in try Output.write(bytes, to: STDOUT_FILENO) }
    }

    /// Writes all of `bytes`, even if the system takes only a part at a time.
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
