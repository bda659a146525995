import Testing

@testable import BPReport

@Suite("Spellings")
struct SpellingTests {
    @Test(
        "distances between spellings",
        arguments: [("", "abc", 3), ("relu", "RELU", 0), ("kitten", "sitting", 3), ("train", "trian", 1)])
    func distances(_ first: String, _ second: String, _ distance: Int) {
        #expect(Spelling.distance(first, second) == distance)
    }
}
