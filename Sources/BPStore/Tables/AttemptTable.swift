import BPSQLite

/// A process that trains, or trained, a run.
package struct AttemptRow: Sendable, Equatable {
    package var run: Int
    package var number: Int
    package var segment: Int
    package var host: String
    package var boot: String
    package var pidNamespace: String
    package var pid: Int32
    package var processStart: Int64
    package var leaseUntil: Int64
    package var threads: Int
    package var instructionSet: String
    package var durability: Durability
    package var keep: String
    package var epochLimit: Int
    /// JSON.
    package var keyframePolicyJSON: String
    /// JSON.
    package var environmentJSON: String
    package var firstIteration: Int?
    package var lastIteration: Int?
    package var started: Int64
    package var ended: Int64?
    package var status: RunStatus?

    package init(
        run: Int, number: Int, segment: Int, host: String, boot: String, pidNamespace: String, pid: Int32,
        processStart: Int64, leaseUntil: Int64, threads: Int, instructionSet: String, durability: Durability,
        keep: String, epochLimit: Int, keyframePolicyJSON: String, environmentJSON: String, firstIteration: Int? = nil,
        lastIteration: Int? = nil, started: Int64, ended: Int64? = nil, status: RunStatus? = nil
    ) {
        self.run = run
        self.number = number
        self.segment = segment
        self.host = host
        self.boot = boot
        self.pidNamespace = pidNamespace
        self.pid = pid
        self.processStart = processStart
        self.leaseUntil = leaseUntil
        self.threads = threads
        self.instructionSet = instructionSet
        self.durability = durability
        self.keep = keep
        self.epochLimit = epochLimit
        self.keyframePolicyJSON = keyframePolicyJSON
        self.environmentJSON = environmentJSON
        self.firstIteration = firstIteration
        self.lastIteration = lastIteration
        self.started = started
        self.ended = ended
        self.status = status
    }
}

extension AttemptRow: SealedRow {
    package static let table = SealedTable(
        "attempt", key: ["run", "number"],
        [
            "segment", "host", "boot", "pid_namespace", "pid", "process_start", "lease_until", "threads",
            "instruction_set", "durability", "keep", "epoch_limit", "keyframe_policy", "environment",
            "first_iteration", "last_iteration", "started", "ended", "status",
        ])

    package init(_ columns: inout ColumnReader) throws {
        run = try columns.next()
        number = try columns.next()
        segment = try columns.next()
        host = try columns.next()
        boot = try columns.next()
        pidNamespace = try columns.next()
        pid = try columns.next()
        processStart = try columns.next()
        leaseUntil = try columns.next()
        threads = try columns.next()
        instructionSet = try columns.next()
        durability = try columns.next()
        keep = try columns.next()
        epochLimit = try columns.next()
        keyframePolicyJSON = try columns.next()
        environmentJSON = try columns.next()
        firstIteration = try columns.next()
        lastIteration = try columns.next()
        started = try columns.next()
        ended = try columns.next()
        status = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(run)
        columns.add(number)
        columns.add(segment)
        columns.add(host)
        columns.add(boot)
        columns.add(pidNamespace)
        columns.add(pid)
        columns.add(processStart)
        columns.add(leaseUntil)
        columns.add(threads)
        columns.add(instructionSet)
        columns.add(durability)
        columns.add(keep)
        columns.add(epochLimit)
        columns.add(keyframePolicyJSON)
        columns.add(environmentJSON)
        columns.add(firstIteration)
        columns.add(lastIteration)
        columns.add(started)
        columns.add(ended)
        columns.add(status)
    }
}

extension AttemptRow {
    /// The process.
    package var owner: Owner {
        Owner(host: host, boot: boot, pidNamespace: pidNamespace, pid: pid, processStart: processStart)
    }
}

/// The reads and writes of table `attempt`.
package struct AttemptTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(run: Int, number: Int) throws -> AttemptRow? { try store.find([run.stored, number.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(run: Int, number: Int) throws -> AttemptRow { try store.need([run.stored, number.stored]) }

    /// The attempts of a run, in order.
    package func all(ofRun run: Int) throws -> [AttemptRow] { try store.rows("WHERE run = ? ORDER BY number", [run]) }

    /// The attempt that recorded an iteration of a segment; nil if there is none.
    package func recording(_ iteration: Int, run: Int, segment: Int) throws -> AttemptRow? {
        try store.first(
            "WHERE run = ? AND segment = ? AND first_iteration <= ?3 AND last_iteration >= ?3",
            [run, segment, iteration])
    }

    /// Whether an attempt diverged in a segment.
    package func hasDiverged(run: Int, segment: Int) throws -> Bool {
        let row: AttemptRow? = try store.first(
            "WHERE run = ? AND segment = ? AND status = ?", [run, segment, RunStatus.diverged.rawValue])
        return row != nil
    }
}

extension Store {
    package var attempts: AttemptTable { AttemptTable(store: self) }
}
