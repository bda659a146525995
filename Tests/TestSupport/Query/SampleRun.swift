/// A run as the tests of queries know it, apart from any registry.
package struct SampleRun: Sendable {
    package let number: Int
    package private(set) var numbers: [String: Double] = [:]
    package private(set) var texts: [String: String] = [:]
    package private(set) var truths: [String: Bool] = [:]
    package private(set) var times: [String: Int64] = [:]
    package private(set) var ancestors: [Int] = []
    package private(set) var notes: [String] = []

    /// Random runs with the numbers from 1. A run that has not ended is running if its number is at most `living`,
    /// otherwise interrupted.
    package static func random(_ count: Int, living: Int, _ random: inout SplitMix64) -> [SampleRun] {
        var samples: [SampleRun] = []
        for number in 1...count {
            var sample = SampleRun(number: number)
            sample.texts["model"] = ["iris", "digits", "a_b"].randomElement(using: &random)
            sample.texts["status"] = number <= living ? "running" : "interrupted"
            sample.numbers["run"] = Double(number)
            sample.setSettings(&random)
            sample.setEnd(&random)
            sample.setMeasures(&random)
            sample.setParent(Int.random(in: 0..<3, using: &random) == 0 ? samples.randomElement(using: &random) : nil)
            sample.setAnnotations(&random)
            samples.append(sample)
        }
        return samples
    }

    private init(number: Int) { self.number = number }

    private mutating func setSettings(_ random: inout SplitMix64) {
        if Int.random(in: 0..<4, using: &random) > 0 {
            numbers["learning_rate"] = QueryTree.rates.randomElement(using: &random)
        }
        if Bool.random(using: &random) { texts["optimizer"] = QueryTree.words.randomElement(using: &random) }
        if Bool.random(using: &random) { truths["shuffle"] = Bool.random(using: &random) }
        // A number in some runs, text in others.
        if Bool.random(using: &random) {
            numbers["width"] = Double(Int.random(in: 0...3, using: &random))
        } else if Bool.random(using: &random) {
            texts["width"] = QueryTree.words.randomElement(using: &random)
        }
    }

    private mutating func setEnd(_ random: inout SplitMix64) {
        numbers["epochs"] = Double(Int.random(in: 0...3, using: &random))
        numbers["seconds"] = Double.random(in: 0...2, using: &random)
        guard Bool.random(using: &random) else { return }
        texts["status"] = ["finished", "failed"].randomElement(using: &random)
        texts["reason"] = QueryTree.words.randomElement(using: &random)
        times["ended"] = QueryTree.instants.randomElement(using: &random)
    }

    private mutating func setMeasures(_ random: inout SplitMix64) {
        for name in ["loss", "val_loss", "test_loss"] where Int.random(in: 0..<4, using: &random) > 0 {
            numbers[name] = Double(Float(QueryTree.rates.randomElement(using: &random) ?? 0))
        }
        // A registry has no minimum of NaN.
        if let loss = numbers["test_loss"], !loss.isNaN { numbers["min.test_loss"] = loss / 2 }
    }

    private mutating func setParent(_ parent: SampleRun?) {
        if let parent {
            ancestors = [parent.number] + parent.ancestors
            numbers["parent"] = Double(parent.number)
        }
        truths["forked"] = parent != nil
        numbers["root"] = Double(ancestors.last ?? number)
    }

    private mutating func setAnnotations(_ random: inout SplitMix64) {
        if Bool.random(using: &random) { texts["tag.draft"] = QueryTree.words.randomElement(using: &random) }
        notes = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in
            QueryTree.words.randomElement(using: &random)
        }
    }
}
