import BPStore
import BPSQLite

// What rows of each kind must satisfy beyond their seals.
extension Verifier {
    func checkSpec(_ row: TableRow) throws {
        if SHA256.hash(try row.text("json")) != (try row.digest("hash")) {
            found("spec", row.keyText, "it does not fit its hash")
        }
    }

    func checkDataset(_ row: TableRow) throws {
        guard try row.bool("complete") else { return }
        let columns = try store.rows(.datasetColumn, "WHERE dataset = ? ORDER BY position", [row["hash"]])
        var manifest = NewDataset(name: "", sourcePath: "", rowCount: try row.int("rows"), columns: [])
        for column in columns {
            manifest.columns.append(
                NewDataset.Column(name: try column.text("name"), type: try column.choice("type"), bytes: []))
            if try row.bool("stored") { try checkPresence(of: column.digest("sha256"), in: row) }
        }
        let hash = manifest.hash(ofColumns: try columns.map { try $0.digest("sha256") })
        if hash != (try row.digest("hash")) { found("dataset", row.keyText, "it does not fit its hash") }
    }

    func checkModel(_ row: TableRow) throws {
        let highest: Int = try store.connection.value(
            "SELECT coalesce(max(number), 0) FROM version WHERE model = ?", [row["id"]])
        if highest > (try row.int("last_version")) {
            found("model", row.keyText, "last_version is less than version \(highest)")
        }
    }

    /// The summary agrees with the line that ends in the head.
    func checkRun(_ row: TableRow) throws {
        let line = try store.line(run: row.int("id"), segment: row.int("head_segment"))
        let iterations = try row.int("iterations")
        if iterations != line.lastIteration {
            found("run", row.keyText, "iterations is \(iterations), its line ends in \(line.lastIteration)")
        }
        let epochs = try store.epochsEnded(line, at: line.lastIteration)
        if epochs != (try row.int("epochs")) {
            found("run", row.keyText, "epochs is \(try row.int("epochs")), its line has \(epochs)")
        }
        try checkSummary(row, line)
        try checkParent(row)
    }

    /// Epochs without a gap; the chain from its start to its end over all blocks.
    func checkSegment(_ row: TableRow) throws {
        let (run, number) = (try row.int("run"), try row.int("number"))
        let first = try row.int("first_epoch")
        let gaps: Int = try store.connection.value(
            """
            SELECT count(*) FROM epoch WHERE run = ?1 AND segment = ?2 AND (epoch < ?3 OR epoch >= ?3 + ?4
                OR iteration <> ?5 + (epoch - ?3 + 1) * ?6)
            """,
            [run, number, first, row["kept_epochs"], row["epoch_start"], row["iterations_per_epoch"]])
        if gaps > 0 { found("segment", row.keyText, "\(gaps) epochs are out of place") }
        let (blocks, losses) =
            try store.connection.first(
                "SELECT count(*), coalesce(sum(count), 0) FROM iteration_block WHERE run = ? AND segment = ?",
                [run, number]
            ) { (try $0.get(0, as: Int.self), try $0.get(1, as: Int.self)) } ?? (0, 0)
        let kept = try row.int("kept_iterations")
        if losses != kept { found("segment", row.keyText, "it keeps \(kept) iterations, its blocks hold \(losses)") }
        tally("iterations", losses)
        try checkStart(row)
        try checkGrid(row)
        if blocks == 0, kept == (try row.int("iterations")), row["chain_end"] != row["chain_start"] {
            found("segment", row.keyText, "its chain does not end where it starts")
        }
        if blocks > 0, kept == (try row.int("iterations")) {
            let last = try store.row(.block, [.int(run), .int(number), .int(blocks - 1)])
            if last?["chain"] != row["chain_end"] { found("segment", row.keyText, "its chain ends elsewhere") }
        }
    }

    /// The chain's start follows from the spec, the dataset and the parent.
    private func checkStart(_ row: TableRow) throws {
        let run = try store.need(.run, [row["run"]])
        let (spec, dataset) = (try run.digest("spec"), try run.digest("dataset"))
        var start = Chain.start(spec: spec, dataset: dataset)
        if let parentRun = try row.optionalInt("parent_run") {
            let parent = try store.need(.segment, [row["parent_run"], row["parent_segment"]])
            let first = try row.int("first_iteration")
            guard let chain = try store.chain(of: parent, before: first) else { return }
            start = Chain.start(
                spec: spec, dataset: dataset, parentRun: try store.need(.run, [.int(parentRun)]).uuid("uuid"),
                parentSegment: try parent.int("number"), firstIteration: first, parentChain: chain)
        }
        if start != (try row.digest("chain_start")) { found("segment", row.keyText, "its chain starts elsewhere") }
    }

    /// A block lies where its number says, is full unless it is the last, and continues the chain.
    func checkBlock(_ row: TableRow) throws {
        let (number, count) = (try row.int("block"), try row.int("count"))
        let losses = try row.blob("losses")
        let segment = try store.need(.segment, [row["run"], row["segment"]])
        let first = try segment.int("first_iteration") &+ number &* Store.blockLength
        let isLast = number == (try segment.int("kept_iterations") - 1) / Store.blockLength
        guard losses.count == 4 * count, try row.int("first_iteration") == first,
            isLast || count == Store.blockLength
        else { return found("iteration_block", row.keyText, "it lies elsewhere or has another length") }
        let previous =
            number == 0
            ? try segment.digest("chain_start")
            : try store.need(.block, [row["run"], row["segment"], .int(number - 1)]).digest("chain")
        let chain = Chain.next(
            after: previous, run: try store.need(.run, [row["run"]]).uuid("uuid"), segment: try row.int("segment"),
            firstIteration: first, losses: losses)
        if chain != (try row.digest("chain")) { found("iteration_block", row.keyText, "it breaks the chain") }
    }

    func checkKeyframe(_ row: TableRow) throws {
        guard try row.text("state") == "complete" else { return }
        for tensor in try store.tensorNames(of: row, .keyframeTensor) { try checkPresence(of: tensor.digest, in: row) }
        let segment = try store.need(.segment, [row["run"], row["segment"]])
        let first = try segment.int("first_iteration")
        let (iteration, length) = (try row.int("iteration"), try segment.int("iterations"))
        if iteration < first - 1 || iteration >= first &+ length {
            found("keyframe", row.keyText, "iteration \(iteration) is not in its segment")
        }
        guard try row.text("role") == KeyframeRole.pinned.rawValue else { return }
        if try store.row(.pin, [row["run"], row["segment"], row["iteration"]]) == nil {
            found("keyframe", row.keyText, "it is pinned, but there is no pin")
        }
    }

    func checkVersion(_ row: TableRow) throws {
        for tensor in try store.tensorNames(of: row, .versionTensor) { try checkPresence(of: tensor.digest, in: row) }
    }

    /// Something complete names a tensor, so all its chunks must be there, unless they are in an archive.
    func checkPresence(of digest: SHA256Digest, in row: TableRow) throws {
        let size = try store.connection.first("SELECT bytes FROM tensor WHERE sha256 = ?", [digest.bytes], as: Int.self)
        let parts: Int = try store.connection.value(
            "SELECT count(*) FROM tensor_chunk WHERE tensor = ?", [digest.bytes])
        guard let size else { return found(row.table.name, row.keyText, "tensor \(digest.short) is missing") }
        if parts != TensorPart.count(ofBytes: size), try store.tombstone(of: digest) == nil {
            found(row.table.name, row.keyText, "tensor \(digest.short) has \(parts) chunks")
        }
    }
}
