import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Tags and notes")
struct AnnotationTests {
    private static let version = Subject.version(model: "iris", number: 1)

    @Test("tags are set, changed and removed, of runs and of versions, and each is an event")
    func tags() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let registry = bench.registry
        #expect(
            try registry.setTag("kind", to: "demo", of: .run(1))
                == TagChange(subject: .run(1), name: "kind", from: nil, to: "demo"))
        #expect(try registry.setTag("kind", to: "", of: .run(1)).from == "demo")
        #expect(try registry.setTag("kind", to: "", of: .run(1)).from == "")
        _ = try registry.setTag("a.b", to: "x=y\n", of: .run(1))
        _ = try registry.setTag("kind", to: "other", of: Self.version)
        #expect(try registry.tags(of: .run(1)).map(\.name) == ["a.b", "kind"])
        #expect(try registry.tags(of: .run(1)).map(\.value) == ["x=y\n", ""])
        #expect(try registry.tags(of: Self.version).map(\.value) == ["other"])
        #expect(try registry.removeTag("kind", of: .run(1)).to == nil)
        #expect(try registry.tags(of: .run(1)).map(\.name) == ["a.b"])
        let events = try registry.events(of: .run(1)).filter { $0.kind == "tag" }
        #expect(
            events.map(\.detailJSON) == [
                #"{"from":null,"name":"kind","to":"demo"}"#, #"{"from":"demo","name":"kind","to":""}"#,
                #"{"from":null,"name":"a.b","to":"x=y\n"}"#, #"{"from":"","name":"kind","to":null}"#,
            ])
        #expect(try registry.verify().findings == [])
    }

    @Test("notes are written, edited and removed; no number is used twice, and the events keep every text")
    func notes() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let registry = bench.registry
        let first = try registry.addNote("first", to: .run(1))
        let second = try registry.addNote("second", to: .run(1))
        #expect([first.id, second.id] == [1, 2])
        #expect(try registry.editNote(1, to: "changed").text == "changed")
        #expect(try registry.editNote(1, to: "changed").created == first.created)
        #expect(try registry.removeNote(2) == second)
        #expect(try registry.addNote("third", to: Self.version).id == 3)
        #expect(try registry.notes(of: .run(1)).map(\.text) == ["changed"])
        #expect(try registry.notes(of: Self.version).map(\.subject) == [Self.version])
        let events = try registry.events(of: .run(1)).filter { $0.kind == "note" }
        #expect(
            events.map(\.detailJSON) == [
                #"{"from":null,"id":1,"to":"first"}"#, #"{"from":null,"id":2,"to":"second"}"#,
                #"{"from":"first","id":1,"to":"changed"}"#, #"{"from":"second","id":2,"to":null}"#,
            ])
        #expect(try registry.verify().findings == [])
    }

    @Test("what is not there, or no name or text, is refused, and changes nothing")
    func refused() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let registry = bench.registry
        #expect(
            bench.failure { _ = try registry.setTag("a b", to: "x", of: .run(1)) }
                == .badName(name: "a b", reason: #"it holds " "; letters, digits, ., _ and - are allowed"#))
        #expect(
            bench.failure { _ = try registry.addNote(" \n", to: .run(1)) }
                == .conflict(place: "the note", what: "it has no text"))
        #expect(
            bench.failure { _ = try registry.removeTag("kind", of: .run(1)) }
                == .notFound(reference: "kind", what: "run 1 has no such tag", exists: "it has no tag", near: []))
        _ = try registry.setTag("kind", to: "x", of: .run(1))
        #expect(
            bench.failure { _ = try registry.removeTag("kinds", of: .run(1)) }
                == .notFound(reference: "kinds", what: "run 1 has no such tag", exists: "it has kind", near: ["kind"]))
        #expect(
            bench.failure { _ = try registry.editNote(1, to: "x") }
                == .notFound(reference: "1", what: "no such note", exists: "there is no note", near: []))
        _ = try registry.addNote("x", to: .run(1))
        #expect(
            bench.failure { _ = try registry.removeNote(7) }
                == .notFound(reference: "7", what: "no such note", exists: "there are notes 1", near: []))
        for subject in [Subject.run(2), .version(model: "iris", number: 2), .version(model: "a", number: 1)] {
            for body in [
                { _ = try registry.setTag("kind", to: "x", of: subject) }, { _ = try registry.tags(of: subject) },
                { _ = try registry.removeTag("kind", of: subject) }, { _ = try registry.notes(of: subject) },
                { _ = try registry.addNote("x", to: subject) },
            ] {
                guard case .notFound? = bench.failure(body) else {
                    Issue.record("\(subject) was not refused")
                    continue
                }
            }
        }
        #expect(try registry.verify().findings == [])
    }
}
