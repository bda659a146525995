package import BPStore
package import BPJSON

/// What leaves a registry, or comes into one, in one piece: runs with everything that belongs to them, their ancestors,
/// the models and datasets.
///
/// An archive is one, and so is a registry that gives of its own. The rows are JSON; whatever has bytes in plenty
/// (weights, losses, epochs, columns of data) is a part of its own, so that nobody must hold all of it at once.
package protocol PortableSource {
    /// The rows. What is in it is `PortableRecord`'s to say; docs/archive.md describes it.
    var record: JSONValue { get }
    /// The parts, each once, in an order that is a function of the content.
    var parts: [PortablePart] { get }
    /// Calls `body` with the bytes of a part, in order, in pieces of at most 1 MiB.
    /// - Throws: what `body` throws, and what reading meets.
    func read(_ part: PortablePart, _ body: (UnsafeRawBufferPointer) throws -> Void) throws
}

/// Bytes that belong to a record: little-endian values of one type.
package struct PortablePart: Sendable, Hashable {
    /// What they are.
    package let name: Name
    /// The type of the values.
    package let type: ValueType
    /// How many values.
    package let count: Int

    /// What the bytes of a part are.
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
        /// Float32 bits; there only where the run has a validation split.
        case validationLoss = "val_loss"
        /// Float32 bits; there only where the run has a validation split.
        case validationScore = "val_score"
        /// Float64.
        case seconds
    }

    /// How values lie in the bytes.
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
