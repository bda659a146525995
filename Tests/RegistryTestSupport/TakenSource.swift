package import BPJSON
package import BPRegistry
package import BPStore
package import BPTransfer

extension Registry {
    /// What an archive of it would hold.
    package func taken(_ selection: Subject = .all, withData: Bool = true) throws -> TakenSource {
        try withTransferSource(of: selection, withData: withData) { try TakenSource($0) }
    }
}

/// A source in memory, which tests change.
package struct TakenSource: TransferSource {
    package var document: JSONValue
    package var parts: [TransferPart]
    package var bytes: [TransferPart.Name: [UInt8]] = [:]
    /// An error that reading a part ends with.
    package var failure: (any Error)?

    package init(_ source: any TransferSource) throws {
        document = source.document
        parts = source.parts
        for part in parts {
            var all: [UInt8] = []
            try source.read(part) { all.append(contentsOf: $0) }
            bytes[part.name] = all
        }
    }

    package func read(_ part: TransferPart, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        if let failure { throw failure }
        let all = bytes[part.name] ?? []
        for start in stride(from: 0, to: all.count, by: 1 << 20) {
            try Array(all[start..<min(all.count, start + 1 << 20)]).withUnsafeBytes(body)
        }
    }

    /// As a file would give it back: through its text.
    package func reread() throws -> TakenSource {
        var copy = self
        copy.document = try JSONValue(parsing: document.serialized)
        return copy
    }
}

extension Bench {
    /// A registry with everything that a document can hold: runs with rollbacks, one undone, a fork of a superseded line and
    /// a fork of that, one that was killed and one that is alive, versions of several models, aliases, tags, notes, pins.
    package static func rich(seed: UInt64 = 1) throws -> Bench {
        let bench = try Bench(seed: seed)
        let registry = bench.registry
        try bench.finishedRun()
        let long = try bench.interruptedRun(9_000, model: "long")
        _ = try bench.rollBack("1@iteration:25")
        try bench.goOn(1, by: 30)
        _ = try bench.rollBack("1@iteration:40")
        _ = try registry.undoRollback(ofRun: 1)
        _ = try bench.rollBack("\(long)@iteration:5000")
        let fork = try bench.fork("1.1@iteration:45", model: "forked")
        let start = try fork.stage(fullKeyframe(45, role: .start), tensors: fullTensors(45))
        try fork.commit(RunCommit(losses: losses(46, 60), epochs: [makeEpoch(5), makeEpoch(6)], keyframes: [start]))
        try fork.close()
        let second = try bench.fork("\(fork.run)@iteration:50", iterationsPerEpoch: 5)
        try second.commit(RunCommit(losses: [.nan, -.infinity, -0.0]))
        _ = try bench.pin("\(long)@iteration:20", name: "good")
        _ = try bench.version("1.1@iteration:10", model: "hand")
        let first = try registry.version(ofModel: "iris", 1)
        _ = try registry.createVersion(
            NewManualVersion(model: "iris", origin: .version(first), metricsJSON: "{}"))
        _ = try registry.setCurrent(1, ofModel: "iris")
        _ = try registry.undoSetCurrent(ofModel: "iris")
        _ = try registry.setAlias("production", to: 1, ofModel: "iris")
        _ = try registry.setTag("kind", to: "demo \u{1F600}", of: .run(1))
        _ = try registry.addNote("on a version", to: .version(model: "iris", number: 1))
        _ = try registry.addNote("on a run", to: .run(1))
        _ = try registry.editNote(1, to: "of a version")
        _ = try registry.removeNote(2)
        _ = try registry.addNote("another", to: .run(2))
        // The second fork goes on, for all that anybody can see.
        return bench
    }

    /// Another registry, empty.
    package static func elsewhere(seed: UInt64 = 77) throws -> (scratch: Scratch, registry: Registry) {
        let scratch = try Scratch()
        let registry = try Registry.open(
            at: scratch.path, for: .creating, durability: .off,
            environment: World(seed: seed, scratch: scratch).environment)
        return (scratch, registry)
    }
}

extension JSONValue {
    /// A document, but for what is of one registry alone: its name, the numbers of events, and that something was restored.
    package var comparable: JSONValue {
        guard var top = object else { return self }
        (top["registry"], top["created"]) = (nil, nil)
        return JSONValue.object(top).withoutNumbers
    }

    private var withoutNumbers: JSONValue {
        switch self {
        case .array(let elements):
            .array(elements.filter { $0["kind"]?.string != "restored" }.map(\.withoutNumbers))
        case .object(var members):
            {
                if members["detail"] != nil {
                    members["id"] = nil
                    let detail = members["detail"]?.string.flatMap { try? JSONValue(parsing: $0) }
                    if var detail = detail?.object, detail["event"] != nil {
                        detail["event"] = nil
                        members["detail"] = .object(detail)
                    }
                }
                return .object(members.mapValues(\.withoutNumbers))
            }()
        case .double(let value): Int64(exactly: value).map { .integer($0) } ?? self
        default: self
        }
    }
}

/// A step on the way to a place in a document.
package enum RecordStep: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case member(String)
    case element(Int)

    package init(stringLiteral value: String) { self = .member(value) }
    package init(integerLiteral value: Int) { self = .element(value) }
}

extension JSONValue {
    /// The same with another value at a place; nil takes it away.
    package func changing(_ path: ArraySlice<RecordStep>, _ change: (JSONValue) -> JSONValue?) -> JSONValue? {
        guard let step = path.first else { return change(self) }
        switch (step, self) {
        case (.member(let name), .object(var members)):
            members[name] = (members[name] ?? .null).changing(path.dropFirst(), change)
            return .object(members)
        case (.element(let index), .array(var elements)) where elements.indices.contains(index):
            if let new = elements[index].changing(path.dropFirst(), change) {
                elements[index] = new
            } else {
                elements.remove(at: index)
            }
            return .array(elements)
        default: return self
        }
    }

    /// The value at a place.
    package subscript(path path: [RecordStep]) -> JSONValue? {
        path.reduce(self) { (value: JSONValue?, step) in
            switch step {
            case .member(let name): value?[name]
            case .element(let index):
                value?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
        }
    }

    /// The ways to all values in it.
    package var paths: [[RecordStep]] {
        switch self {
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { name, value in
                [[.member(name)]] + value.paths.map { [.member(name)] + $0 }
            }
        case .array(let elements):
            elements.enumerated().flatMap { index, value in
                [[.element(index)]] + value.paths.map { [.element(index)] + $0 }
            }
        default: []
        }
    }
}

extension TakenSource {
    /// The same with another value at a place of its document; nil takes it away.
    package func with(_ path: [RecordStep], _ value: JSONValue?) -> TakenSource {
        changing(path) { _ in value }
    }

    package func changing(_ path: [RecordStep], _ change: (JSONValue) -> JSONValue?) -> TakenSource {
        var copy = self
        copy.document = document.changing(path[...], change) ?? .null
        return copy
    }

    /// The same with other bytes in the first part that `isMeant`.
    package func changingBytes(of isMeant: (TransferPart.Name) -> Bool, _ change: (inout [UInt8]) -> Void)
        -> TakenSource
    {
        var copy = self
        if let name = parts.map(\.name).first(where: isMeant), var part = copy.bytes[name] {
            change(&part)
            copy.bytes[name] = part
        }
        return copy
    }
}
