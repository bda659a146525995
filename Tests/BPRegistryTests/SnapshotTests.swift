import BPRegistry
import Foundation
import RegistryTestSupport
import Testing

@Suite("Snapshots, and readers beside the connection that writes")
struct SnapshotTests {
    @Test("the reads of a snapshot see one state, whatever is written meanwhile")
    func oneState() throws {
        let bench = try Bench()
        try bench.createRun().close()
        let (before, after) = try bench.registry.read { snapshot in
            let before = try snapshot.runs().count
            // By the writer's own connection, while the snapshot is open.
            try bench.createRun().close()
            return (before, try snapshot.runs().count)
        }
        #expect(before == 1 && after == 1)
        #expect(try bench.registry.runs().count == 2)
    }

    @Test("an error of the body passes as it is, and one of the registry in its own terms")
    func errors() throws {
        struct Mine: Error, Equatable {}
        let bench = try Bench()
        #expect(throws: Mine()) { try bench.registry.read { _ in throw Mine() } }
        #expect(throws: RegistryError.self) { try bench.registry.read { _ = try $0.run(7) } }
        #expect(try bench.registry.read { try $0.runs().isEmpty })
    }

    @Test("a snapshot that has ended refuses to read")
    func ended() throws {
        let bench = try Bench()
        let escaped = try bench.registry.read { $0 }
        #expect(throws: RegistryError.internalFailure(path: bench.registry.path, message: "the snapshot has ended")) {
            try escaped.runs()
        }
    }

    @Test("a read inside a read takes a connection of its own")
    func nested() throws {
        let bench = try Bench()
        try bench.createRun().close()
        let counts = try bench.registry.read { outer in
            try bench.registry.read { inner in (try outer.runs().count, try inner.runs().count) }
        }
        #expect(counts == (1, 1))
    }

    @Test("a question that takes long delays neither reads nor writes, and closing ends them all")
    func longQuestion() throws {
        let bench = try Bench()
        try bench.createRun().close()
        let registry = bench.registry
        var rows = 0
        _ = try registry.ask(SQLQuestion("SELECT 1 UNION ALL SELECT 2")) { _ in
        } row: { _ in
            // The question's transaction is open: another read and a write on the same registry go on.
            rows += 1
            #expect(try registry.run(1).number == 1)
            _ = try registry.setTag("round", to: "\(rows)", of: .run(1))
        }
        #expect(rows == 2)
        #expect(try registry.tags(of: .run(1)).map(\.value) == ["2"])
        try registry.close()
        #expect(throws: RegistryError.self) { try registry.runs() }
        #expect(throws: RegistryError.self) {
            try registry.ask(SQLQuestion("SELECT 1")) { _ in
            } row: { _ in
            }
        }
    }

    @Test("pages of a sorted list continue after their token, and see no row twice when rows come and go")
    func pages() throws {
        let bench = try Bench()
        // The values of a tag repeat and are missing, so that the run's number decides.
        for number in 1...23 {
            try bench.createRun().close()
            if number % 4 > 0 { _ = try bench.registry.setTag("group", to: "g\(number % 3)", of: .run(number)) }
        }
        for sort in [nil, "tag.group", "-tag.group", "-tag.group,run"] {
            let query = ListQuery(where: "run > 2", sort: sort)
            let all = try collect(bench.registry.runs(query))
            #expect(all.count == 21)
            var token: ListToken?
            var paged: [Int] = []
            repeat {
                let page = try bench.registry.runs(query).page(after: token, size: 4)
                paged += page.elements.map(\.number)
                // A token survives being written in a link.
                token = try page.next.map { try #require(ListToken($0.description)) }
            } while token != nil
            #expect(paged == all, "\(sort ?? "own order")")
        }
        // A run that was deleted before the place moves nothing.
        let first = try bench.registry.runs(ListQuery()).page(size: 4)
        try bench.registry.delete(.run(22))
        let second = try bench.registry.runs(ListQuery()).page(after: first.next, size: 4)
        #expect(first.elements.map(\.number) == [23, 22, 21, 20] && second.elements.map(\.number) == [19, 18, 17, 16])
        #expect(throws: RegistryError.self) {
            try bench.registry.runs(ListQuery(sort: "tag.group")).page(after: first.next, size: 4)
        }
        for text in ["", "[]", "x", #"["a"]"#, #"[1,{"real":"x"}]"#, #"[1,{"blob":"0g"}]"#] {
            #expect(ListToken(text) == nil, "\(text)")
        }
    }

    private func collect(_ listing: Listing<RunRecord>) throws -> [Int] {
        var all: [Int] = []
        while true {
            let page = try listing.next()
            if page.isEmpty { return all }
            all += page.map(\.number)
        }
    }
}
