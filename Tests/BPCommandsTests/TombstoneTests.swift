import BPJSON
import Foundation
import Testing

/// What people see of weights that have gone to an archive.
@Suite("Archived versions, as commands show them")
struct TombstoneTests {
    @Test(
        "a version whose weights went to an archive says so, and how to bring it back; what needs them tells the same")
    func archived() throws {
        let bench = try Bench.trained("--epochs", "8", "--batch-size", "10")
        try bench.run("archive", "points:1", "-o", "points.safetensors", "--remove")
        let shown = try bench.run("show", "points:1")
        #expect(shown.status == 0)
        #expect(shown.output.contains("points.safetensors, digest "))
        #expect(shown.output.contains("bpreg restore "))
        for ref in ["points:1", "1"] {
            let named = try bench.run("show", ref, "--registry", "bpreg.sqlite").output
            #expect(named.contains("points.safetensors --registry bpreg.sqlite"), "\(named)")
        }
        let json = try bench.run("show", "points:1", "--json").json
        let digest = try #require(json["archive_digest"]?.string)
        #expect(digest.count == 64)
        #expect(try bench.run("versions", "--json").json.array?.first?["archive"] == json["archive"])
        let only = try bench.run("archive", "1", "-o", "points.safetensors", "--force")
        #expect(only.status == 64 && only.errors.contains("only copy"), "\(only.errors)")
        let refused = try bench.run("show", "points:1", "--weights", "w.bin")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("is archived in "))
        let next = try #require(refused.errors.split(separator: "\n").first { $0.contains("next:") })
        let words = try #require(next.firstRange(of: "bpreg restore ").map { next[$0.upperBound...] })
        #expect(try bench.run("verify").status == 0)
        #expect(try bench.run("log", "points").output.contains("weights archived in "))
        let restored = try bench.run("restore", String(words.split(separator: " ").first ?? ""), "--json")
        #expect(try restored.json["tensors_brought_back"]?.int == 1, "\(restored.output)\(restored.errors)")
        #expect(try bench.run("log", "points:1").output.contains("weights back from "))
        #expect(try bench.run("show", "points:1", "--json").json["archive"] == .null)
        #expect(try bench.run("show", "points:1", "--weights", "w.bin").status == 0)
        #expect(try bench.run("verify").status == 0)
    }

    @Test("a fork's weights go without its parent's, and a version's without another's")
    func shared() throws {
        let bench = try Bench.trained("--epochs", "3", "--batch-size", "10", "--validation", "0")
        try bench.run("train", "--from", "1@last", "--epochs", "5")
        let fork = try bench.run("archive", "2", "-o", "fork.safetensors", "--remove", "--json")
        #expect(fork.status == 0, "\(fork.errors)")
        for ref in ["1@last", "points:1"] {
            #expect(try bench.run("predict", ref, "points.csv").status == 0)
        }
        #expect(try bench.run("predict", "points:2", "points.csv").status == 1)
        try bench.run("version", "points:1", "--model", "other")
        try bench.run("archive", "other:1", "-o", "other.safetensors", "--remove")
        #expect(try bench.run("predict", "points:1", "points.csv").status == 0)
        #expect(try bench.run("train", "--resume", "1", "--epochs", "4").status == 0)
        #expect(try bench.run("verify").status == 0)
    }

    @Test("a registry that takes in another has its runs, versions and data, twice the same; its log says where from")
    func restored() throws {
        let bench = try Bench.trained("--epochs", "4", "--batch-size", "10")
        let home = try bench.run("show", "points:1", "--json").json
        let taken = try bench.run("restore", "bpreg.sqlite", "--registry", "other.sqlite", "--json")
        #expect(try taken.json["changed"] == true, "\(taken.errors)")
        let again = try bench.run("restore", "bpreg.sqlite", "--registry", "other.sqlite", "--json")
        #expect(try again.json["changed"] == false, "\(again.errors)")
        #expect(try bench.run("log", "1", "--registry", "other.sqlite").output.contains("restored; it was run 1"))
        let log = try bench.run("log", "--registry", "other.sqlite", "--json").json.array ?? []
        let times = log.compactMap { $0["at"]?.string }
        #expect(!times.isEmpty && times == times.sorted())
        let there = try bench.run("show", "points:1", "--json", "--registry", "other.sqlite").json
        #expect(there == home)
    }
}
