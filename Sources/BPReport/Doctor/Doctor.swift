import BPRegistry
import BPSystem

/// Examines a registry from outside to inside: SQLite, the file, the schema, contents, runs. A broken registry makes it
/// report, and never fail.
///
/// A check is a method with its entry in `checksOfStorage` or `checksOfRecord`.
package struct Doctor {
    /// An observation of one check.
    package struct Finding: Equatable {
        package enum Status: String {
            case ok
            case warn
            case fail
        }

        /// The check that made it.
        package fileprivate(set) var check = ""
        package let status: Status
        /// The observation in words, without a full stop.
        package let what: String
        /// The command that fixes it.
        package let next: String?
        /// The exit code of a failure.
        package let exit: ExitStatus

        static func ok(_ what: String) -> Finding {
            Finding(status: .ok, what: what, next: nil, exit: .done)
        }

        static func warn(_ what: String, next: String) -> Finding {
            Finding(status: .warn, what: what, next: next, exit: .done)
        }

        static func fail(_ what: String, next: String?, exit: ExitStatus = .damaged) -> Finding {
            Finding(status: .fail, what: what, next: next, exit: exit)
        }

        private init(status: Status, what: String, next: String?, exit: ExitStatus) {
            (self.status, self.what, self.next, self.exit) = (status, what, next, exit)
        }
    }

    /// A check of the open registry, by the name that findings have.
    typealias Check = (name: String, examine: @Sendable (Doctor, Registry) throws -> [Finding])

    let location: RegistryLocation
    let facts: FileFacts
    /// The size of the file once its log has been moved into it, as all commands report it; nil if it cannot be opened.
    private(set) var size: Int?
    var path: String { location.path }
    var hint: String { location.hint }

    package init(_ location: RegistryLocation) {
        self.location = location
        // Log and folder are those of the file itself.
        facts = FileFacts(path: FilePath.followed(location.path))
    }

    /// All findings, in the order of the checks.
    package func examine() -> [Finding] {
        let opened = Result { try Registry.open(at: path, for: .reading) }
        var doctor = self
        doctor.size = try? opened.get().fileSize()
        return doctor.examine(opened)
    }

    private func examine(_ opened: Result<Registry, any Error>) -> [Finding] {
        var findings: [Finding] = []
        func add(_ name: String, _ body: () throws -> [Finding]) {
            let found: [Finding]
            do { found = try body() } catch {
                let failure = Failure(error, registry: location, typed: ["doctor"])
                found = [.fail(failure.what, next: failure.advice, exit: failure.status)]
            }
            findings += found.map { finding in
                var finding = finding
                finding.check = name
                return finding
            }
        }
        for check in Doctor.checksOfStorage { add(check.name) { check.examine(self) } }
        var registry: Registry?
        add("registry") {
            registry = try opened.get()
            return []
        }
        guard let registry else { return findings }
        defer { try? registry.close() }
        for check in Doctor.checksOfRecord { add(check.name) { try check.examine(self, registry) } }
        return findings
    }
}
