import BPJSON
import BPStore

/// A spaced keyframe of a run, which its budget may not allow.
package struct SpacedKeyframe: Sendable, Equatable {
    /// The row's key.
    package let id: Int
    /// Its iteration.
    package let iteration: Int
    /// Bytes of its tensors.
    package let bytes: Int

    package init(id: Int, iteration: Int, bytes: Int) {
        (self.id, self.iteration, self.bytes) = (id, iteration, bytes)
    }
}

/// Selects the spaced keyframes of a run to delete. The arguments are the policy of its last attempt and the spaced
/// keyframes on the run's line, by iteration; the result is the keys of those to delete.
package typealias KeyframeSurplus = (_ policyJSON: String, _ spaced: [SpacedKeyframe]) -> [Int]

/// Keeps the spaced keyframes of a run within a budget.
package enum KeyframeThinning {
    /// Bytes of spaced keyframes that a run may keep if its policy has no budget.
    package static let defaultBudget = 1 << 30

    /// The member of a recorded policy with the budget.
    package static let budgetMember = "budget_bytes"

    /// The keyframes beyond the budget of a recorded policy, which `gc` deletes.
    package static func surplus(_ policyJSON: String, _ spaced: [SpacedKeyframe]) -> [Int] {
        let policy = try? JSONValue(parsing: policyJSON)
        return surplus(of: spaced, budget: policy?[budgetMember]?.int ?? defaultBudget)
    }

    /// Selects those of `spaced` (by iteration) to delete so that the rest fits the budget. Each step selects the one
    /// whose deletion leaves the smallest gap in proportion to its distance from the newest. So the rest is dense near
    /// the end and ever sparser towards the beginning.
    package static func surplus(of spaced: [SpacedKeyframe], budget: Int) -> [Int] {
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
