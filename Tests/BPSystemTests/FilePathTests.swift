import BPSystem
import TestSupport
import Testing

@Suite struct FilePathTests {
    @Test func theFolderOfAPath() {
        for (path, folder) in [("a", "."), ("/a", "/"), ("b/a", "b"), ("/c/b/a", "/c/b"), ("b/", "b")] {
            #expect(FilePath.folder(of: path) == folder)
        }
    }

    @Test func aPathIsResolvedIfItLeadsSomewhere() throws {
        try withTemporaryDirectory { folder in
            #expect(FilePath.resolved("\(folder)/./../") != nil)
            #expect(FilePath.resolved(folder) == FilePath.resolved("\(folder)/."))
            #expect(FilePath.resolved("\(folder)/nothing") == nil)
            #expect((FilePath.freeBytes(in: folder) ?? 0) > 0)
            #expect(FilePath.freeBytes(in: "\(folder)/nothing") == nil)
        }
    }

    @Test func errorNumbersInWords() {
        #expect("\(SystemError(2))" == "No such file or directory")
    }
}
