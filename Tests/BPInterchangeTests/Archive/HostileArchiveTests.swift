import BPRegistry
import BPTransfer
import Foundation
import TestSupport
import Testing

@testable import BPInterchange

@Suite("Files made to harm") struct HostileArchiveTests {
    /// `BPREG_HOSTILE_FILES=FOLDER` leaves the files there, for tools/check-archives to measure.
    @Test("each is refused with a message, and nothing is written")
    func refused() throws {
        let fixture = try ArchiveFixture()
        let files = try HostileArchive.all(from: fixture.archive())
        #expect(files.count >= 60 && Set(files.map(\.name)).count == files.count)
        let folder = ProcessInfo.processInfo.environment["BPREG_HOSTILE_FILES"].map { Files($0) }
        let scratch = ScratchDirectory()
        let registry = try Registry.open(at: scratch.file(), for: .creating)
        for file in files {
            file.write(to: scratch.files)
            if let folder { file.write(to: folder) }
            do {
                let archive = try ArchiveFile(scratch.file(file.name))
                try archive.checkContents()
                #expect(file.isForRestore, "\(file): not refused")
                _ = try registry.restore(from: archive)
                Issue.record("\(file): restored")
            } catch let error as FormatError {
                #expect(!file.isForRestore && error.kind != .newer && !error.what.isEmpty, "\(file): \(error)")
            } catch let error as RegistryError {
                guard case .unsound = error else {
                    Issue.record("\(file): \(error)")
                    continue
                }
                #expect(file.isForRestore, "\(file): \(error)")
            }
            scratch.files.remove(file.name)
        }
        #expect(try registry.runs().isEmpty)
        #expect(try registry.verify().isSound)
    }

    @Test("what is no file is no archive")
    func noFile() throws {
        let scratch = ScratchDirectory()
        mkfifo(scratch.file("pipe"), 0o600)
        symlink("/dev/zero", scratch.file("endless"))
        for path in [scratch.path, scratch.file("pipe"), scratch.file("endless"), scratch.file("none")] {
            #expect(throws: FileError.self, "\(path)") { try ArchiveFile(path) }
        }
    }
}
