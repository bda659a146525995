public import BPStore
public import BPJSON

/// The file of another program that weights came from.
public struct ImportOrigin: Sendable, Equatable {
    /// Its name, without folders.
    public var file: String
    /// SHA-256 over its bytes.
    public var sha256: SHA256Digest
    /// Its format: `safetensors`, `npz`.
    public var format: String

    /// A file of this name, content and format.
    public init(file: String, sha256: SHA256Digest, format: String) {
        (self.file, self.sha256, self.format) = (file, sha256, format)
    }

    /// `{file, sha256, format}`, as events and versions keep it.
    public var json: JSONValue {
        ["file": .string(file), "sha256": .string(sha256.hex), "format": .string(format)]
    }
}
