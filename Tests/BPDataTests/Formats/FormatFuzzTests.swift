import Testing

@testable import BPData

/// Files that NumPy wrote, damaged at random: reading gives a table or a `DataError`, never a trap.
@Suite struct FormatFuzzTests {
    private static let files = [
        "f2.npy", "big-f8.npy", "fortran-3d.npy", "structure.npy", "texts.npy", "stored.npz", "deflated.npz",
        "columns.npz", "0b.idx", "train-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz",
    ]

    @Test func damagedFiles() throws {
        var chance = Chance()
        let wholes = try FormatFuzzTests.files.map { try ArrayFixtures.bytes($0) }
        var read = 0
        for round in 0..<3_000 {
            var bytes = wholes[round % wholes.count]
            for _ in 0..<chance.integer(1...4) { damage(&bytes, &chance) }
            do {
                let columns = try columns(of: bytes)
                read += 1
                for column in columns {
                    let isFinite = column.numbers.allSatisfy { $0.isFinite }
                    #expect(isFinite, "seed \(chance.seed)")
                    #expect(column.rowCount == columns[0].rowCount, "seed \(chance.seed)")
                }
            } catch { #expect((error as? DataError)?.message.isEmpty == false, "\(error), seed \(chance.seed)") }
        }
        #expect(read > 30 && read < 2_900, "\(read) read, seed \(chance.seed)")
    }

    /// What the readers make of bytes, whatever they are.
    private func columns(of bytes: [UInt8]) throws -> [Column] {
        let plain = Gzip.begins(bytes) ? try Gzip.inflate(bytes) : bytes
        switch try TableFormat(of: plain) {
        case .csv: return try CSVReader().read(bytes: plain, name: "x").columns
        case .idx:
            let grid = try ElementGrid(IDXArray(plain), name: "x")
            return try grid.columns(Array(grid.places.indices), types: [:])
        case .npy:
            let grid = try ElementGrid(NPYArray(plain), name: "x")
            return try grid.columns(Array(grid.places.indices), types: [:])
        case .npz:
            let archive = try NPZArchive(plain)
            let grid = try ElementGrid(archive.array(archive.names[0]), name: "x")
            return try grid.columns(Array(grid.places.indices), types: [:])
        }
    }

    private func damage(_ bytes: inout [UInt8], _ chance: inout Chance) {
        guard !bytes.isEmpty else { return }
        let position = chance.integer(0...bytes.count - 1)
        switch chance.integer(0...4) {
        case 0: bytes[position] = chance.pick([0, 1, 0x20, 0x28, 0x30, 0x39, 0x7F, 0x80, 0xFF])
        case 1: bytes[position] ^= 1 << UInt8(chance.integer(0...7))
        case 2: bytes.remove(at: position)
        case 3: bytes.insert(chance.pick([0, 0x2C, 0x31, 0xFF]), at: position)
        default: bytes.removeSubrange(position..<min(bytes.count, position + chance.integer(0...16)))
        }
    }
}
