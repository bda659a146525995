import BPJSON
import Testing

@Suite("--split-seed with the built bpreg")
struct SplitSeedCommandTests {
    @Test("it is taken, recorded, shown, compared and queried; a run without it answers with its seed")
    func whole() throws {
        let bench = try Bench()
        try bench.writeClasses()
        for words in [[], ["--seed", "3"], ["--seed", "2", "--split-seed", "3"], ["--split-seed", "1"]] {
            let run = try bench.run(["train", "points.csv", "--target", "side", "--epochs", "3"] + words)
            #expect(run.status == 0, "\(run.errors)")
        }
        func runs(_ query: String) throws -> [Int?]? {
            try bench.run("runs", "--where", query, "--sort", "run", "--json").json.array?.map { $0["run"]?.int }
        }
        #expect(try runs("split_seed = 3") == [2, 3])
        #expect(try runs("split-seed = 1") == [1, 4])
        #expect(try runs("split_seed != seed") == [3])
        #expect(try bench.run("runs", "--sort", "-split_seed,run", "--json").json.array?.first?["run"] == 2)
        // Given and equal to the seed it is not there.
        let specs = try (1...4).map { try bench.run("show", "\($0)", "--json").json["spec_sha256"] }
        #expect(specs[0] == specs[3] && Set(specs.compactMap { $0?.string }).count == 3)
        #expect(try bench.run("show", "3").output.contains("validation 0.15, test 0.15, seed 3"))
        #expect(try bench.run("show", "4").output.contains("validation 0.15, test 0.15\n"))
        let splits = try bench.run("compare", "1", "3")
        #expect(splits.output.contains("\nsplit_seed"), "\(splits.output)")
        #expect(splits.output.contains("because they differ in split_seed"), "\(splits.output)")
        // The seed differs, and the split does not.
        let seeds = try bench.run("compare", "2", "3").output
        #expect(seeds.contains("\nseed ") && !seeds.contains("split_seed"), "\(seeds)")
        let json = try bench.run("compare", "1", "2", "--json").json
        let differing = json["settings"]?.array?.filter { $0["differs"] == true } ?? []
        #expect(differing.map { $0["name"] } == ["seed", "split_seed"] && differing[1]["values"] == [1, 3])
        #expect(json["comparable"] == false && json["differing"] == ["split_seed"])
    }

    @Test("gradcheck, import and a fork take it; a resume with another one and a negative one are refused")
    func elsewhere() throws {
        let bench = try Bench.trained("--epochs", "3")
        #expect(
            try bench.run("gradcheck", "points.csv", "--target", "side", "--split-seed", "4", "--rows", "4").status == 0
        )
        #expect(try bench.run("export", "points", "-o", "p.safetensors").status == 0)
        let imported = try bench.run(
            "import", "p.safetensors", "--data", "points.csv", "--model", "other", "--split-seed", "5")
        #expect(imported.status == 0, "\(imported.errors)")
        #expect(try bench.run("runs", "--where", "split_seed = 5", "--json").json.array?.count == 1)
        let fork = try bench.run("train", "--from", "1@epoch:2", "--split-seed", "6", "--epochs", "4")
        #expect(fork.status == 0 && fork.errors.contains("split seed changed"), "\(fork.errors)")
        #expect(try bench.run("train", "--resume", "1", "--epochs", "5", "--split-seed", "2").status != 0)
        let negative = try bench.run("train", "points.csv", "--target", "side", "--split-seed", "-1")
        #expect(negative.status == 64 && negative.errors.contains("--split-seed"), "\(negative.errors)")
    }
}
