import BPQuery
import BPSQLite
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Expressions that people ask with")
struct QueryTests {
    private func fault(_ text: String, in bench: Bench) -> QueryError? {
        do throws(RegistryError) {
            _ = try bench.registry.all(ListQuery(where: text))
            return nil
        } catch {
            guard case .badQuery(let fault) = error else { return nil }
            return fault
        }
    }

    @Test(
        "an unknown name is an error with its column and near names, also behind a prefix",
        arguments: [
            ("val_los < 1", 1, "val_loss"), ("epochs > 1 and optimzer = \"adam\"", 16, "optimizer"),
            ("status = \"finishd\"", 10, "finished"), ("tag. = \"x\"", 1, nil), ("min.nothing > 1", 1, nil),
            ("model < epochs", 1, nil), ("optimizer = 1", 13, nil),
        ] as [(String, Int, String?)])
    func faults(text: String, column: Int, near: String?) throws {
        let bench = try Bench()
        try bench.finishedRun()
        let met = fault(text, in: bench)
        let fault = try #require(met, "\(text) is refused")
        #expect(fault.column == column, "\(text): \(fault)")
        if let near { #expect(fault.near.first == near, "\(text): \(fault)") }
    }

    @Test("SQLite answers the longest and deepest expressions that the language permits")
    func bounds() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let deep = String(repeating: "not (", count: 50) + "forked" + String(repeating: ")", count: 50)
        #expect(try bench.registry.all(ListQuery(where: deep)).isEmpty)
        let long = String(repeating: "epochs>0 and ", count: 249) + "epochs>0"
        #expect(try bench.registry.all(ListQuery(where: long)).count == 1)
        let times = "ended not in (" + Array(repeating: "'2020'", count: 1_100).joined(separator: ",") + ")"
        #expect(try bench.registry.all(ListQuery(where: times)).count == 1)
    }

