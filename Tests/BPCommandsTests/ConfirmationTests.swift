import Foundation
import Testing

@testable import BPCommands
@testable import BPReport

@Suite("Asking before what cannot be taken back")
struct ConfirmationTests {
    typealias Confirmation = BPCommands.Confirmation

    /// A person who gives `answer`, and what was said to them.
    final class Person {
        var heard = ""

        func confirmation(_ answer: String?, there: Bool = true) -> Confirmation {
            Confirmation(isAnswered: there, write: { self.heard += $0 }, read: { answer })
        }
    }

    @Test("y and yes go on", arguments: ["y", "Y", "yes", " YES "])
    func yes(_ answer: String) throws {
        let person = Person()
        try person.confirmation(answer).ask("run 7 would be deleted", at: "7", given: false)
        #expect(person.heard == "run 7 would be deleted. Continue? [y/N] ")
    }

    @Test("everything else does not, and exits with 1", arguments: ["", "n", "no", "ja", "yes please", nil])
    func no(_ answer: String?) throws {
        let error = try #require(throws: NotConfirmed.self) {
            try Person().confirmation(answer).ask("run 7 would be deleted", at: "run 7", given: false)
        }
        let failure = Failure(error, registry: nil, typed: ["delete", "7"])
        #expect(failure.status == .failed)
        #expect(failure.what == "not confirmed, and nothing was done: run 7 would be deleted")
        #expect(failure.next == "bpreg delete 7 --yes")
    }

    @Test("with nobody there it is a usage error, with the command to type")
    func nobody() throws {
        let person = Person()
        let error = try #require(throws: NotConfirmed.self) {
            try person.confirmation("y", there: false).ask("run 7 would be deleted", at: "run 7", given: false)
        }
        #expect(person.heard.isEmpty)
        let failure = Failure(error, registry: nil, typed: ["delete", "7", "--registry", "my runs.sqlite"])
        #expect(failure.status == .usage)
        #expect(failure.next == "bpreg delete 7 --registry 'my runs.sqlite' --yes")
    }

    @Test("with the option given nobody is asked")
    func given() throws {
        let person = Person()
        try person.confirmation(nil, there: false).ask("it would go", at: "it", given: true)
        #expect(person.heard.isEmpty)
    }

    @Test("the name of a file cannot move the cursor")
    func hostile() throws {
        let person = Person()
        try person.confirmation("y").ask("a\u{1B}[2Jb would be replaced", at: "a", given: false)
        #expect(!person.heard.contains("\u{1B}"))
    }

    @Test("a file that is there is replaced by --force or by a yes, a folder by nothing")
    func overwriting() throws {
        let bench = try Bench()
        let path = bench.folder.appending(path: "out.bin").path
        let nobody = Person().confirmation(nil, there: false)
        let plain = OverwriteOption.parseOrExit([])
        let forced = OverwriteOption.parseOrExit(["--force"])
        #expect(try !plain.mayReplace(path, asking: nobody))
        try bench.write("out.bin", "old")
        let refused = try #require(throws: NotConfirmed.self) { try plain.mayReplace(path, asking: nobody) }
        #expect(Failure(refused, registry: nil, typed: ["x", "-o", path]).next == "bpreg x -o \(path) --force")
        #expect(throws: NotConfirmed.self) { try plain.mayReplace(path, asking: Person().confirmation("n")) }
        #expect(try plain.mayReplace(path, asking: Person().confirmation("y")))
        #expect(try forced.mayReplace(path, asking: nobody))
        let link = bench.folder.appending(path: "link").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
        #expect(throws: NotConfirmed.self) { try plain.mayReplace(link, asking: nobody) }
        for option in [plain, forced] {
            let folder = try #require(throws: Failure.self) { try option.mayReplace(bench.folder.path) }
            #expect(folder.status == .usage)
            #expect(throws: Failure.self) { try option.mayReplace("") }
            #expect(throws: Failure.self) { try option.mayReplace(path + "/under-a-file") }
        }
    }
}
