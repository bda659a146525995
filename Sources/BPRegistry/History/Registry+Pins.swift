public import BPStore
import BPJSON
import BPSQLite

/// A point of a run to be pinned, with the state that was recomputed for it.
package struct NewPin: Sendable {
    /// The point.
    package var point: Point
    /// What it is called, for people.
    package var name: String?
    /// How many steps the optimizer has counted there.
    package var optimizerStep: Int
    /// All that a full keyframe holds: "parameters", and each optimizer slot.
    package var tensors: [NewTensor]

    /// A pin of this point.
    package init(point: Point, name: String? = nil, optimizerStep: Int, tensors: [NewTensor]) {
        (self.point, self.name, self.optimizerStep, self.tensors) = (point, name, optimizerStep, tensors)
    }
}

/// A point whose state is kept until it is unpinned: a full keyframe that is never thinned.
public struct PinRecord: Sendable, Equatable {
    /// The run that recorded it.
    public let run: Int
    /// The segment that recorded it.
    public let segment: Int
    /// The number of updates before the state.
    public let iteration: Int
    /// Its name; nil if it has none.
    public let name: String?
    /// Its creation time, in microseconds since 1970.
    package let created: Int64
}

extension Registry {
    /// Keeps the state of a point, of a run that may be alive, as a full keyframe of its own. It is pinned where it was
    /// recorded: a point before a fork in the parent's run, that where the fork begins in the fork.
    /// - Throws: `notFound` when there is no such point; `conflict` when it is pinned already, or when another state is
    ///   recorded there; `readOnly`, `diskFull`, `inputOutput`.
    package func pin(_ new: NewPin) throws(RegistryError) -> PinRecord {
        let check = { (store: Store, branch: Branch) in
            guard let row = try store.row(.pin, branch.pinKey) else { return }
            let name = try row.text("reason")
            throw RegistryError.conflict(
                place: "run \(branch.part.run)",
                what: "iteration \(branch.iteration) is pinned already" + (name.isEmpty ? "" : " as \(name)"))
        }
        return try keep(
            .full, HashedTensors(new.tensors), of: new.point, optimizerStep: new.optimizerStep, check: check
        ) { store, branch, keyframe, now in
            if var keyframe {
                keyframe["state"] = .text("complete")
                try store.update(keyframe)
                try store.addKeyframes(1, to: branch)
            }
            let key = branch.pinKey
            let row = TableRow(
                .pin,
                [
                    "run": key[0], "segment": key[1], "iteration": key[2], "reason": .text(new.name ?? ""),
                    "created": .integer(now),
                ])
            try store.insert(row)
            try store.updateRegistry { try $0.add(1, to: "pins") }
            let record = try PinRecord(row)
            try store.addEvent(.pinned, of: Subject.run(record.run), at: now, record.json)
            return record
        }
    }

    /// Takes a pin away, with its keyframe.
    /// - Throws: `notFound` when there is no such point, or when it is not pinned; `readOnly`, `diskFull`,
    ///   `inputOutput`.
    public func unpin(_ point: Point) throws(RegistryError) -> PinRecord {
        try writing { store in
            let branch = try store.branch(point)
            guard let row = try store.row(.pin, branch.pinKey) else {
                let places = try store.rows(.pin, "WHERE run = ? ORDER BY segment, iteration", [point.run])
                    .map { try "\(point.run).\($0.int("segment"))@iteration:\($0.int("iteration"))" }
                throw RegistryError.notFound(
                    reference: "\(point.run)@iteration:\(point.iteration)", what: "it is not pinned",
                    exists: places.isEmpty ? "run \(point.run) has no pin" : "pinned are " + list(places),
                    near: [])
            }
            let record = try PinRecord(row)
            let keyframes = try store.rows(
                .keyframe, "WHERE run = ? AND segment = ? AND iteration = ? AND role = 'pinned' AND state = 'complete'",
                branch.pinKey)
            for keyframe in keyframes { try store.deleteKeyframe(keyframe) }
            try store.addKeyframes(-keyframes.count, to: branch)
            try store.delete(row)
            try store.updateRegistry { try $0.add(-1, to: "pins") }
            try store.addEvent(.unpinned, of: Subject.run(record.run), at: environment.now(), record.json)
            return record
        }
    }

    /// The pins of what a run recorded, in order of segment and iteration.
    /// - Throws: `notFound` for a run that is not there.
    public func pins(ofRun number: Int) throws(RegistryError) -> [PinRecord] {
        try reading { store in
            _ = try store.runRow(number)
            return try store.rows(.pin, "WHERE run = ? ORDER BY segment, iteration", [number]).map { try PinRecord($0) }
        }
    }
}

extension Branch {
    /// The key of the pin of this place.
    fileprivate var pinKey: [SQLiteValue] { [.int(part.run), .int(part.segment), .int(iteration)] }
}

extension Store {
    fileprivate func addKeyframes(_ count: Int, to branch: Branch) throws {
        var segment = try need(.segment, [.int(branch.part.run), .int(branch.part.segment)])
        try segment.add(count, to: "keyframes")
        try update(segment)
    }
}

extension PinRecord {
    fileprivate init(_ row: TableRow) throws {
        let name = try row.text("reason")
        self.init(
            run: try row.int("run"), segment: try row.int("segment"), iteration: try row.int("iteration"),
            name: name.isEmpty ? nil : name, created: try row.int64("created"))
    }

    fileprivate var json: JSONValue {
        ["segment": JSONValue(segment), "iteration": JSONValue(iteration), "name": JSONValue(name)]
    }
}
