/// Sizes that limit the content of one row and of one transaction.
package enum Limit {
    /// Bytes of a chunk.
    package static let chunk = 1 << 20
    /// Bytes of chunks in one transaction: 8 MiB, its other rows included.
    package static let transaction = 7 << 20
    /// Losses in one transaction.
    package static let losses = 1 << 20
    /// Epochs in one transaction.
    package static let epochs = 20_000
    /// Rows in one page of a read.
    package static let page = 4_096
    /// Blocks of losses in one page of a read.
    package static let blocks = 16
}
