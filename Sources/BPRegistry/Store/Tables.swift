/// The sealed tables. Columns stand in the order in which the seal hashes them: append, never reorder.
extension Table {
    static let registry = Table(
        "registry", key: ["id"],
        [
            "uuid", "last_run", "last_model", "last_keyframe", "runs", "models", "specs", "datasets", "events", "tags",
            "notes", "pins", "created", "last_note", "archives",
        ],
        counts: [
            Count(column: "runs", table: "run", condition: "TRUE"),
            Count(column: "models", table: "model", condition: "TRUE"),
            Count(column: "specs", table: "spec", condition: "TRUE"),
            Count(column: "datasets", table: "dataset", condition: "TRUE"),
            Count(column: "events", table: "event", condition: "TRUE"),
            Count(column: "tags", table: "tag", condition: "TRUE"),
            Count(column: "notes", table: "note", condition: "TRUE"),
            Count(column: "pins", table: "pin", condition: "TRUE"),
            Count(column: "archives", table: "archive", condition: "TRUE"),
        ])

    static let dataset = Table(
        "dataset", key: ["hash"],
        ["name", "source_path", "rows", "columns", "bytes", "stored", "complete", "created"],
        counts: [Count(column: "columns", table: "dataset_column", condition: "child.dataset = parent.hash")])

    static let datasetColumn = Table(
        "dataset_column", key: ["dataset", "position"], ["name", "type", "sha256", "bytes"])

    static let spec = Table("spec", key: ["hash"], ["json"])

    static let model = Table(
        "model", key: ["id"],
        ["uuid", "name", "current_version", "last_version", "versions", "aliases", "runs", "created"],
        counts: [
            Count(column: "versions", table: "version", condition: "child.model = parent.id"),
            Count(column: "aliases", table: "alias", condition: "child.model = parent.id"),
            Count(column: "runs", table: "run", condition: "child.model = parent.id"),
        ])

    static let run = Table(
        "run", key: ["id"],
        [
            "uuid", "model", "spec", "dataset", "parent_run", "parent_segment", "parent_iteration",
            "iterations_per_epoch", "has_validation", "score_name", "head_segment", "fence", "segments", "attempts",
            "settings", "versions", "evaluations", "iterations", "epochs", "last_loss", "last_loss_bits",
            "loss", "loss_bits", "val_loss", "val_loss_bits", "val_score", "val_score_bits", "best_epoch",
            "best_iteration", "best_val_loss", "best_val_loss_bits", "seconds", "status", "reason", "created",
            "updated", "ended", "metrics",
        ],
        counts: ["segment", "attempt", "setting", "version", "evaluation", "metric"].map {
            Count(column: $0 + "s", table: $0, condition: "child.run = parent.id")
        })

    static let setting = Table("setting", key: ["run", "name"], ["kind", "number", "text"])

    static let metric = Table("metric", key: ["run", "name"], ["last", "last_bits", "best", "min", "max"])

    static let segment = Table(
        "segment", key: ["run", "number"],
        [
            "parent_run", "parent_segment", "first_iteration", "first_epoch", "epoch_start", "iterations_per_epoch",
            "step_origin", "iterations", "kept_iterations", "epochs", "kept_epochs", "keyframes", "chain_start",
            "chain_end", "created",
        ],
        counts: [
            Count(
                column: "kept_epochs", table: "epoch",
                condition: "child.run = parent.run AND child.segment = parent.number"),
            Count(
                column: "keyframes", table: "keyframe",
                condition: "child.run = parent.run AND child.segment = parent.number AND child.state = 'complete'"),
        ])

    static let attempt = Table(
        "attempt", key: ["run", "number"],
        [
            "segment", "host", "boot", "pid_namespace", "pid", "process_start", "lease_until", "threads",
            "instruction_set", "durability", "keep", "epoch_limit", "keyframe_policy", "environment",
            "first_iteration", "last_iteration", "started", "ended", "status",
        ])

    static let block = Table(
        "iteration_block", key: ["run", "segment", "block"], ["first_iteration", "count", "chain", "losses"])

    static let epoch = Table(
        "epoch", key: ["run", "segment", "epoch"],
        [
            "iteration", "loss", "loss_bits", "val_loss", "val_loss_bits", "val_score", "val_score_bits", "seconds",
        ])

    static let keyframe = Table(
        "keyframe", key: ["id"],
        [
            "run", "segment", "attempt", "iteration", "epoch", "kind", "role", "state", "optimizer_step",
            "tensors", "bytes", "cost", "created",
        ],
        counts: [Count(column: "tensors", table: "keyframe_tensor", condition: "child.keyframe = parent.id")])

    static let keyframeTensor = Table("keyframe_tensor", key: ["keyframe", "name"], ["tensor"])

    static let version = Table(
        "version", key: ["id"],
        [
            "uuid", "model", "number", "run", "attempt", "segment", "iteration", "epoch", "description", "metrics",
            "tensors", "created",
        ],
        counts: [Count(column: "tensors", table: "version_tensor", condition: "child.version = parent.id")])

    static let versionTensor = Table("version_tensor", key: ["version", "name"], ["tensor"])

    static let alias = Table("alias", key: ["model", "name"], ["version", "moved"])

    static let evaluation = Table(
        "evaluation", key: ["id"],
        ["run", "segment", "iteration", "version", "split", "loss", "loss_bits", "scores", "created"])

    static let pin = Table("pin", key: ["run", "segment", "iteration"], ["reason", "created"])
    static let tag = Table("tag", key: ["subject", "name"], ["value", "created"])
    static let note = Table("note", key: ["id"], ["subject", "text", "created"])
    static let event = Table("event", key: ["id"], ["at", "subject", "kind", "detail"])

    static let archive = Table(
        "archive", key: ["id"], ["path", "digest", "subject", "bytes", "tensors", "created"],
        counts: [Count(column: "tensors", table: "archived_tensor", condition: "child.archive = parent.id")])
    static let archivedTensor = Table("archived_tensor", key: ["tensor"], ["archive"])

    /// All of them, parents first.
    static let sealed: [Table] = [
        registry, dataset, datasetColumn, spec, model, run, setting, metric, segment, attempt, block, epoch, keyframe,
        keyframeTensor, version, versionTensor, alias, evaluation, pin, tag, note, event,
        archive, archivedTensor,
    ]
}
