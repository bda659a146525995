import BPData
import Testing

/// Valid files, damaged at random: reading gives a table or a `DataError`, never a trap.
@Suite struct CSVFuzzTests {
    private static let seeds: [String] = [
        "a,b,c\n1,2.5,x\n2,-3e4,\"y,\"\"z\"\"\"\n3,0.1,\"line\nbreak\"\n",
        "\u{FEFF}name;value\r\nä;1,5\r\n\"ö\";2\r\n",
        "x\ty\n1\tNA\n2\tnull\n",
        "p\n0\n255\n256\n1e308\n",
    ]
    private static let bytes: [UInt8] = Array("\",;\t\r\n 0159.eE+-xNa".utf8) + [0, 0x80, 0xC3, 0xED, 0xF4, 0xFF]

    @Test func damagedFiles() throws {
        var chance = Chance()
        var parsed = 0
        for round in 0..<4_000 {
            var file = Array(CSVFuzzTests.seeds[round % CSVFuzzTests.seeds.count].utf8)
            for _ in 0..<chance.integer(1...4) { damage(&file, &chance) }
            do {
                let read = try CSVReader().read(bytes: file, name: "fuzz", file: "fuzz.csv")
                check(read, seed: chance.seed)
                parsed += 1
            } catch {
                #expect(error.file == "fuzz.csv" && !error.message.isEmpty, "seed \(chance.seed)")
                let lines = file.split(omittingEmptySubsequences: false) { $0 == 10 || $0 == 13 }.count
                #expect(error.line ?? 1 >= 1 && error.line ?? 1 <= lines, "\(error), seed \(chance.seed)")
            }
        }
        #expect(parsed > 100 && parsed < 3_900, "seed \(chance.seed)")
    }

    private func damage(_ file: inout [UInt8], _ chance: inout Chance) {
        let position = chance.integer(0...max(0, file.count - 1))
        switch chance.integer(0...4) {
        case 0 where !file.isEmpty: file[position] = chance.pick(CSVFuzzTests.bytes)
        case 1 where !file.isEmpty: file[position] ^= 1 << UInt8(chance.integer(0...7))
        case 2 where !file.isEmpty: file.remove(at: position)
        case 3: file.insert(chance.pick(CSVFuzzTests.bytes), at: position)
        default: file.removeSubrange(position..<min(file.count, position + chance.integer(0...8)))
        }
    }

    /// What any table must keep, whatever it was read from.
    private func check(_ read: Table, seed: UInt64) {
        #expect(read.rowCount > 0 && !read.columns.isEmpty, "seed \(seed)")
        for column in read.columns {
            #expect(column.rowCount == read.rowCount && !column.name.isEmpty, "seed \(seed)")
            #expect(column.numbers.allSatisfy { $0.isFinite }, "seed \(seed)")
        }
        let lines = (0..<read.rowCount).compactMap(read.line)
        #expect(lines == Set(lines).sorted(), "seed \(seed)")
        _ = read.overview
        for target in read.columns.map(\.name) {
            guard let choice = try? read.task(forTarget: target) else { continue }
            _ = try? Encoding.fit(read, target: target, task: choice.task, rows: Array(0..<read.rowCount))
        }
    }
}
