import BPJSON
import BPStore

/// A loss by which versions of a model are ranked.
public enum VersionMeasure: String, Sendable {
    /// The loss on the validation rows, as it was when the version was made.
    case validationLoss = "val_loss"
    /// The loss on the test rows, for versions without a validation split.
    case testLoss = "test_loss"
}

/// How the current version of a model compares with the others. Only versions with the same validation and test rows and
/// the same loss function are compared (`Comparability`).
public struct ModelStanding: Sendable, Equatable {
    /// The loss by which they are compared; nil if the current version has none.
    public let measure: VersionMeasure?
    /// That loss of the current version.
    public let current: Double?
    /// The number of versions, the current one included, that can be compared with it.
    public let comparable: Int
    /// The best of them: the lowest loss, the lowest number on ties; nil if there is no other one to compare with.
    public let best: Best?

    /// The best version.
    public struct Best: Sendable, Equatable {
        /// Its number.
        public let version: Int
        /// Its loss.
        public let loss: Double
    }
}

/// A version that a training made, beside the one that was current before, by a loss on the same rows.
public struct VersionStep: Sendable, Equatable {
    /// The loss.
    public let measure: VersionMeasure
    /// The version that was made: `iris:4`.
    public let made: String
    /// Its loss.
    public let loss: Double
    /// The version that was current before.
    public let previous: String
    /// Its loss.
    public let previousLoss: Double
}

extension SnapshotReading {
    /// The standing of each model with a current version, by the model's name.
    public func standings() throws(RegistryError) -> [String: ModelStanding] {
        try reading { store in
            let losses = Dictionary(grouping: try store.versions.losses(), by: \.model)
            let grounds = try Comparability.all(
                ofRuns: Array(Set(losses.values.flatMap { $0.map(\.run) })), in: store)
            var standings: [String: ModelStanding] = [:]
            for model in try store.models.all() {
                let versions = losses[model.id] ?? []
                guard let current = versions.first(where: { $0.number == model.currentVersion }) else { continue }
                standings[model.name] = ModelStanding(current, among: versions, grounds)
            }
            return standings
        }
    }

    /// The version `number` of a model, which is current, beside the one that was current before. nil if there was none,
    /// or if the two have no loss that can be compared.
    public func step(to number: Int, ofModel name: String) throws(RegistryError) -> VersionStep? {
        try reading { store in
            let model = try Models(store).model(name)
            guard let event = try store.events.last(.current, of: .model(model.name)) else { return nil }
            let detail = try JSONValue(parsing: event.detailJSON)
            guard detail["to"]?.int == number, let previous = detail["from"]?.int else { return nil }
            let versions = try store.versions.losses(ofModel: model.id)
            guard let new = versions.first(where: { $0.number == number }),
                let old = versions.first(where: { $0.number == previous })
            else { return nil }
            let grounds = try Comparability.all(ofRuns: [new.run, old.run], in: store)
            guard let ground = grounds[new.run], ground == grounds[old.run] else { return nil }
            guard let (measure, loss) = new.ranked, let oldLoss = old.loss(measure) else { return nil }
            return VersionStep(
                measure: measure, made: "\(model.name):\(number)", loss: loss,
                previous: "\(model.name):\(previous)", previousLoss: oldLoss)
        }
    }
}

extension ModelStanding {
    fileprivate init(_ current: VersionLosses, among versions: [VersionLosses], _ grounds: [Int: Comparability]) {
        guard let (measure, loss) = current.ranked, let ground = grounds[current.run] else {
            self.init(measure: nil, current: nil, comparable: 0, best: nil)
            return
        }
        let ranked = versions.filter { grounds[$0.run] == ground }.compactMap { version in
            version.loss(measure).map { (number: version.number, loss: $0) }
        }
        let best = ranked.min { ($0.loss, $0.number) < ($1.loss, $1.number) }
        self.init(
            measure: measure, current: loss, comparable: ranked.count,
            best: ranked.count > 1 ? best.map { Best(version: $0.number, loss: $0.loss) } : nil)
    }
}

extension VersionLosses {
    /// The loss by which it is ranked.
    fileprivate var ranked: (measure: VersionMeasure, loss: Double)? {
        validation.map { (VersionMeasure.validationLoss, $0) } ?? test.map { (VersionMeasure.testLoss, $0) }
    }

    fileprivate func loss(_ measure: VersionMeasure) -> Double? {
        switch measure {
        case .validationLoss: validation
        case .testLoss: test
        }
    }
}
