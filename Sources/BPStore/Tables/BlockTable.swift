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

extension BlockRow {
    /// The number of losses of a full block.
    package static let capacity = 4_096

    /// The losses.
    package var values: [Float] {
        get throws {
            guard losses.count % 4 == 0 else { throw TableRow(self).bad("losses") }
            return [Float](littleEndian: losses)
        }
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
    package static let pageLength = Limit.blocks

    /// The blocks of a segment from number `first`, in order; a page of them at most.
    package func page(run: Int, segment: Int, from first: Int) throws -> [BlockRow] {
        try store.rows(
            "WHERE run = ? AND segment = ? AND block >= ? ORDER BY block LIMIT \(BlockTable.pageLength)",
            [run, segment, first])
    }

    /// The number of blocks that a segment holds, and of losses in them.
    package func count(run: Int, segment: Int) throws -> (blocks: Int, losses: Int) {
        try store.connection.first(
            "SELECT count(*), coalesce(sum(count), 0) FROM iteration_block WHERE run = ? AND segment = ?",
            [run, segment]
        ) { (try $0.get(0), try $0.get(1)) } ?? (0, 0)
    }

    /// Deletes the blocks of a segment from `block` on.
    package func delete(run: Int, segment: Int, from block: Int) throws {
        try store.connection.execute(
            "DELETE FROM iteration_block WHERE run = ? AND segment = ? AND block >= ?", [run, segment, block])
    }
}

extension Store {
    package var blocks: BlockTable { BlockTable(store: self) }
}
