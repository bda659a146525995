import BPSQLite

/// A block of losses of a segment: 4,096 of them, fewer in the last one only.
package struct BlockRow: Sendable, Equatable {
    package var run: Int
    package var segment: Int
    /// Its number in the segment, from 0.
    package var block: Int
    package var firstIteration: Int
    package var count: Int
    /// The hash chain up to and with this block.
    package var chain: SHA256Digest
    /// Little-endian float32.
    package var losses: [UInt8]

    package init(
        run: Int, segment: Int, block: Int, firstIteration: Int, count: Int, chain: SHA256Digest, losses: [UInt8]
    ) {
        self.run = run
        self.segment = segment
        self.block = block
        self.firstIteration = firstIteration
        self.count = count
        self.chain = chain
        self.losses = losses
    }
}

extension BlockRow: SealedRow {
    package static let table = SealedTable(
        "iteration_block", key: ["run", "segment", "block"],
        [
            "first_iteration", "count", "chain", "losses",
        ])

    package init(_ columns: inout ColumnReader) throws {
        run = try columns.next()
        segment = try columns.next()
        block = try columns.next()
        firstIteration = try columns.next()
        count = try columns.next()
        chain = try columns.next()
        losses = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(run)
        columns.add(segment)
        columns.add(block)
        columns.add(firstIteration)
        columns.add(count)
        columns.add(chain)
        columns.add(losses)
    }
}

/// The reads and writes of table `iteration_block`.
package struct BlockTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(run: Int, segment: Int, block: Int) throws -> BlockRow? {
        try store.find([run.stored, segment.stored, block.stored])
    }

    /// The row of this key, which something stored refers to.
    package func need(run: Int, segment: Int, block: Int) throws -> BlockRow {
        try store.need([run.stored, segment.stored, block.stored])
    }

    /// The number of blocks in a page.
    package static let pageLength = 64

    /// A page of the blocks of a segment, from `block`.
    package func page(run: Int, segment: Int, from block: Int) throws -> [BlockRow] {
        try store.rows(
            "WHERE run = ? AND segment = ? AND block >= ? ORDER BY block LIMIT \(BlockTable.pageLength)",
            [run, segment, block])
    }
}

extension Store {
    package var blocks: BlockTable { BlockTable(store: self) }
}