    @Test("random bytes are refused or answered, and never more")
    func noise() throws {
        let seed = testSeed()
        var random = SplitMix64(seed)
        let bench = try Bench()
        try bench.finishedRun()
        let pieces = [
            "val_loss", "model", "epochs", "tag.x", "(", ")", "and", "or", "not", "<", "=", "in", "between", "like",
            "is",
            "null", "nan", ",", "1", "-2.5e3", "\"a\"", "'", "--", ";", "?", "%", "\u{0}", "é", "run.id", "/*", "[",
        ]
        for _ in 0..<3_000 {
            let count = Int.random(in: 0...12, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined(separator: Bool.random(using: &random) ? " " : "")
            do throws(RegistryError) { _ = try bench.registry.all(ListQuery(where: text, sort: nil, limit: 3)) } catch {
                guard case .badQuery = error else {
                    Issue.record("seed \(seed): \(text): \(error)")
                    return
                }
            }
        }
    }

    @Test("what is typed never becomes SQL")
    func injection() throws {
        let bench = try Bench()
        let hostile = ["x' OR 1=1 --", "x\"; DROP TABLE run; --", "') UNION SELECT 1 --", "?", "\u{0}'", "%'"]
        let run = try bench.finishedRun()
        for text in hostile {
            let single =
                "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
            let double =
                "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            for quoted in [single, double] {
                for filter in [
                    "model = \(quoted)", "optimizer in (\(quoted), \(quoted))", "note like \(quoted)",
                    "reason < \(quoted)",
                    "tag.a > \(quoted) or model between \(quoted) and \(quoted)",
                ] {
                    let sql = try bench.registry.reading { store in
                        try QueryPredicate(filter, RunVocabulary(store: store)).sql
                    }
                    #expect(
                        !sql.text.contains("DROP") && !sql.text.contains("UNION SELECT 1") && !sql.text.contains("1=1"))
                    #expect(sql.bindings.contains(.text(text)), "\(filter)")
                    _ = try bench.registry.all(ListQuery(where: filter))
                }
            }
            // As a name it is no name.
            for name in ["tag.\(text)", "setting.\(text)", "min.\(text)", text] {
                #expect(throws: RegistryError.self) { try bench.registry.all(ListQuery(where: "\(name) = 1")) }
                #expect(throws: RegistryError.self) { try bench.registry.all(ListQuery(sort: name)) }
            }
        }
        #expect(try bench.registry.run(run).number == run)
    }

    @Test("a sort key that is not known is refused, and so is one of several values")
    func sorting() throws {
        let bench = try Bench()
        try bench.finishedRun()
        for (text, column, near) in [("val_loss,-strated", 10, "-started"), ("note", 1, nil)]
            as [(String, Int, String?)]
        {
            let error = #expect(throws: RegistryError.self) { try bench.registry.all(ListQuery(sort: text)) }
            guard case .badQuery(let fault) = error else {
                Issue.record("\(text)")
                return
            }
            #expect(fault.column == column && fault.kind == .sort)
            #expect(near == nil || fault.near.first == near)
        }
    }

    @Test("text compared with a measure that hides a setting gets the setting as a suggestion")
    func hidden() throws {
        let bench = try Bench()
        var new = bench.newRun()
        new.settings.append(Setting("loss", .text("mse")))
        try bench.registry.createRun(new).close()
        let met = fault("loss = \"mse\"", in: bench)
        #expect(met?.near == ["setting.loss"] && met?.column == 1, "\(met.debugDescription)")
        #expect(met?.reason == "loss is a number, \"mse\" is text; setting.loss is text")
        #expect(try bench.registry.all(ListQuery(where: "setting.loss = \"mse\"")).count == 1)
    }

    @Test("running and interrupted are told apart by the process, whatever the limit")
    func liveness() throws {
        let bench = try Bench()
        var writers: [RunWriter] = []
        for pid in [200, 201, 202, 203] as [Int32] {
            bench.world.become(pid)
            writers.append(try bench.createRun())
        }
        defer { withExtendedLifetime(writers) {} }
        bench.world.kill(201)
        bench.world.kill(203)
        let running = ListQuery(where: "status = \"running\"")
        #expect(try bench.registry.all(running).map(\.number) == [3, 1])
        let interrupted = ListQuery(where: "status = \"interrupted\"", limit: 1)
        #expect(try bench.registry.all(interrupted).map(\.number) == [4])
        #expect(
            try bench.registry.all(ListQuery(where: "not status = \"running\"", sort: "run")).map(\.number) == [2, 4])
        let records = try bench.registry.all(ListQuery(sort: "-status,run"))
        #expect(records.map(\.status) == [.running, .running, .interrupted, .interrupted])
        #expect(records.map(\.number) == [1, 3, 2, 4])
    }

    @Test("pages go on where the last one ended, and a limit reads no more")
    func pages() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.close()
        // Copies of one row suffice to fill pages.
        try bench.registry.writing { store in
            let row = try store.need(.run, [.int(1)])
            try store.connection.execute("PRAGMA defer_foreign_keys = ON")
            let segment = try store.need(.segment, [.int(1), .int(1)])
            let attempt = try store.need(.attempt, [.int(1), .int(1)])
            for number in 2...2_350 {
                var (run, part, process) = (row, segment, attempt)
                run["id"] = .int(number)
                run["uuid"] = .uuid(store.newUUID(1))
                (part["run"], process["run"]) = (.int(number), .int(number))
                try store.insert(part)
                try store.insert(process)
                try store.insert(run)
            }
        }
        let down = Array((1...2_350).reversed())
        #expect(try bench.registry.runs().map(\.number) == down)
        for limit in [0, 1, 99, 100, 101, 1_100, 2_349, 2_350, 9_999] {
            #expect(try bench.registry.all(ListQuery(limit: limit)).map(\.number) == Array(down.prefix(limit)))
            let sorted = try bench.registry.all(ListQuery(where: "run > 10", sort: "run", limit: limit)).map(\.number)
            #expect(sorted == Array((11...2_350).prefix(limit)))
        }
    }

    @Test("versions are asked for by their own measures, aliases and tags, and by their run")
    func versions() throws {
        let bench = try Bench()
        for _ in 0..<3 { try bench.finishedRun() }
        try bench.finishedRun(model: "digits")
        try bench.registry.writing { store in
            try store.insert(
                TableRow(.alias, ["model": .int(1), "name": .text("production"), "version": .int(2), "moved": .int(1)]))
            try store.insert(
                TableRow(
                    .tag,
                    ["subject": .text("version:iris:1"), "name": .text("a"), "value": .text("b"), "created": .int(1)]))
        }
        func names(_ filter: String?, sort: String? = nil, of model: String? = nil) throws -> [String] {
            try bench.registry.versions(ofModel: model, ListQuery(where: filter, sort: sort)).next().map(\.name)
        }
        #expect(try names(nil) == ["digits:1", "iris:3", "iris:2", "iris:1"])
        #expect(try names(nil, of: "iris") == ["iris:3", "iris:2", "iris:1"])
        #expect(try names("current") == ["digits:1", "iris:3"])
        #expect(try names("alias = \"production\" or tag.a = \"b\"", sort: "version") == ["iris:1", "iris:2"])
        #expect(try names("run.status = \"finished\" and learning_rate < 0.2 and run > 3") == ["digits:1"])
        #expect(try names("accuracy = 1 and not model = 'iris' and run.run >= 1") == ["digits:1"])
        #expect(
            try names("run.optimizer != 'sgd' or run.parent is not null or alias is null", of: "iris") == [
                "iris:3", "iris:1",
            ])
        #expect(throws: RegistryError.self) { try bench.registry.versions(ofModel: "irsi", ListQuery()) }
    }

    @Test("before there is a run no name is wrong, and nothing is found")
    func empty() throws {
        let bench = try Bench()
        #expect(
            try bench.registry.all(ListQuery(where: "anything < 0.1 and not beta1 is null", sort: "something")).isEmpty)
    }
}
