import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("References")
struct ReferenceTests {
    @Test(
        "are read and written",
        arguments: [
            ("7", Reference.run(7, segment: nil, point: nil)), ("7@last", .run(7, segment: nil, point: .last)),
            ("7@best", .run(7, segment: nil, point: .best)), ("7@epoch:50", .run(7, segment: nil, point: .epoch(50))),
            ("7@epoch:0", .run(7, segment: nil, point: .epoch(0))),
            ("7@iteration:1234", .run(7, segment: nil, point: .iteration(1_234))),
            ("7.2", .run(7, segment: 2, point: nil)),
            ("7.2@iteration:900", .run(7, segment: 2, point: .iteration(900))), ("iris", .model("iris")),
            ("iris:3", .version(model: "iris", number: 3)), ("iris.v2:3", .version(model: "iris.v2", number: 3)),
            ("iris@production", .alias(model: "iris", alias: "production")),
            ("018cc251-f400-7000-8000-000000000001", .uuid(UUIDv7("018cc251-f400-7000-8000-000000000001")!)),
        ])
    func read(_ text: String, _ reference: Reference) throws {
        #expect(try Reference(text) == reference)
        #expect(reference.description == text)
    }

    @Test(
        "what is none is refused",
        arguments: [
            "", "0", "7@", "7@first", "7@epoch", "7@epoch:", "7@epoch:x", "7@epoch:-1", "7@last:1", "7.0", "7.x", "7.",
            "7x", "99999999999999999999", "iris@last", "iris@best", "iris@current", "iris@", "iris:", "iris:0",
            "iris:x",
            "iris:1@a", "@a", ":1", "a b", "-1", "iris@a b", "7@iteration:9999999999999999999999",
        ])
    func refused(_ text: String) {
        #expect {
            try Reference(text)
        } throws: { error in
            guard case RegistryError.badReference(text, _) = error else { return false }
            return true
        }
    }

    @Test(
        "name points and versions",
        arguments: [
            ("1@last", 50, 5), ("1@best", 50, 5), ("1@epoch:0", 0, 0), ("1@epoch:3", 30, 3), ("1@iteration:0", 0, 0),
            ("1@iteration:29", 29, 2), ("1@iteration:30", 30, 3), ("1.1@iteration:31", 31, 3), ("1.1", 50, 5),
        ])
    func points(_ text: String, _ iteration: Int, _ epoch: Int) throws {
        let bench = try Bench()
        try bench.finishedRun()
        let point = Point(run: 1, lineSegment: 1, iteration: iteration, epoch: epoch)
        #expect(try bench.registry.resolve(Reference(text)) == .point(point))
    }

    @Test("a model is its current version; a run is itself, or its best where weights are wanted")
    func others() throws {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.finishedRun(epochs: 2)
        let version = try bench.registry.version(ofModel: "iris", 2)
        let run = try bench.registry.run(1)
        #expect(try bench.registry.resolve(Reference("iris")) == .version(version))
        #expect(try bench.registry.resolve(Reference("iris:2")) == .version(version))
        #expect(try bench.registry.resolve(Reference(version.uuid.description)) == .version(version))
        #expect(try bench.registry.resolve(Reference(run.uuid.description)) == .run(run))
        #expect(try bench.registry.resolve(Reference("1")) == .run(run))
        let best = Point(run: 1, lineSegment: 1, iteration: 50, epoch: 5)
        #expect(try bench.registry.resolveWeights(Reference("1")) == .point(best))
        #expect(try bench.registry.resolveWeights(Reference("iris")) == .version(version))
    }

    @Test(
        "that name nothing get told what there is",
        arguments: [
            ("3", "there are 2 runs, 1 to 2"), ("1@iteration:51", "iterations 0 to 50 are recorded"),
            ("1@epoch:6", "epochs 0 to 5 have ended"), ("1.2", "run 1 has segment 1"),
            ("iris:3", "iris has iris:2, iris:1"), ("irsi", "the models are iris, other"),
            ("iris@x", "iris has no alias"),
            ("2@best", "2@last is iteration 0"), ("other", "its only run is 2"),
        ])
    func missing(_ text: String, _ exists: String) throws {
        let bench = try Bench()
        try bench.finishedRun()
        if text.hasPrefix("iris:") {
            try bench.finishedRun(epochs: 1)
        } else {
            _ = try bench.createRun(model: "other")
        }
        #expect {
            try bench.registry.resolve(Reference(text))
        } throws: { error in
            guard case RegistryError.notFound(text, _, let told, let near) = error else { return false }
            #expect(told == exists)
            #expect(text != "irsi" || near == ["iris"])
            return true
        }
    }
}
