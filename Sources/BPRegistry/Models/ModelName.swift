public import BPStore

/// The name of a model, an alias or a tag: a letter or `_`, then letters, digits, `.`, `_` and `-`, at most 128.
public struct ModelName: Sendable, Hashable {
    /// The name as typed.
    public let text: String

    /// Longest name, in characters.
    public static let maximumLength = 128

    /// Names with another meaning in a reference, which no alias may have.
    public static let reservedAliases = ["last", "best", "current"]

    /// Checks a name that a person typed.
    /// - Throws: `RegistryError.badName` with the fault.
    public init(_ text: String) throws(RegistryError) {
        if let fault = ModelName.fault(in: text) { throw .badName(name: text, reason: fault) }
        self.text = text
    }

    /// Checks a name for an alias: `last`, `best` and `current` are not allowed.
    /// - Throws: `RegistryError.badName` with the fault.
    public static func alias(_ text: String) throws(RegistryError) -> ModelName {
        let name = try ModelName(text)
        if reservedAliases.contains(text) { throw .badName(name: text, reason: "it means a point of a run") }
        return name
    }

    /// The nearest valid name to `text`, which came from a file. Other characters become `_`, and a leading digit or
    /// sign gets one in front. The result equals `text` if that is already valid.
    public static func mended(_ text: String) -> ModelName {
        var mended = String(text.unicodeScalars.map { isInner($0) ? Character($0) : "_" })
        if let first = mended.unicodeScalars.first, !isFirst(first) { mended = "_" + mended }
        return ModelName(unchecked: mended.isEmpty ? "model" : String(mended.prefix(maximumLength)))
    }

    private init(unchecked text: String) { self.text = text }

    private static func fault(in text: String) -> String? {
        let scalars = text.unicodeScalars
        guard let first = scalars.first else { return "it is empty" }
        guard isFirst(first) else { return "it must start with a letter or _" }
        if let odd = scalars.first(where: { !isInner($0) }) {
            return "it holds \(odd.escaped(asASCII: true).debugDescription); letters, digits, ., _ and - are allowed"
        }
        return scalars.count > maximumLength ? "it has \(scalars.count) characters, more than \(maximumLength)" : nil
    }

    private static func isFirst(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }

    private static func isInner(_ scalar: Unicode.Scalar) -> Bool {
        isFirst(scalar) || ("0"..."9").contains(scalar) || scalar == "." || scalar == "-"
    }
}
