/// Names that the field uses for settings and values which have another name here. They are consulted before spellings
/// that are merely near: `--lr` is nearer to `--from` than to `--learning-rate`.
package enum CommonNames {
    /// The setting or option, with hyphens, that others call `name`; nil if there is none.
    package static func option(_ name: String) -> String? { options[plain(name)] }

    /// The value of an option that others call `value`; nil if there is none.
    package static func value(of option: String, _ value: String) -> String? { values[plain(option)]?[plain(value)] }

    /// The words of the command that others call `name`, such as `evaluate` for `score`; nil if there is none.
    package static func command(_ name: String) -> [String]? { commands[plain(name)] }

    /// Advice about an option that others have and bpreg does not; nil for other names.
    package static func advice(_ name: String) -> String? { missing[plain(name)] }

    /// Small letters and hyphens, without leading ones.
    private static func plain(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 }.drop { $0 == "-" })
    }

    private static let options = [
        "lr": "learning-rate", "eta": "learning-rate", "rate": "learning-rate", "step-size": "learning-rate",
        "learning-rate-init": "learning-rate", "alpha": "weight-decay", "l2": "weight-decay", "wd": "weight-decay",
        "decay": "weight-decay", "lambda": "weight-decay", "bs": "batch-size", "batch": "batch-size",
        "minibatch": "batch-size", "mini-batch": "batch-size", "label": "target", "y": "target",
        "target-column": "target", "name": "model", "model-name": "model", "layers": "hidden",
        "hidden-layers": "hidden", "hidden-layer-sizes": "hidden", "units": "hidden", "act": "activation",
        "nonlinearity": "activation", "criterion": "loss", "objective": "loss", "optim": "optimizer",
        "solver": "optimizer", "algorithm": "optimizer", "scheduler": "schedule", "lr-schedule": "schedule",
        "lr-scheduler": "schedule", "warmup-epochs": "warmup", "init": "initializer", "max-iter": "epochs",
        "max-epochs": "epochs", "num-epochs": "epochs", "n-epochs": "epochs", "iterations": "epochs",
        "random-state": "seed", "random-seed": "seed", "rng": "seed",
        "split-random-state": "split-seed", "data-seed": "split-seed", "tol": "tolerance", "eps": "epsilon",
        "val": "validation", "val-split": "validation", "validation-split": "validation",
        "validation-fraction": "validation", "test-size": "test", "test-split": "test", "workers": "threads",
        "num-workers": "threads", "n-jobs": "threads", "jobs": "threads", "exclude": "ignore", "drop": "ignore",
        "filter": "where", "query": "where", "order-by": "sort", "sort-by": "sort", "head": "limit", "top": "limit",
        "accuracy": "val-accuracy", "acc": "val-accuracy", "val-acc": "val-accuracy", "score": "val-score",
        "db": "registry", "database": "registry", "out": "output", "resume-from": "resume", "dtype": "type",
    ]

    private static let commands = [
        "fit": ["train"], "learn": ["train"], "resume": ["train", "--resume"], "continue": ["train", "--resume"],
        "fork": ["train", "--from"], "eval": ["evaluate"], "test": ["evaluate"], "score": ["evaluate"],
        "infer": ["predict"], "list": ["runs"], "ls": ["runs"], "experiments": ["runs"], "info": ["show"],
        "describe": ["show"], "status": ["runs"], "diff": ["compare"], "draw": ["plot"], "graph": ["plot"],
        "undo": ["rollback", "--undo"], "revert": ["rollback"], "checkout": ["rollback"], "rm": ["delete"],
        "remove": ["delete"], "clean": ["gc"], "vacuum": ["gc"], "prune": ["gc"], "check": ["verify"],
        "save": ["archive"], "load": ["restore"], "query": ["sql"], "copy": ["backup"], "upgrade": ["migrate"],
    ]

    private static let values = [
        "activation": activations, "output-activation": activations,
        "loss": [
            "mse": "half-squared-error", "squared-error": "half-squared-error", "l2": "half-squared-error",
            "mean-squared-error": "half-squared-error", "ce": "cross-entropy", "crossentropy": "cross-entropy",
            "xent": "cross-entropy", "nll": "cross-entropy", "log-loss": "cross-entropy", "logloss": "cross-entropy",
            "bce": "cross-entropy", "categorical-crossentropy": "cross-entropy",
            "binary-crossentropy": "cross-entropy",
        ],
        "optimizer": ["gd": "sgd", "gradient-descent": "sgd", "vanilla": "sgd"],
        "initializer": [
            "xavier": "glorot-uniform", "glorot": "glorot-uniform", "xavier-uniform": "glorot-uniform",
            "he": "he-uniform", "kaiming": "he-uniform", "kaiming-uniform": "he-uniform",
        ],
        "schedule": ["none": "constant", "fixed": "constant", "exp": "exponential", "cos": "cosine"],
        "task": [
            "classify": "classification", "classifier": "classification", "regress": "regression",
            "regressor": "regression",
        ],
        "keep": ["latest": "last", "final": "last", "top": "best"],
        "split": ["val": "validation", "valid": "validation", "dev": "validation", "training": "train"],
    ]

    private static let activations = ["logistic": "sigmoid", "linear": "identity", "none": "identity"]

    private static let missing = [
        "patience":
            "there is no patience: --keep best keeps the best epoch, and --tolerance ends a run that stands still",
        "early-stopping": "--keep best keeps the best epoch, and --tolerance ends a run that stands still",
        "note": "a note is added to a run or a version with bpreg note",
        "tag": "a tag is added to a run or a version with bpreg tag",
        "alias": "a version is named with bpreg alias", "dropout": "there is no dropout; --weight-decay regularizes",
        "l1": "there is no L1 penalty; --weight-decay is the L2 one",
        "delimiter": "the separator of a table is detected", "sep": "the separator of a table is detected",
        "device": "networks are computed on the processor alone", "gpu": "networks are computed on the processor alone",
    ]
}
