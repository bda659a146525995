import Testing

@testable import BPText

@Suite("Suggestions for mistyped names")
struct NearNamesTests {
    @Test(
        "the nearest names come first, and at most a third of the letters differ",
        arguments: [
            ("SPECIES", ["species"]), ("speices", ["species"]), ("spcies", ["species"]), ("target", []), ("", []),
            ("c1", ["c1", "c2", "c10"]),
        ])
    func near(name: String, near: [String]) {
        #expect(NearNames.of(name, among: ["species", "c1", "c2", "c10", "c33"]) == near)
    }

    @Test(
        "distances between spellings",
        arguments: [("", "abc", 3), ("relu", "relu", 0), ("kitten", "sitting", 3), ("train", "trian", 1)])
    func distances(_ first: String, _ second: String, _ distance: Int) {
        #expect(NearNames.distance(Array(first.unicodeScalars), Array(second.unicodeScalars)) == distance)
    }

    @Test("a text of any length is answered at once")
    func long() {
        let long = String(repeating: "ab", count: 100_000)
        #expect(NearNames.of(long, among: [long + "c"]).isEmpty)
        #expect(NearNames.of("ab", among: [long]).isEmpty)
    }
}
