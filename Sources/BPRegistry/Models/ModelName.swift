public import BPStore
import BPText

/// The name of a model, an alias or a tag: a letter of any script or `_`, then letters, marks on them, digits, `.`, `_` and
/// `-`, at most 128 characters, in Unicode's normalization form C.
public struct ModelName: Sendable, Hashable {
    /// The name as typed, in form C.
    public let text: String

    /// Longest name, in Unicode scalars.
    public static let maximumLength = 128

    /// Names with another meaning in a reference, which no alias may have.
    public static let reservedAliases = ["last", "best", "current"]

    /// Checks a name that a person typed.
    /// - Throws: `RegistryError.badName` with the fault.
    public init(_ text: String) throws(RegistryError) {
        let composed = ComposedText.of(text)
        if let fault = ModelName.fault(in: composed) { throw .badName(name: text, reason: fault) }
        self.text = composed
    }

    /// Checks a name for an alias: `last`, `best` and `current` are not allowed.
    /// - Throws: `RegistryError.badName` with the fault.
    public static func alias(_ text: String) throws(RegistryError) -> ModelName {
        let name = try ModelName(text)
        if reservedAliases.contains(text) { throw .badName(name: text, reason: "it means a point of a run") }
        return name
    }

    /// Whether `text` is this name to the byte, and not another spelling of it.
    package func isSpelled(_ text: String) -> Bool { self.text.utf8.elementsEqual(text.utf8) }

    /// The nearest valid name to `text`, which came from a file. Other characters become `_`, and a leading digit or
    /// sign gets one in front. The result equals `text` if that is already valid.
    public static func mended(_ text: String) -> ModelName {
        var mended = String.UnicodeScalarView(ComposedText.of(text).unicodeScalars.map { isInner($0) ? $0 : "_" })
        if let first = mended.first, !isFirst(first) { mended.insert("_", at: mended.startIndex) }
        return ModelName(unchecked: mended.isEmpty ? "model" : String(mended.prefix(maximumLength)))
    }

    // A scalar that became `_`, or an end that was cut off, may leave marks that compose anew.
    private init(unchecked text: String) { self.text = ComposedText.of(text) }

    private static func fault(in text: String) -> String? {
        let scalars = text.unicodeScalars
        guard let first = scalars.first else { return "it is empty" }
        guard isFirst(first) else { return "it must start with a letter or _" }
        if let odd = scalars.first(where: { !isInner($0) }) {
            return "it holds \(odd.escaped(asASCII: true).debugDescription); letters, digits, ., _ and - are allowed"
        }
        return scalars.count > maximumLength ? "it has \(scalars.count) characters, more than \(maximumLength)" : nil
    }

    private static func isFirst(_ scalar: Unicode.Scalar) -> Bool { scalar.isNameLetter || scalar == "_" }

    private static func isInner(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isNameScalar || scalar == "_" || scalar == "." || scalar == "-"
    }
}
