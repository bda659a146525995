import BPCore
import BPJSON
package import BPRegistry

/// When keyframes are placed, and which are given up to stay within a budget. Nothing of it influences the numbers.
struct KeyframePolicy: Equatable {
    /// Seconds of training between two keyframes, at least.
    var minimumSeconds: Double
    /// Seconds of training between two keyframes, at least, in units of what the last one cost.
    var costFactor = 50.0
    /// Bytes of spaced keyframes a run may keep.
    var budget: Int

    /// As the attempt records it.
    var json: JSONValue {
        [
            "minimum_seconds": .double(minimumSeconds), "cost_factor": .double(costFactor),
            "budget_bytes": JSONValue(budget),
        ]
    }

    /// The policy that `options` ask for; what they leave out is as in `last`, an earlier attempt's record of its policy.
    init(_ options: AttemptOptions, last: String? = nil) {
        let recorded = last.flatMap { try? JSONValue(parsing: $0) }
        minimumSeconds =
            options.keyframeSeconds ?? recorded?["minimum_seconds"]?.number ?? TrainingDefaults.keyframeSeconds
        budget = options.keyframeBudget ?? recorded?["budget_bytes"]?.int ?? TrainingDefaults.keyframeBudget
    }

    /// Whether one is due, `seconds` of training after the last, which cost `cost` seconds.
    func isDue(seconds: Double, cost: Double) -> Bool { seconds >= max(minimumSeconds, costFactor * cost) }

    /// A spaced keyframe that may be given up.
    struct Spaced: Equatable {
        let id: Int
        let iteration: Int
        let bytes: Int
    }

    /// Which of `spaced` (by iteration) to give up so that the rest fits the budget: again and again the one whose
    /// removal leaves the smallest gap in proportion to its distance from the newest, so that what stays is dense near
    /// the end and ever thinner behind.
    func surplus(_ spaced: [Spaced]) -> [Int] {
        var kept = spaced
        var total = kept.reduce(0) { $0 + $1.bytes }
        var surplus: [Int] = []
        while total > budget, kept.count > 1, let newest = kept.last {
            func weight(_ index: Int) -> Double {
                let before = index == 0 ? 0 : kept[index - 1].iteration
                return Double(kept[index + 1].iteration - before) / Double(newest.iteration - kept[index].iteration)
            }
            guard let index = (0..<kept.count - 1).min(by: { weight($0) < weight($1) }) else { break }
            total -= kept[index].bytes
            surplus.append(kept.remove(at: index).id)
        }
        return surplus
    }
}

/// What `gc` asks of a run's keyframes.
package enum KeyframeThinning {
    /// The spaced keyframes to give up, for `Registry.collectGarbage`: as training does, by the budget that the run's last
    /// attempt recorded.
    package static func surplus(_ policyJSON: String, _ spaced: [SpacedKeyframe]) -> [Int] {
        KeyframePolicy(AttemptOptions(), last: policyJSON)
            .surplus(spaced.map { KeyframePolicy.Spaced(id: $0.id, iteration: $0.iteration, bytes: $0.bytes) })
    }
}

extension Optimizer {
    /// Bytes of a full keyframe: the parameters and each slot of the rule, as float32.
    func stateBytes(_ network: Network) -> Int { 4 * network.parameterCount * (1 + slotNames.count) }
}
