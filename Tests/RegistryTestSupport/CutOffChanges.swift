package import BPRegistry
import Foundation
import TestSupport

/// Changes of a registry, each on the result of those before. Wherever one is cut off, it must be there as a whole or not
/// at all.
package struct CutOffChanges: Sendable {
    package struct Change: Sendable {
        let name: String
        let run: @Sendable (Registry) throws -> Void

        package init(_ name: String, _ run: @escaping @Sendable (Registry) throws -> Void) {
            (self.name, self.run) = (name, run)
        }
    }

    private let changes: [Change]
    private let areRepeated: Bool
    /// The registry after each number of changes.
    private var states: [State] = []

    private struct State {
        /// Its file.
        let bytes: [UInt8]
        /// The results of reading it.
        let dump: String

        init(_ scratch: ScratchDirectory) {
            (bytes, dump) = (scratch.files.read("registry.sqlite"), CutOffChanges.dump(scratch.file()))
        }
    }

    private struct NoChange: Error { let name: String }

    /// - Parameters:
    ///   - path: the path of the closed registry to change; it is copied.
    ///   - areRepeated: whether a change that was cut off is made again, and must then have the same result.
    package init(_ changes: [Change], of path: String, areRepeated: Bool = false) throws {
        (self.changes, self.areRepeated) = (changes, areRepeated)
        let scratch = ScratchDirectory()
        scratch.files.write([UInt8](try Data(contentsOf: URL(filePath: path))), to: "registry.sqlite")
        states = [State(scratch)]
        for (index, change) in changes.enumerated() {
            try perform(index, scratch.file(), .off)
            let state = State(scratch)
            guard scratch.files.names == ["registry.sqlite"], state.dump != states[index].dump else {
                throw NoChange(name: change.name)
            }
            states.append(state)
        }
    }

    /// Makes a change in a process that finds the previous one dead.
    private func perform(_ index: Int, _ path: String, _ durability: Registry.Durability, done: () -> Void = {}) throws
    {
        let world = World(seed: UInt64(1_000 * (index + 1)))
        world.kill(100)
        world.become(200)
        let registry = try Registry.open(
            at: path, for: .writing, durability: durability, environment: world.environment)
        try changes[index].run(registry)
        done()
        try registry.close()
    }

    /// The results of reading a registry, except for durations.
    private static func dump(_ path: String) -> String { registryDump(path).replacing(/cost: [^,]*,/, with: "") }

    /// The fault of a registry in which change `index` was cut off; nil if it has none.
    /// - Parameter expected: the numbers of changes that it may have.
    private func fault(_ path: String, _ index: Int, expected: Range<Int>) throws -> String? {
        let found = try Registry.verify(at: path, environment: World().environment).findings
        if let first = found.first { return "\(found.count) findings, first \(first)" }
        let dump = Self.dump(path)
        guard let count = expected.first(where: { states[$0].dump == dump }) else {
            return "not the state after \(expected) changes"
        }
        guard areRepeated, count == index, index < changes.count else { return nil }
        try perform(index, path, .off)
        let after = try Registry.verify(at: path, environment: World().environment).findings
        if let first = after.first { return "made again: \(after.count) findings, first \(first)" }
        return Self.dump(path) == states[index + 1].dump ? nil : "made again: another result"
    }

    /// Lets writes of each change fail. A change that returned must be there, another one must not.
    /// - Parameter next: the number of the write to fail after this one.
    /// - Returns: the faults.
    package func failingWrites(next: (Int) -> Int) throws -> [String] {
        var faults: [String] = []
        var count = 0
        for (index, change) in changes.enumerated() {
            var isDone = false
            count += try Recorder.forEachFailingWrite(on: states[index].bytes, next: next) { path in
                isDone = false
                // A checkpoint while closing may fail: by then the change is safe in the log.
                try perform(index, path, .full) { isDone = true }
            } check: { path, nth in
                let after = isDone ? index + 1 : index
                if let fault = try fault(path, index, expected: after..<after + 1) {
                    faults.append("\(change.name), write \(nth), done: \(isDone): \(fault)")
                }
            }
        }
        print("\(count) failing writes")
        return faults
    }

    /// Cuts the power while all changes are made. A change that returned must be there.
    /// - Parameter what: the changes, to be printed.
    /// - Returns: the faults.
    package func powerCuts(_ what: String, seed: UInt64, every stride: Int) throws -> [String] {
        let scratch = ScratchDirectory()
        scratch.files.write(states[0].bytes, to: "registry.sqlite")
        let recording = try Recorder.record(in: scratch.path) {
            for index in changes.indices {
                try perform(index, scratch.file(), .full)
                Recorder.acknowledge(index + 1)
            }
        }
        var faults: [String] = []
        try PowerCut.forEachSample(of: recording, what, seed: seed, every: stride) { image in
            let done = image.acknowledged ?? 0
            if let fault = try fault(image.registry, done, expected: done..<min(done + 2, states.count)) {
                faults.append("\(image), seed \(seed): \(fault)")
            }
        }
        return faults
    }
}
