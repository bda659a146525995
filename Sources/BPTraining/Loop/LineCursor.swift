import BPCore
import BPRegistry

/// Walks along the line of a run and gives the weights at any iteration of it, ascending at the price of an update each.
struct LineCursor {
    let run: Int
    let segment: Int
    /// The last iteration of the line.
    let last: Int
    private let line: [LineRecord]
    private let registry: Registry
    private let threads: Int
    private let given: GivenData
    private var runs: [Int: RecordedRun] = [:]
    private var loop: (TrainingLoop, run: Int)?

    /// - Parameter given: the data of the run, or of one of its line, if they were named.
    init(
        run: Int, segment: Int?, in registry: Registry, threads: Int?, given: GivenData = .none
    ) throws(RegistryError) {
        self.given = given
        let record = try registry.run(run)
        line = try registry.line(ofRun: run, segment: segment)
        (self.run, self.segment, self.registry) = (run, segment ?? record.headSegment, registry)
        self.threads = threads ?? Attempt.processors
        last = line.last.map { max($0.last, $0.first - 1) } ?? 0
    }

    /// The network that the run trains.
    var network: Network {
        get throws { try RecordedRun.spec(registry, run: run, anyNumerics: true).network }
    }

    /// The parameters after `iteration` updates, in canonical order.
    mutating func parameters(at iteration: Int) throws -> [Float] {
        let holder = line.holder(of: iteration) ?? (run, segment)
        let past = try recordedRun(holder.run)
        if let (loop, run) = loop, run == holder.run, loop.state.iteration <= iteration {
            try past.advance(loop, to: iteration, segment: holder.segment)
            return loop.trainer.parameters
        }
        let replayed = try past.replay(to: iteration, segment: holder.segment, threads: threads).loop
        loop = (replayed, holder.run)
        return replayed.trainer.parameters
    }

    private mutating func recordedRun(_ number: Int) throws -> RecordedRun {
        if let known = runs[number] { return known }
        let new = try RecordedRun(registry, run: number, given: given)
        runs[number] = new
        return new
    }
}
