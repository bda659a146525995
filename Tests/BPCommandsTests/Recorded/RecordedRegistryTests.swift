import BPJSON
import Foundation
import Testing

/// Tests/Fixtures/registries holds a registry of each schema, written by the bpreg of that schema, and in a JSON file
/// the lists that this bpreg printed.
@Suite("Registries of every schema, as recorded")
struct RecordedRegistryTests {
    static let schemas = Array(1...Fixtures.newestSchema)

    /// A folder with the registry of this schema, brought to the newest.
    private func migrated(_ schema: Int) throws -> Bench {
        let bench = try Bench.recorded(schema: schema)
        let result = try bench.run("migrate", "--json")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try result.json["from"]?.int == (schema == Fixtures.newestSchema ? nil : schema))
        return bench
    }

    @Test("an older one is refused by commands that read, until it is migrated; then it is sound", arguments: schemas)
    func sound(_ schema: Int) throws {
        let bench = try Bench.recorded(schema: schema)
        let older = schema < Fixtures.newestSchema
        #expect(try bench.run("runs").status == (older ? 12 : 0))
        #expect(try bench.run("migrate").status == 0)
        #expect(bench.has("bpreg.sqlite.schema-\(schema).backup") == older)
        let verify = try bench.run("verify", "--json")
        #expect(verify.status == 0, "\(verify.output)")
        #expect(try verify.json["sound"] == true)
    }

    @Test("lists all that the bpreg that wrote it listed", arguments: schemas)
    func listed(_ schema: Int) throws {
        let bench = try migrated(schema)
        let recorded = try JSONValue(
            parsing: String(decoding: Fixtures.bytes("registries/schema-\(schema).json"), as: UTF8.self))
        let lists = try #require(recorded.object)
        #expect(lists.count > 15)
        for (command, value) in lists where command != "verify" {
            let result = try bench.run(command.split(separator: " ").map(String.init) + ["--json"])
            #expect(result.status == 0, "\(command): \(result.errors)")
            // Versions came in another order once.
            let sorted = { (list: JSONValue) in
                list.array.map { JSONValue.array($0.sorted { "\($0["name"] ?? 0)" < "\($1["name"] ?? 0)" }) } ?? list
            }
            let differences =
                command == "versions"
                ? Self.differences(sorted(try result.json), sorted(value), at: command)
                : Self.differences(try result.json, value, at: command)
            #expect(differences == [])
        }
    }

    @Test("every list as it is after the migration", arguments: schemas.dropLast())
    func lists(_ schema: Int) throws {
        let bench = try migrated(schema)
        for line in [
            "runs", "models", "versions", "datasets", "log", "show 1", "history 1 --all",
            "sql 'SELECT * FROM metric ORDER BY 1, 2'",
        ] {
            let command = RecordedCommand.reads(line)
            let result = try bench.run(command.words + ["--json"])
            #expect(result.status == 0, "\(result.errors)")
            try Fixtures.expect(result.output, recordedAs: "registries/schema-\(schema)-migrated/\(command.name).json")
        }
    }

    @Test("its runs are reproduced, to the bit", arguments: schemas)
    func audited(_ schema: Int) throws {
        let bench = try migrated(schema)
        let runs = try bench.run("runs", "--json").json.array ?? []
        // Of the runs of model outside the data are not kept; the weights of model away are archived.
        for run in runs where !["outside", "away"].contains(run["model"]?.string) {
            let number = try #require(run["run"]?.int)
            let audit = try bench.run("audit", "\(number)", "--json")
            #expect(audit.status == 0, "\(audit.errors)")
            #expect(try audit.json["reproduced"] == true)
            #expect(try audit.json["line_iterations"] == run["iteration"])
        }
    }

    @Test("a resumed run ends with the weights of a run that was never stopped", arguments: schemas)
    func resumed(_ schema: Int) throws {
        let bench = try migrated(schema)
        let resumed = try bench.run("train", "--resume", "2", "--epochs", "12", "--json")
        #expect(resumed.status == 0, "\(resumed.errors)")
        // A fork of its first weights computes with the numerics version of the run, which is not that of new runs.
        let fresh = try bench.run("train", "--from", "2@iteration:0", "--epochs", "12", "--json")
        #expect(fresh.status == 0, "\(fresh.errors)")
        for member in ["weights_sha256", "loss", "val_loss", "test"] {
            #expect(try resumed.json[member] == fresh.json[member], "\(member)")
        }
        let stopped = try bench.run("train", "--resume", "5", "--epochs", "60", "--json")
        #expect(stopped.status == 0, "\(stopped.errors)")
        #expect(try bench.run("audit", "5").status == 0)
        #expect(try bench.run("verify").status == 0)
    }

    @Test("has the schema of a new registry", arguments: schemas)
    func schema(_ schema: Int) throws {
        let bench = try migrated(schema)
        #expect(try RecordedSchemaTests.schema(of: bench) == RecordedSchemaTests.recorded())
    }

    @Test("weights that went to an archive come back from it")
    func archived() throws {
        let bench = try Bench.recorded()
        try bench.copyFixture("registries/schema-4-away.safetensors")
        #expect(try bench.run("predict", "away", "square.csv").status == 1)
        let restored = try bench.run("restore", "schema-4-away.safetensors", "--json")
        #expect(restored.status == 0, "\(restored.errors)")
        #expect(try restored.json["tensors_brought_back"]?.int ?? 0 > 0)
        #expect(try bench.run("predict", "away", "square.csv").status == 0)
        #expect(try bench.run("audit", "9").status == 0)
        #expect(try bench.run("verify").status == 0)
    }

    /// The places at which `found` differs from `recorded`. Members that were added since are no difference.
    private static func differences(_ found: JSONValue, _ recorded: JSONValue, at place: String) -> [String] {
        if let members = recorded.object, let others = found.object {
            return members.flatMap { name, value in
                others[name].map { differences($0, value, at: "\(place).\(name)") } ?? ["\(place).\(name) is missing"]
            }
        }
        if let elements = recorded.array, let others = found.array, elements.count == others.count {
            return elements.indices.flatMap { differences(others[$0], elements[$0], at: "\(place)[\($0)]") }
        }
        return found == recorded ? [] : ["\(place): \(found), recorded \(recorded)"]
    }
}
