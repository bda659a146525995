import BPInterchange
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct AtomicFileTests {
    private let scratch = ScratchDirectory()
    private var path: String { scratch.file("a.bin") }

    @Test func itAppearsWhenItIsFinished() throws {
        let file = try AtomicFile(path, replace: false)
        try file.write([1, 2, 3, 4])
        try file.write([5])
        try file.rewrite([9, 8], at: 1)
        #expect(file.count == 5)
        #expect(!scratch.files.names.contains("a.bin"))
        try file.finish()
        #expect(scratch.files.names == ["a.bin"])
        #expect(scratch.files.read("a.bin") == [1, 9, 8, 4, 5])
    }

    @Test func whatIsForgottenLeavesNothing() throws {
        do {
            let file = try AtomicFile(path, replace: false)
            try file.write([1])
            #expect(scratch.files.names.count == 1)
        }
        #expect(scratch.files.names == [])
        let file = try AtomicFile(path, replace: false)
        file.abandon()
        #expect(scratch.files.names == [])
        #expect(throws: FileError.self) { try file.write([1]) }
        #expect(throws: FileError.self) { try file.finish() }
    }

    @Test func aFileThatIsThereStaysUnlessItIsToBeReplaced() throws {
        scratch.files.write([7], to: "a.bin")
        #expect(try failure { _ = try AtomicFile(path, replace: false) }?.kind == .exists)
        let file = try AtomicFile(path, replace: true)
        try file.write([1, 2])
        #expect(scratch.files.read("a.bin") == [7])
        try file.finish()
        #expect(scratch.files.read("a.bin") == [1, 2])
        #expect(scratch.files.names == ["a.bin"])
    }

    @Test func aFileThatCameInTheMeantimeStays() throws {
        let file = try AtomicFile(path, replace: false)
        try file.write([1, 2])
        scratch.files.write([7], to: "a.bin")
        #expect(try failure { try file.finish() }?.kind == .exists)
        #expect(scratch.files.read("a.bin") == [7])
        #expect(scratch.files.names == ["a.bin"])
    }

    @Test func aReplacedFileKeepsItsModeAndALinkIsFollowed() throws {
        scratch.files.write([7], to: "a.bin")
        chmod(path, 0o640)
        symlink("a.bin", scratch.file("link"))
        let file = try AtomicFile(scratch.file("link"), replace: true)
        try file.write([1])
        try file.finish()
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
        #expect(lstat(scratch.file("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        #expect(scratch.files.read("a.bin") == [1])
    }

    @Test func whatCannotBeAFileIsRefusedAtOnce() throws {
        mkfifo(scratch.file("pipe"), 0o600)
        symlink("nothing", scratch.file("dangling"))
        for name in ["", "no/such/folder", "pipe", "dangling", "x/", "a\0b"] {
            let path = name.isEmpty ? "" : scratch.file(name)
            #expect(try failure { _ = try AtomicFile(path, replace: true) }?.kind == .unusable, "\(name)")
        }
        #expect(try failure { _ = try AtomicFile(scratch.path, replace: true) }?.kind == .unusable)
        #expect(scratch.files.names == ["dangling", "pipe"])
    }

    @Test func bytesOutsideCannotBeRewritten() throws {
        let file = try AtomicFile(path, replace: false)
        try file.write([1, 2])
        for offset in [-1, 1, 3, Int.max, .min] {
            #expect(throws: FileError.self) { try file.rewrite([1, 2], at: offset) }
        }
    }
}

@Suite struct InputFileTests {
    private let scratch = ScratchDirectory()

    @Test func itIsReadInPieces() throws {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        scratch.files.write(bytes, to: "a")
        let file = try InputFile(scratch.file("a"))
        #expect(file.size == 1000)
        #expect(try file.bytes(at: 990, count: 10) == Array(bytes[990...]))
        var sizes: [Int] = []
        var read: [UInt8] = []
        try file.forEachPiece(of: 3..<700, limit: 256) {
            sizes.append($0.count)
            read += $0
        }
        #expect(sizes == [256, 256, 185])
        #expect(read == Array(bytes[3..<700]))
        try file.forEachPiece(of: 5..<5) { _ in Issue.record("there is nothing") }
    }

    @Test(arguments: [(0, 1001), (1000, 1), (-1, 1), (0, -1), (Int.max, Int.max), (Int.min, 1)])
    func beyondItsEndIsAnError(offset: Int, count: Int) throws {
        scratch.files.write([UInt8](repeating: 0, count: 1000), to: "a")
        let file = try InputFile(scratch.file("a"))
        #expect(try failure { _ = try file.bytes(at: offset, count: count) }?.kind == .unreadable)
    }

    @Test func aFileThatShrinksIsAnError() throws {
        scratch.files.write([UInt8](repeating: 0, count: 1000), to: "a")
        let file = try InputFile(scratch.file("a"))
        scratch.files.write([1], to: "a")
        #expect(try failure { _ = try file.bytes(at: 0, count: 10) }?.what == "became shorter while it was read")
    }

    @Test func onlyRegularFilesAreRead() throws {
        mkfifo(scratch.file("pipe"), 0o600)
        for path in [scratch.path, scratch.file("pipe"), scratch.file("none"), "/dev/null", ""] {
            #expect(try failure { _ = try InputFile(path) }?.kind == .unreadable, "\(path)")
        }
    }
}

/// The file error that `body` throws.
private func failure(_ body: () throws -> Void) throws -> FileError? {
    do { try body() } catch let error as FileError { return error }
    return nil
}
