import BPCore
import BPJSON
import BPRegistry

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
            KeyframeThinning.budgetMember: JSONValue(budget),
        ]
    }

    /// The policy that `options` ask for; what they leave out is as in `last`, an earlier attempt's record of its policy.
    init(_ options: AttemptOptions, last: String? = nil) {
        let recorded = last.flatMap { try? JSONValue(parsing: $0) }
        minimumSeconds =
            options.keyframeSeconds ?? recorded?["minimum_seconds"]?.number ?? TrainingDefaults.keyframeSeconds
        budget =
            options.keyframeBudget ?? recorded?[KeyframeThinning.budgetMember]?.int ?? TrainingDefaults.keyframeBudget
    }

    /// Whether one is due, `seconds` of training after the last, which cost `cost` seconds.
    func isDue(seconds: Double, cost: Double) -> Bool { seconds >= max(minimumSeconds, costFactor * cost) }

    /// A spaced keyframe that may be given up.
    typealias Spaced = SpacedKeyframe

    /// Which of `spaced` (by iteration) to give up so that the rest fits the budget.
    func surplus(_ spaced: [Spaced]) -> [Int] { KeyframeThinning.surplus(of: spaced, budget: budget) }
}

extension Optimizer {
    /// Bytes of a full keyframe: the parameters and each slot of the rule, as float32.
    func stateBytes(_ network: Network) -> Int { 4 * network.parameterCount * (1 + slotNames.count) }
}
