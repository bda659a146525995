#if canImport(CryptoKit)
    import CryptoKit
    import Foundation
#else
    import CCrypto
#endif

/// SHA-256 (FIPS 180-4), streaming and in one call.
///
/// On Linux this is OpenSSL's EVP interface. Its algorithm object is fetched once per process, because fetching it for
/// each digest costs more than hashing a row.
package struct SHA256: ~Copyable {
    #if canImport(CryptoKit)
        private var state = CryptoKit.SHA256()
    #else
        private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
        private let context: OpaquePointer
    #endif

    /// A new digest.
    package init() {
        #if !canImport(CryptoKit)
            guard let context = EVP_MD_CTX_new() else { preconditionFailure("libcrypto gave no digest context") }
            self.context = context
        #endif
        reset()
    }

    #if !canImport(CryptoKit)
        deinit { EVP_MD_CTX_free(context) }
    #endif

    /// Discards all input, so that one context serves many digests.
    package mutating func reset() {
        #if canImport(CryptoKit)
            state = CryptoKit.SHA256()
        #else
            precondition(EVP_DigestInit_ex2(context, SHA256.algorithm, nil) == 1, "libcrypto has no SHA-256")
        #endif
    }

    /// Adds bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        #if canImport(CryptoKit)
            state.update(bufferPointer: bytes)
        #else
            if bytes.count > 0 { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }
        #endif
    }

    /// Adds bytes.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of all input; the context is empty again afterwards.
    package mutating func finish() -> SHA256Digest {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SHA256Digest.byteCount) { out in
            #if canImport(CryptoKit)
                for (index, byte) in state.finalize().enumerated() { out[index] = byte }
            #else
                EVP_DigestFinal_ex(context, out.baseAddress, nil)
            #endif
            reset()
            guard let digest = SHA256Digest(bytes: UnsafeBufferPointer(out)) else { preconditionFailure("32 bytes") }
            return digest
        }
    }

    /// The digest of `bytes`.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        var state = SHA256()
        state.update(bytes)
        return state.finish()
    }

    /// The digest of `bytes`.
    package static func hash(_ bytes: [UInt8]) -> SHA256Digest { bytes.withUnsafeBytes { hash($0) } }

    /// The digest of the UTF-8 of `text`.
    package static func hash(_ text: String) -> SHA256Digest { hash(Array(text.utf8)) }
}
