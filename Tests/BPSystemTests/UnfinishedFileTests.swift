import BPSystem
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct UnfinishedFileTests {
    private let scratch = ScratchDirectory()
    private var target: String { scratch.file("a.bin") }

    @Test func whatAKilledProcessLeftIsRemovedByTheNext() throws {
        // No process has this number, which is above every limit of the kernel.
        let left = ["a.bin.4194999-1.unfinished", "a.bin.4194999-1.unfinished-wal"]
        let others = [
            "a.bin", "a.bin.unfinished", "a.bin.x-1.unfinished", "a.bin.1-2-3.unfinished", "b.bin.4194999-1.unfinished",
            "a.bin.4194999-1.unfinished.txt",
        ]
        for name in left + others { scratch.files.write([1], to: name) }
        symlink(scratch.file("b.bin.4194999-1.unfinished"), scratch.file("a.bin.4194999-9.unfinished"))
        let file = try #require(UnfinishedFile.create(beside: target))
        defer { close(file.descriptor) }
        let mine = String(file.path.dropFirst(scratch.path.utf8.count + 1))
        #expect(Set(scratch.files.names) == Set(others + [mine, "a.bin.4194999-9.unfinished"]))
    }

    @Test func whatAProcessIsWritingStays() throws {
        let one = try #require(UnfinishedFile.create(beside: target))
        let two = try #require(UnfinishedFile.create(beside: target))
        #expect(scratch.files.names.count == 2)
        close(one.descriptor)
        close(two.descriptor)
        // Its process is there, so the lock may be still to come; after a minute it is not.
        UnfinishedFile.removeLeft(beside: target)
        #expect(scratch.files.names.count == 2)
        var times = [timeval(tv_sec: time(nil) - 61, tv_usec: 0), timeval(tv_sec: time(nil) - 61, tv_usec: 0)]
        utimes(one.path, &times)
        UnfinishedFile.removeLeft(beside: target)
        #expect(scratch.files.names.count == 1)
    }

    @Test func aFolderThatIsNotThereIsAnError() {
        #expect(UnfinishedFile.create(beside: scratch.file("no/a.bin")) == nil)
        #expect(errno == ENOENT)
    }
}
