import BPCore
import BPRegistry

/// Walks along the line of a run and gives the weights at any iteration of it, ascending at the price of an update each.
struct LineCursor {
    let run: Int
    let segment: Int
    /// The last iteration of the line.
    let last: Int
    private let line: [LineRecord]
    private let source: Registry
    private let threads: Int
    private var sources: [Int: RunSource] = [:]
    private var loop: (TrainingLoop, run: Int)?

    init(run: Int, segment: Int?, in source: Registry, threads: Int?) throws(RegistryError) {
        let record = try source.run(run)
        line = try source.line(ofRun: run, segment: segment)
        (self.run, self.segment, self.source) = (run, segment ?? record.headSegment, source)
        self.threads = threads ?? Attempt.processors
        last = line.last.map { max($0.last, $0.first - 1) } ?? 0
    }

    /// The network that the run trains.
    var network: Network {
        get throws { try RunSource.spec(source, run: run, anyNumerics: true).network }
    }

    /// The parameters after `iteration` updates, in canonical order.
    mutating func parameters(at iteration: Int) throws -> [Float] {
        let holder = line.holder(of: iteration) ?? (run, segment)
        let past = try self.source(ofRun: holder.run)
        if let (loop, run) = loop, run == holder.run, loop.state.iteration <= iteration {
            try past.advance(loop, to: iteration, segment: holder.segment)
            return loop.trainer.parameters
        }
        let restored = try past.restore(iteration, segment: holder.segment, threads: threads).loop
        loop = (restored, holder.run)
        return restored.trainer.parameters
    }

    private mutating func source(ofRun number: Int) throws -> RunSource {
        if let known = sources[number] { return known }
        let new = try RunSource(source, run: number)
        sources[number] = new
        return new
    }
}
