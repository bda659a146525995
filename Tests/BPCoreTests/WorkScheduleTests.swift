import CBPKernels
import Testing

@testable import BPCore

/// How work is cut and shared: every piece once, whoever takes it.
@Suite struct WorkScheduleTests {
    @Test func rowsAreCutEvenly() throws {
        let network = try Network(inputs: 784, layers: [(128, .relu), (10, .softmax)])
        func sizes(_ rows: Int, threads: Int) -> [Int] {
            let schedule = WorkSchedule(network, threads: threads, batchCapacity: rows)
            defer { schedule.deallocate() }
            let blocks = schedule.rowBlocks(rows)
            return (0..<blocks.count).map { blocks[$0, of: rows].count }
        }
        #expect(sizes(64, threads: 2) == [32, 32])
        #expect(sizes(32, threads: 3) == [11, 11, 10])
        #expect(sizes(600, threads: 2) == [150, 150, 150, 150])
        #expect(sizes(600, threads: 1) == [256, 256, 88])
        #expect(sizes(2, threads: 4) == [1, 1])
    }

    /// Small steps wake no thread: 30-64-32-2 and 13-64-64-1 were slower on two threads than on one.
    @Test func smallStepsAreNotShared() throws {
        func isShared(_ sizes: [Int], _ batch: Int) throws -> Bool {
            let network = try Network(inputs: sizes[0], layers: sizes.dropFirst().map { ($0, .tanh) })
            let schedule = WorkSchedule(network, threads: 2, batchCapacity: batch)
            defer { schedule.deallocate() }
            return schedule.isShared(rows: batch)
        }
        #expect(try !isShared([30, 64, 32, 2], 16))
        #expect(try !isShared([64, 32, 10], 32))
        #expect(try !isShared([13, 64, 64, 1], 32))
        #expect(try isShared([13, 64, 64, 1], 64))
        #expect(try isShared([64, 32, 10], 64))
        #expect(try isShared([784, 128, 10], 64))
    }

    /// The pieces hold every parameter once, on any number of threads.
    @Test func piecesHoldEveryParameterOnce() throws {
        var random = TestRandom(80)
        for _ in 0..<40 {
            let sizes = (0...Int.random(in: 1...4, using: &random)).map { _ in Int.random(in: 1...700, using: &random) }
            let network = try Network(inputs: sizes[0], layers: sizes.dropFirst().map { ($0, .tanh) })
            let threads = Int.random(in: 1...9, using: &random)
            let schedule = WorkSchedule(network, threads: threads, batchCapacity: 32)
            defer { schedule.deallocate() }
            var counts = network.layers.map { [Int](repeating: 0, count: panels($0.outputs) * $0.inputs) }
            for piece in schedule.parameterPieces.pieces {
                for p in piece.panels {
                    for i in piece.inputs { counts[piece.layer][p * network.layers[piece.layer].inputs + i] += 1 }
                }
            }
            #expect(counts.allSatisfy { $0.allSatisfy { $0 == 1 } }, "\(sizes) on \(threads) threads")
            for index in network.layers.indices {
                for (shares, count) in [
                    (schedule[index].outputs, panels(network.layers[index].outputs)),
                    (schedule[index].inputs, panels(network.layers[index].inputs)),
                ] {
                    guard let shares else { continue }
                    #expect(shares.pieces.flatMap { Array($0) } == Array(0..<count), "\(sizes) on \(threads) threads")
                }
            }
        }
    }

    /// Each index of each job once, with shares of any size, while other callers use the pool too.
    @Test func aPoolTakesEveryIndexOnce() async throws {
        let compute = try Compute(threads: 4)
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<3 {
                group.addTask {
                    var random = TestRandom(81 + UInt32(caller))
                    for _ in 0..<300 {
                        let shares = WorkShares(
                            (0..<4).map { _ in [Int](repeating: 0, count: Int.random(in: 0...20, using: &random)) })
                        defer { shares.deallocate() }
                        let count = shares.pieces.count
                        let taken = UnsafeMutableBufferPointer<Int>.allocate(capacity: count + 1)
                        defer { taken.deallocate() }
                        taken.initialize(repeating: 0)
                        nonisolated(unsafe) let counts = taken
                        compute.forEach(shares, isShared: true) { index, _ in counts[index] += 1 }
                        #expect(counts[..<count].allSatisfy { $0 == 1 })
                        compute.forEach(count, isShared: true) { counts[$0] += 1 }
                        #expect(counts[..<count].allSatisfy { $0 == 2 })
                    }
                }
            }
        }
    }

    @Test func moreIndicesThanThePoolCountsAreTakenToo() throws {
        let compute = try Compute(threads: 2)
        let taken = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 200_000)
        defer { taken.deallocate() }
        taken.initialize(repeating: 0)
        nonisolated(unsafe) let counts = taken
        compute.forEach(200_000, isShared: true) { counts[$0] += 1 }
        #expect(counts.allSatisfy { $0 == 1 })
    }

    /// Large buffers come from the system in huge pages: they too are aligned and zero.
    @Test(arguments: [0, 1, 17, 262_143, 262_144, 300_000, 524_288, 1_500_000]) func memoryIsAlignedAndZero(count: Int)
        throws
    {
        let floats = try AlignedFloats(count: count)
        #expect(UInt(bitPattern: floats.start) % 64 == 0)
        let whole = (max(count, 1) + 15) / 16 * 16
        #expect(UnsafeBufferPointer(start: floats.start, count: whole).allSatisfy { $0 == 0 })
        floats.start.update(repeating: 1, count: whole)
    }
}
