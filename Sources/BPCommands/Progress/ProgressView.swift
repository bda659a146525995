import BPReport
import BPTraining

/// The progress line as a function of what there is to say and the room there is.
enum ProgressView {
    /// One line of at most `width` columns: a bar, and beside it as many facts as fit, the chief ones first.
    static func line(_ snapshot: TrainingProgress, width: Int) -> String {
        var facts = facts(snapshot)
        let narrowestBar = 12
        func length() -> Int { facts.reduce(-2) { $0 + 2 + DisplayWidth.of($1.text) } }
        while length() + 2 + narrowestBar > width,
            let least = facts.indices.max(by: { facts[$0].rank < facts[$1].rank }),
            facts[least].rank > 4
        {
            facts.remove(at: least)
        }
        let room = min(26, width - length() - 2)
        if room >= narrowestBar { return join([bar(snapshot, width: room)] + facts.map(\.text)) }
        while length() > width, let least = facts.indices.max(by: { facts[$0].rank < facts[$1].rank }), facts.count > 1
        {
            facts.remove(at: least)
        }
        return DisplayWidth.truncated(join(facts.map(\.text)), to: width)
    }

    /// How much of some work is done, in iterations.
    static func line(_ work: String, _ done: Int, of all: Int, width: Int) -> String {
        let share = NumberText.percent(all > 0 ? Double(done) / Double(all) : 0)
        return DisplayWidth.truncated(
            join(["\(work) \(share)", "\(NumberText.grouped(done))/\(NumberText.grouped(all)) iterations"]), to: width)
    }

    /// The same facts, all of them and no bar, for a log.
    static func plain(_ snapshot: TrainingProgress) -> String {
        join(facts(snapshot).map(\.text))
    }

    /// In the order in which they stand; the higher a rank, the sooner a narrow terminal goes without.
    private static func facts(_ snapshot: TrainingProgress) -> [(rank: Int, text: String)] {
        var facts = [(rank: 0, text: "epoch \(snapshot.epoch)/\(snapshot.epochs)")]
        if let loss = snapshot.loss { facts.append((1, "loss " + NumberText.brief(Double(loss)))) }
        if let loss = snapshot.validationLoss { facts.append((2, "val " + NumberText.brief(Double(loss)))) }
        if snapshot.rate > 0 {
            facts.append((5, NumberText.rate(snapshot.rate) + " it/s"))
            let left = Double(max(0, snapshot.iterations - snapshot.iteration)) / snapshot.rate
            facts.append((4, NumberText.duration(seconds: left) + " left"))
        }
        if lags(snapshot) { facts.append((3, "recorded to \(NumberText.grouped(snapshot.acknowledged))")) }
        if snapshot.growth > 1e6 { facts.append((6, "registry +" + NumberText.bytes(snapshot.growth) + "/s")) }
        return facts
    }

    /// Whether the record is more than a second of training behind.
    private static func lags(_ snapshot: TrainingProgress) -> Bool {
        Double(snapshot.iteration - snapshot.acknowledged) > max(1, snapshot.rate)
    }

    private static func bar(_ snapshot: TrainingProgress, width: Int) -> String {
        let cells = width - 2
        let share = snapshot.iterations > 0 ? Double(snapshot.iteration) / Double(snapshot.iterations) : 0
        let full = Int(Double(cells) * min(1, max(0, share)))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: cells - full) + "]"
    }

    private static func join(_ texts: [String]) -> String { texts.joined(separator: "  ") }
}
