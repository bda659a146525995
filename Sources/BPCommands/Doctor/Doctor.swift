import BPRegistry
import BPTraining

/// Looks at a registry from outside to inside: SQLite, the file, the schema, contents, runs. A broken registry makes it
/// report, and never fail.
struct Doctor {
    /// What was found.
    struct Finding: Equatable {
        enum Status: String {
            case ok
            case warn
            case fail
        }

        let check: String
        let status: Status
        /// In words, without a full stop.
        let what: String
        /// What mends it.
        var next: String?
        /// The exit code that a failure has.
        var exit = ExitStatus.damaged
    }

    let option: RegistryOption
    var path: String { option.path }
    var hint: String { option.hint }

    init(_ option: RegistryOption) { self.option = option }

    /// All findings, in the order of the checks.
    func examine() -> [Finding] {
        let facts = FileFacts(path: path)
        var findings = sqlite() + file(facts) + fileSystem(facts)
        let registry: Registry
        do { registry = try Registry.open(at: path, for: .reading) } catch {
            return findings + [failed("registry", error)]
        }
        defer { try? registry.close() }
        findings += attempt("schema") { [ok("schema", "schema \(Registry.schemaVersion), which this bpreg knows")] }
        findings += attempt("log") { try log(facts, registry) }
        findings += attempt("structure") { try structure(registry) }
        findings += attempt("seals") { try seals(registry) }
        findings += attempt("audit") { try audit(registry) }
        findings += attempt("runs") { try runs(registry) }
        findings += attempt("archives") { try archives(registry) }
        findings += attempt("garbage") { try garbage(registry) }
        findings += attempt("contents") { try contents(registry) }
        return findings
    }

    // MARK: Findings

    func ok(_ check: String, _ what: String) -> Finding { Finding(check: check, status: .ok, what: what) }

    func warn(_ check: String, _ what: String, next: String) -> Finding {
        Finding(check: check, status: .warn, what: what, next: next)
    }

    /// A check that an error ended.
    func failed(_ check: String, _ error: any Error) -> Finding {
        let failure = Failure(error, registry: option, typed: ["doctor"])
        return Finding(check: check, status: .fail, what: failure.what, next: failure.next, exit: failure.status)
    }

    private func attempt(_ check: String, _ body: () throws -> [Finding]) -> [Finding] {
        do { return try body() } catch { return [failed(check, error)] }
    }
}
