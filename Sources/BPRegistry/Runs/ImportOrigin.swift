package import BPStore
package import BPJSON

/// The file of another program from which weights were imported.
package struct ImportOrigin: Sendable, Equatable {
    /// Its name, without folders.
    package var file: String
    /// SHA-256 over its bytes.
    package var sha256: SHA256Digest
    /// Its format: `safetensors`, `npz`.
    package var format: String

    /// A file of this name, content and format.
    package init(file: String, sha256: SHA256Digest, format: String) {
        (self.file, self.sha256, self.format) = (file, sha256, format)
    }

    /// `{file, sha256, format}`, as stored in events and versions.
    package var json: JSONValue {
        ["file": .string(file), "sha256": .string(sha256.hex), "format": .string(format)]
    }
}
