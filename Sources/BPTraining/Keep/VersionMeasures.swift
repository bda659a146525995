import BPJSON
import BPRegistry

/// What is known of a version's weights, as it is stored with the version.
struct VersionMeasures {
    /// Training loss of the epoch that ended there.
    var loss: Float?
    /// Mean loss on the validation split.
    var validationLoss: Float?
    /// The score on the validation split.
    var validationScore: Float?
    /// The measures on the test split.
    var test: Evaluation?
    /// How many epochs the run had when its end made the version; nil for one that a person made.
    var runEpochs: Int?

    /// Measures of the weights of an epoch's end.
    init(_ epoch: EpochRecord, test: Evaluation?, runEpochs: Int? = nil) {
        (loss, validationLoss, validationScore) = (epoch.loss, epoch.validationLoss, epoch.validationScore)
        (self.test, self.runEpochs) = (test, runEpochs)
    }

    /// Measures of weights inside an epoch, which have no training loss of an epoch.
    init(validation: (loss: Float, score: Float)?, test: Evaluation?) {
        (validationLoss, validationScore) = (validation?.loss, validation?.score)
        self.test = test
    }

    var json: JSONValue {
        var members = test?.json(split: "test").object ?? [:]
        members["loss"] = JSONValue(loss)
        members["val_loss"] = JSONValue(validationLoss)
        members["val_score"] = JSONValue(validationScore)
        members["run_epochs"] = runEpochs.map { JSONValue($0) }
        return .object(members)
    }
}

extension Evaluation {
    /// The measures as JSON, under the name of what was measured.
    func json(split: String) -> JSONValue {
        var members = scoresJSON.object ?? [:]
        members["loss"] = .float(loss)
        members["rows"] = JSONValue(rows)
        return .object([split: .object(members)])
    }
}
