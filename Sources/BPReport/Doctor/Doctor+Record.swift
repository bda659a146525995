import BPRegistry
import BPTraining

// The record itself.
extension Doctor {
    /// The checks of an open registry, in their order.
    static let checksOfRecord: [Check] = [
        ("schema", { _, _ in [.ok("schema \(Registry.schemaVersion), which this bpreg knows")] }),
        ("log", { try $0.log($1) }),
        ("structure", { try $0.structure($1) }),
        ("seals", { try $0.seals($1) }),
        ("audit", { try $0.audit($1) }),
        ("runs", { try $0.runs($1) }),
        ("archives", { try $0.archives($1) }),
        ("garbage", { try $0.garbage($1) }),
        ("contents", { try $0.contents($1) }),
    ]

    /// The doctor leaves a stretch that takes more seconds than this to `audit`.
    private static let auditSeconds = 10.0

    func structure(_ registry: Registry) throws -> [Finding] {
        let faults = try registry.quickCheck()
        guard let first = faults.first else { return [.ok("SQLite's quick check finds nothing")] }
        return [
            .fail(
                "SQLite's quick check finds \(NumberText.counted(faults.count, "fault")), the first: \(first)",
                next: "bpreg verify\(hint)   # lists all damage; then use a backup")
        ]
    }

    func seals(_ registry: Registry) throws -> [Finding] {
        let report = try registry.verifySample(seed: .random(in: 0 ... .max))
        func count(_ name: String) -> Int { report.counts.first { $0.name == name }?.value ?? 0 }
        let looked =
            "\(NumberText.counted(count("row"), "row")) and \(NumberText.counted(count("tensor"), "tensor")) drawn at random"
        guard let first = report.findings.first else { return [.ok("\(looked) fit their seals and hashes")] }
        return [
            .fail(
                "of \(looked), \(report.findings.count) do not fit, the first: \(first)",
                next: "bpreg verify\(hint)   # lists all damage; then use a backup")
        ]
    }

