public import BPStore

extension Registry {
    /// Checks everything in the registry at `path`: SQLite's structure, the schema, every row's seal, missing rows, the
    /// chain, and every stored byte against its hash. Changes nothing.
    /// - Returns: the findings, and the number of checked items. After a finding it checks the rest, as far as the file
    ///   allows.
    /// - Throws: if there is no registry of this schema: `none`, `unusable`, `foreign`, `schemaNewer`,
    ///   `schemaOlder`, `schemaEdited`, `damaged` (it cannot be opened), `log`, `replaced` (while it was read),
    ///   `inputOutput`, `busy`.
    package static func verify(
        at path: String, environment: RegistryEnvironment = .system
    ) throws(RegistryError) -> VerifyReport {
        try open(at: path, for: .reading, environment: environment).verify()
    }

    /// As `verify(at:)`, for an open registry, which may be in use meanwhile.
    public func verify() throws(RegistryError) -> VerifyReport {
        try withReader { store in
            let verifier = Verifier(store)
            verifier.checkAll()
            // The findings are about the file at the path.
            try store.checkPlace()
            return verifier.report
        }
    }

    /// A sample of `verify`: the rows of some runs, keyframes, versions and events, and some content, drawn by `seed`.
    /// - Parameters:
    ///   - count: the number of each.
    ///   - bytes: the number of bytes after which no more content is read.
    public func verifySample(
        count: Int = 16, bytes: Int = 64 << 20, seed: UInt64
    ) throws(RegistryError) -> VerifyReport {
        try withReader { store in
            let verifier = Verifier(store)
            verifier.checkSample(count: count, bytes: bytes, seed: seed)
            return verifier.report
        }
    }

    /// SQLite's quick check of the file's structure, one line per fault. It reads the whole file, table by table if the
    /// file is large and runs are training.
    public func quickCheck() throws(RegistryError) -> [String] {
        try withReader { try $0.quickCheck() }
    }
}

extension Verifier {
    /// A walk that checks the structure and the rules for runs.
    package convenience init(_ store: Store) { self.init(store, rules: Rules()) }
}
