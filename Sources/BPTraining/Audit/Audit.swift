import BPCore
public import BPRegistry
import Dispatch
import Synchronization

/// Recomputes a run's history and compares it with the record: every loss, every epoch, every keyframe, bit for bit.
///
/// The line is cut at its full keyframes, and the stretches are recomputed side by side. That proves the record against
/// damage, mistakes and a machine that computes otherwise; it is no signature against somebody who trains anew.
public struct Audit: Sendable {
    /// How much is recomputed.
    public enum Extent: Sendable, Equatable {
        /// All of it.
        case full
        /// So many stretches, drawn by the seed.
        case sample(Int, seed: UInt64)
    }

    private let run: RunRecord
    private let segment: Int
    private let iterations: Int
    private let stretches: [AuditStretch]
    private let audited: [AuditStretch]

    /// Prepares the audit of the line that ends in the head of `run`, or in `segment`.
    /// - Parameter file: the data, where the registry keeps only their hash.
    /// - Throws: `TrainingError.numericsVersion` if another bpreg is needed; `RegistryError`, `DataError`.
    public init(
        run number: Int, segment: Int? = nil, extent: Extent = .full, in registry: Registry, file: DataFile? = nil
    ) throws {
        run = try registry.run(number)
        let lineSegment = segment ?? run.headSegment
        self.segment = lineSegment
        let stretches = try AuditStretch.all(ofRun: number, segment: lineSegment, in: registry, file: file)
        self.stretches = stretches
        iterations = stretches.last?.last ?? 0
        switch extent {
        case .full: audited = stretches
        case .sample(let count, let seed):
            guard count >= 1 else {
                throw TrainingError.setting(name: "sample", value: "\(count)", allowed: "at least 1")
            }
            // Where a run begins at a keyframe there is a stretch without an iteration: nothing to draw.
            let long = stretches.filter { $0.first < $0.last }
            audited = permutation(of: long.count, seed: seed, epoch: 1).prefix(count).sorted().map { long[Int($0)] }
        }
    }

    /// Recomputes.
    /// - Parameters:
    ///   - threads: how many stretches at once; all processors unless said.
    ///   - progress: told now and then how many iterations are done and how many there are, on another thread.
    /// - Throws: `RegistryError.damaged` if stored bytes do not match their seals or hashes; `RegistryError`, `CoreError`.
    public func run(
        threads: Int? = nil, progress: @escaping @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws -> AuditReport {
        let processors = threads ?? Attempt.processors
        let workers = max(1, min(processors, audited.count))
        let threadsEach = max(1, processors / workers)
        let work = audited
        let all = work.reduce(0) { $0 + $1.last - $1.first }
        let next = Atomic<Int>(0)
        let results = Mutex(Results())
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                // What lies beyond a difference does not matter any more.
                guard index < work.count, results.withLock({ !$0.isDecided(before: index) }) else { return }
                let result: Result<StretchResult, any Error>
                do {
                    result = .success(try work[index].recompute(threads: threadsEach))
                } catch { result = .failure(error) }
                let done = results.withLock {
                    $0.add(result, of: index, iterations: work[index].last - work[index].first)
                }
                progress(done, all)
            }
        }
        let found = results.withLock { $0 }
        if let (index, error) = found.failure, index < found.difference?.index ?? .max { throw error }
        return AuditReport(
            run: run.number, segment: segment, stretches: stretches.count, audited: work.count,
            iterations: found.iterations, lineIterations: iterations, epochs: found.epochs, keyframes: found.keyframes,
            difference: try found.difference.map {
                try work[$0].explained($1)
            })
    }

    /// What the workers found.
    private struct Results: Sendable {
        var iterations = 0
        var epochs = 0
        var keyframes = 0
        var done = 0
        var difference: (index: Int, StretchResult.Difference)?
        var failure: (index: Int, any Error)?

        /// Whether something before the stretch `index` ends the audit.
        func isDecided(before index: Int) -> Bool {
            min(difference?.index ?? .max, failure?.index ?? .max) < index
        }

        /// - Returns: how many iterations are done.
        mutating func add(
            _ result: Result<StretchResult, any Error>, of index: Int, iterations length: Int
        ) -> Int {
            switch result {
            case .success(let result):
                iterations += result.iterations
                epochs += result.epochs
                keyframes += result.keyframes
                if let found = result.difference, index < difference?.index ?? .max { difference = (index, found) }
            case .failure(let error): if index < failure?.index ?? .max { failure = (index, error) }
            }
            done += length
            return done
        }
    }
}

/// What recomputing one stretch gave.
struct StretchResult: Sendable {
    struct Difference: Sendable {
        let iteration: Int
        let subject: AuditDifference.Subject
    }

    let iterations: Int
    let epochs: Int
    let keyframes: Int
    let difference: Difference?
}

extension AuditStretch {
    /// Recomputes the stretch and compares.
    /// - Parameter instructionSet: the machine's best unless said.
    func recompute(
        threads: Int, instructionSet: InstructionSet? = nil
    ) throws -> StretchResult {
        let loop = try recorded.makeLoop(Attempt.compute(threads: threads, instructionSet))
        if isBeginning {
            try recorded.enterBeginning(loop)
        } else {
            try recorded.enterKeyframe(loop, segment: segment, atOrBefore: first)
        }
        var listener = try AuditListener(self)
        if isBeginning { listener.compareKeyframes(loop) }
        if listener.difference == nil, !listener.hasArrived(loop) {
            switch try loop.run(until: .max, listener: &listener) {
            case .halted, .epochLimit: break
            case .diverged where loop.state.iteration < last: listener.ended("diverges", at: loop.state.iteration)
            case .tolerance where !listener.hasArrived(loop):
                listener.ended("ends by its tolerance", at: loop.state.iteration)
            case .diverged, .tolerance: break
            }
            listener.compareKeyframes(loop)
        }
        let counts = listener.counts
        return StretchResult(
            iterations: counts.iterations, epochs: counts.epochs, keyframes: counts.keyframes,
            difference: listener.difference.map { .init(iteration: $0.iteration, subject: $0.subject) })
    }

    /// The difference with its likely cause. What is read fits its seals and hashes, or it would not have been read; so
    /// it remains who computed otherwise.
    func explained(_ found: StretchResult.Difference) throws -> AuditDifference {
        let instructionSet = try Attempt.compute(threads: 1).instructionSet
        var isPortablyReproduced = false
        if instructionSet != .portable {
            let portable = try recompute(threads: 1, instructionSet: .portable).difference
            isPortablyReproduced = portable.map { $0.iteration > found.iteration } ?? true
        }
        let cause =
            isPortablyReproduced
            ? "the portable instructions reproduce it, and the \(instructionSet.rawValue) instructions of this "
                + "machine do not: this processor, or its kernels in this bpreg, computes otherwise"
            : "all bytes fit their seals and hashes, and this machine computes the same with portable instructions: "
                + "it was recorded by a program or a machine that computed otherwise, or rewritten together with its seals"
        return AuditDifference(
            run: recorded.run.number, iteration: found.iteration, subject: found.subject, cause: cause)
    }
}