    /// Recomputes one stretch of the newest run whose stretches are short.
    func audit(_ registry: Registry) throws -> [Finding] {
        let query = ListQuery(where: #"status in ("finished", "stopped", "interrupted")"#, limit: 20)
        let ended = try registry.runs(query).next().filter { $0.iterations > 0 }
        var reason = "no run has recorded anything"
        for run in ended {
            switch try audit(run, registry) {
            case .success(let finding): return [finding]
            case .failure(let why): reason = why.reason
            }
        }
        return [.ok("nothing was recomputed: \(reason)")]
    }

    /// The reason to recompute nothing of a run in passing.
    private struct NotAudited: Error {
        let reason: String
    }

    private func audit(_ run: RunRecord, _ registry: Registry) throws -> Result<Finding, NotAudited> {
        let estimate = try ReplayEstimate(run, in: registry)
        guard estimate.seconds <= Doctor.auditSeconds else {
            let time = NumberText.duration(seconds: estimate.seconds)
            return .failure(NotAudited(reason: "a stretch of run \(run.number) takes up to \(time)"))
        }
        let report: AuditReport
        do {
            let extent = Audit.Extent.sample(1, seed: .random(in: 0..<1 << 31))
            report = try Audit(run: run.number, extent: extent, in: registry).run()
        } catch {
            if let why = Doctor.reason(error) { return .failure(NotAudited(reason: why)) }
            throw error
        }
        guard let difference = report.difference else {
            let count = NumberText.counted(report.iterations, "iteration")
            return .success(.ok("\(count) of run \(run.number), recomputed, are as recorded"))
        }
        return .success(
            .fail(
                "run \(difference.run) is not reproduced at iteration \(difference.iteration): "
                    + "\(difference.subject); \(difference.cause)",
                next: "bpreg audit \(run.number)\(hint)", exit: .notReproducible))
    }

    /// Why an audit could not begin, where that is no fault.
    private static func reason(_ error: any Error) -> String? {
        switch error {
        case TrainingError.dataUnavailable(let run, _, _, _): "the data of run \(run) are kept as a hash only"
        case RegistryError.archived(let what, _, _): "the weights of \(what) are in an archive"
        case TrainingError.numericsVersion(let run, let needed):
            "run \(run) was computed by numerics version \(needed), which this bpreg does not have"
        default: nil
        }
    }

    func runs(_ registry: Registry) throws -> [Finding] {
        let waiting = try registry.runs(ListQuery(where: #"status = "interrupted""#, limit: 100)).next()
        let all = try registry.models().reduce(0) { $0 + $1.runCount }
        guard let newest = waiting.first else {
            return [.ok("\(NumberText.counted(all, "run")), none interrupted")]
        }
        let count = waiting.count == 100 ? "100 runs or more" : NumberText.counted(waiting.count, "run")
        return try clocks(of: waiting, registry) + [
            .warn(
                "\(count) of \(NumberText.grouped(all)) interrupted, the newest \(newest.number), "
                    + "at iteration \(NumberText.grouped(newest.iterations))",
                next: "bpreg train --resume \(newest.number)\(hint)")
        ]
    }

    /// Runs whose last process had a clock that was wrong: its lease is longer than bpreg gives one, and counts as none.
    private func clocks(of runs: [RunRecord], _ registry: Registry) throws -> [Finding] {
        let latest = registry.environment.latestLease
        return try runs.compactMap { run -> Finding? in
            guard let attempt = try registry.attempts(ofRun: run.number).last, attempt.ended == nil,
                attempt.leaseUntil > latest
            else { return nil }
            return .warn(
                "the lease of run \(run.number) ends at \(TimeText.plain(attempt.leaseUntil)), later than bpreg gives one: "
                    + "the clock of \(attempt.owner.host) is or was ahead; the lease counts as none",
                next: "bpreg train --resume \(run.number)\(hint)")
        }
    }

    /// Whether the archives that hold this registry's weights are still in their places. `inspect` checks their contents.
    func archives(_ registry: Registry) throws -> [Finding] {
        let archives = try registry.archives()
        if archives.isEmpty { return [] }
        let missing = archives.compactMap { archive -> Finding? in
            let what = "the weights of \(archive.subject) went to \(archive.place), "
            let back = "bpreg restore WHERE-IT-IS-NOW\(hint)   # brings them back"
            guard let bytes = FileFacts(path: archive.place).bytes else {
                return .warn(what + "which is not there, nor beside the registry", next: back)
            }
            guard bytes != archive.bytes else { return nil }
            let found = NumberText.grouped(bytes)
            return .warn(what + "which has \(found) bytes, not \(NumberText.grouped(archive.bytes))", next: back)
        }
        guard missing.isEmpty else { return missing }
        let count = NumberText.counted(archives.count, "archive")
        return [.ok("\(count) of weights that are not here, each there in its full length")]
    }

    func garbage(_ registry: Registry) throws -> [Finding] {
        let report = try registry.garbage()
        let space = try registry.space()
        let bytes = report.kinds.reduce(space.free) { $0 + $1.bytes }
        let what =
            report.isEmpty && space.free == 0
            ? "nothing to free"
            : "gc would free \(NumberText.bytes(Double(bytes))) of \(NumberText.bytes(Double(space.file)))"
        let kept = report.deletions.count
        let ends = kept == 0 ? "" : ", after which \(NumberText.counted(kept, "deletion")) can no longer be undone"
        guard bytes > 1 << 20, bytes > space.file / 5 else { return [.ok(what + ends)] }
        return [.warn(what + ends, next: "bpreg gc\(hint)")]
    }

    func contents(_ registry: Registry) throws -> [Finding] {
        let space = try registry.space()
        let kinds = [
            ("keyframes", space.keyframes), ("versions", space.versions), ("datasets", space.datasets),
            ("losses", space.losses), ("deletions", space.deletions), ("unreferenced", space.unreferenced),
            ("free", space.free), ("rows", space.rest),
        ].filter { $0.1 > 0 }
        let text = kinds.map { "\($0.0) \(NumberText.bytes(Double($0.1)))" }.joined(separator: ", ")
        return [.ok("\(NumberText.bytes(Double(space.file))): \(text)")]
    }
}
