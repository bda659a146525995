import BPJSON
public import BPStore

/// A point of a run to be pinned, with the state that was recomputed for it.
package struct NewPin: Sendable {
    /// The point.
    package var point: Point
    /// Its name, for people.
    package var name: String?
    /// The number of steps that the optimizer has counted there.
    package var optimizerStep: Int
    /// The tensors of a full keyframe: "parameters", and each optimizer slot.
    package var tensors: [NewTensor]

    /// A pin of this point.
    package init(point: Point, name: String? = nil, optimizerStep: Int, tensors: [NewTensor]) {
        (self.point, self.name, self.optimizerStep, self.tensors) = (point, name, optimizerStep, tensors)
    }
}

extension SnapshotReading {
    /// The pins of the points that a run recorded, in order of segment and iteration.
    /// - Throws: `notFound` if there is no such run.
    public func pins(ofRun number: Int) throws(RegistryError) -> [PinRecord] {
        try reading { store in
            _ = try RunRow(named: number, in: store)
            return try store.pins.all(ofRun: number)
        }
    }
}

extension Registry {
    /// Keeps the state of a point, even while its run is alive, as a full keyframe of its own. The pin belongs to the
    /// run that recorded the point: before a fork the parent, at the fork's beginning the fork.
    /// - Throws: `notFound` if there is no such point; `conflict` if it is pinned already, if another pin of the run has the
    ///   name, or if another state is recorded there; `readOnly`, `diskFull`, `inputOutput`.
    package func pin(_ new: NewPin) throws(RegistryError) -> PinRecord {
        let check = { (store: Store, branch: Branch) in
            guard let pin = try branch.pin(in: store) else { return try branch.refusePin(named: new.name, in: store) }
            throw RegistryError.conflict(
                place: "run \(branch.part.run)",
                what: "iteration \(branch.iteration) is pinned already" + (pin.name.map { " as \($0)" } ?? ""))
        }
        return try keep(
            .full, HashedTensors(new.tensors), of: new.point, optimizerStep: new.optimizerStep, check: check
        ) { store, branch, keyframe, now in
            if var keyframe {
                keyframe.state = .complete
                try store.update(keyframe)
                try store.segments.addKeyframes(1, run: keyframe.run, number: keyframe.segment)
            }
            let name = new.name.flatMap { $0.isEmpty ? nil : $0 }
            let pin = PinRecord(
                run: branch.part.run, segment: branch.part.segment, iteration: branch.iteration, name: name,
                created: now)
            try store.insert(pin)
            try store.registry.update { $0.pins += 1 }
            try store.events.add(.pinned, of: .run(pin.run), at: now, pin.json)
            return pin
        }
    }

    /// Removes a pin, with its keyframe.
    /// - Throws: `notFound` if there is no such point, or if it is not pinned; `readOnly`, `diskFull`, `inputOutput`.
    public func unpin(_ point: Point) throws(RegistryError) -> PinRecord {
        try writing { store in
            let branch = try Branch(point, in: store)
            guard let pin = try branch.pin(in: store) else {
                let places = try store.pins.all(ofRun: point.run)
                    .map { "\(point.run).\($0.segment)@iteration:\($0.iteration)" }
                throw RegistryError.notFound(
                    reference: "\(point.run)@iteration:\(point.iteration)", what: "it is not pinned",
                    exists: places.isEmpty ? "run \(point.run) has no pin" : "its pins are " + list(places),
                    near: [])
            }
            let keyframes = try store.keyframes.at(pin.iteration, run: pin.run, segment: pin.segment)
                .filter { $0.role == .pinned && $0.state == .complete }
            for keyframe in keyframes { try store.keyframes.release(keyframe) }
            try store.segments.addKeyframes(-keyframes.count, run: pin.run, number: pin.segment)
            try store.delete(pin)
            try store.registry.update { $0.pins -= 1 }
            try store.events.add(.unpinned, of: .run(pin.run), at: environment.now(), pin.json)
            return pin
        }
    }
}

extension Branch {
    /// The pin of this place; nil if it is not pinned.
    fileprivate func pin(in store: Store) throws -> PinRecord? {
        try store.pins.find(run: part.run, segment: part.segment, iteration: iteration)
    }

    /// Refuses a name that another pin of the run has.
    fileprivate func refusePin(named name: String?, in store: Store) throws {
        guard let name, !name.isEmpty,
            let other = try store.pins.all(ofRun: part.run).first(where: { $0.name == name })
        else { return }
        throw RegistryError.conflict(
            place: "run \(part.run)",
            what: "its pin at \(part.run).\(other.segment)@iteration:\(other.iteration) has the name \(name) already")
    }
}

extension PinRecord {
    fileprivate var json: JSONValue {
        ["segment": JSONValue(segment), "iteration": JSONValue(iteration), "name": JSONValue(name)]
    }
}
