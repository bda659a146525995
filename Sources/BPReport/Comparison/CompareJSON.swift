package import BPJSON
import BPRegistry
package import BPTraining

/// A comparison as JSON; docs/json-output.md lists the members.
package enum CompareJSON {
    package static func members(_ comparison: Comparison, data: String?) -> [String: JSONValue] {
        let behaviour = comparison.behaviour
        let names = comparison.models.map(\.reference)
        let ranking = Ranking(comparison.models)
        var members: [String: JSONValue] = [
            "models": .array(comparison.models.map(model)), "settings": .array(comparison.settings.map(setting)),
            "comparable": .bool(ranking.ranksScores), "comparable_losses": .bool(ranking.ranksLosses),
            "differing": .array(ranking.differing.map(JSONValue.string)),
            "weights": .array(zip(names.dropFirst(), comparison.weights).map(weights)),
            "split": JSONValue(behaviour?.split), "data": JSONValue(data), "rows": JSONValue(behaviour?.rows),
            "notes": .array((behaviour?.notes ?? []).map(JSONValue.string)),
            "warnings": .array((behaviour?.warnings ?? []).map(JSONValue.string)),
            "no_behaviour": JSONValue(comparison.noBehaviour), "scores": .array([]), "pairs": .array([]),
        ]
        guard let behaviour else { return members }
        members["scores"] = .array(
            names.indices.map { index in
                var score = behaviour.scores[index].map { EvaluationText.members($0) } ?? ["loss": .null]
                score["rows"] = nil
                score["reference"] = .string(names[index])
                score["trained_on"] = JSONValue(behaviour.trainedOn[index])
                return .object(score)
            })
        members["pairs"] = .array(
            zip(names.dropFirst(), behaviour.pairs).map { name, found in found.map { pair(name, $0) } ?? .null })
        return members
    }

    private static func model(_ model: ComparedModel) -> JSONValue {
        let loaded = model.loaded
        return [
            "reference": .string(model.reference), "run": JSONValue(loaded.run), "segment": JSONValue(loaded.segment),
            "iteration": JSONValue(loaded.iteration), "epoch": JSONValue(loaded.epoch),
            "version": JSONValue(loaded.version?.name), "layers": loaded.model.network.json,
            "parameters": JSONValue(loaded.model.parameters.count), "weights_sha256": .string(loaded.weightsSHA256.hex),
            "epoch_loss": JSONValue(model.epoch?.loss), "val_loss": JSONValue(model.epoch?.validationLoss),
            "val_score": RecordJSON.score(model.epoch?.validationScore), "score_name": .string(model.spec.scoreName),
            "test": model.test ?? .null,
        ]
    }

    private static func setting(_ setting: ComparedSetting) -> JSONValue {
        [
            "name": .string(setting.name), "differs": .bool(setting.differs),
            "values": .array(setting.values.map(SettingText.json)),
        ]
    }

    private static func weights(_ name: String, _ weights: WeightsComparison) -> JSONValue {
        let layers = weights.layers.map { layer -> JSONValue in
            [
                "layer": JSONValue(layer.layer), "outputs": JSONValue(layer.outputs),
                "inputs": JSONValue(layer.inputs), "all": difference(layer.all),
                "weights": difference(layer.weights), "biases": difference(layer.biases),
            ]
        }
        return [
            "reference": .string(name), "identical": .bool(weights.areIdentical),
            "all": weights.all.map(difference) ?? .null, "by_layer": .array(layers),
            "notes": .array(weights.notes.map(JSONValue.string)),
        ]
    }

    private static func difference(_ found: ParameterDifference) -> JSONValue {
        [
            "parameters": JSONValue(found.count), "norm": .double(found.norm), "relative": JSONValue(found.relative),
            "largest": .double(found.largest), "cosine": JSONValue(found.cosine),
            "sign_flips": JSONValue(found.signFlips), "changed": JSONValue(found.changed),
            "changed_share": .double(found.changedShare),
        ]
    }

    private static func pair(_ name: String, _ pair: PairBehaviour) -> JSONValue {
        var members: [String: JSONValue] = [
            "reference": .string(name), "disagreements": JSONValue(pair.disagreements),
            "disagreement_share": .double(pair.disagreementShare),
            "furthest": .array(pair.rows.map(row)),
        ]
        switch pair.test {
        case .mcNemar(let test, let bothRight, let bothWrong):
            members["mcnemar"] = [
                "both_right": JSONValue(bothRight), "both_wrong": JSONValue(bothWrong),
                "only_base_right": JSONValue(test.onlyFirstRight), "only_other_right": JSONValue(test.onlySecondRight),
                "p": .double(test.pValue), "mid_p": .double(test.midPValue),
            ]
        case .pairedT(let test):
            members["paired_t"] = [
                "mean": .double(test.mean), "margin": defined(test.margin),
                "standard_error": defined(test.standardError), "t": defined(test.t),
                "degrees_of_freedom": JSONValue(test.degreesOfFreedom), "p": defined(test.pValue),
            ]
        }
        return .object(members)
    }

    /// null for NaN: a number that takes at least two rows.
    private static func defined(_ value: Double) -> JSONValue { value.isNaN ? .null : .double(value) }

    private static func row(_ row: PairBehaviour.RowDifference) -> JSONValue {
        var members: [String: JSONValue] = ["row": JSONValue(row.row), "distance": .double(row.distance)]
        for (key, value) in [("truth", row.truth), ("base", row.first), ("other", row.second)] {
            switch value {
            case .label(let name, let output, let isProbability):
                members[key] = .string(name)
                if let output { members[key + (isProbability ? "_probability" : "_output")] = .float(output) }
            case .number(let number): members[key] = .double(number)
            }
        }
        return .object(members)
    }
}
