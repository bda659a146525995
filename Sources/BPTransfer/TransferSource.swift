package import BPJSON
package import BPStore

/// Runs with everything that belongs to them, on the way out of a registry or into one: their ancestors, models and
/// datasets.
///
/// An archive is a source, and so is a selection of a registry (`Registry.withTransferSource`). The rows are JSON. Long
/// content (weights, losses, epochs, columns of data) is divided into parts, so that it need not all be in memory.
package protocol TransferSource {
    /// The rows. `TransferDocument` defines the content; docs/archive.md describes it.
    var document: JSONValue { get }
    /// The parts, each once, in an order that depends only on the content.
    var parts: [TransferPart] { get }
    /// Calls `body` with the bytes of a part, in order, in pieces of at most 1 MiB.
    /// - Throws: errors of `body`, and errors of reading.
    func read(_ part: TransferPart, _ body: (UnsafeRawBufferPointer) throws -> Void) throws
}

/// Bytes that belong to a document: little-endian values of one type.
package struct TransferPart: Sendable, Hashable {
    /// The kind of the bytes, with their place in the document.
    package let name: Name
    /// The type of the values.
    package let type: ValueType
    /// The number of values.
    package let count: Int

    /// The kinds of parts.
    package enum Name: Sendable, Hashable {
        /// A tensor, or a column of data in its canonical form, named by the SHA-256 of its bytes.
        case content(SHA256Digest)
        /// The losses of the iterations that a segment keeps, in order.
        case losses(run: UUIDv7, segment: Int)
        /// A column of the epochs that a segment keeps, in order.
        case epochs(run: UUIDv7, segment: Int, column: EpochColumn)
    }

    /// A column of the epochs.
    package enum EpochColumn: String, Sendable, CaseIterable {
        /// Float32 bits.
        case loss
        /// Float32 bits; only if the run has a validation split.
        case validationLoss = "val_loss"
        /// Float32 bits; only if the run has a validation split.
        case validationScore = "val_score"
        /// Float64.
        case seconds
    }

    /// The type of the values.
    package enum ValueType: String, Sendable, CaseIterable {
        case u8, f32, f64

        /// Bytes of a value.
        package var width: Int {
            switch self {
            case .u8: 1
            case .f32: 4
            case .f64: 8
            }
        }
    }

    /// A part of `count` values.
    package init(_ name: Name, type: ValueType, count: Int) {
        (self.name, self.type, self.count) = (name, type, count)
    }
}
