/// How a pass is cut into pieces for threads. The cuts decide the time, never a bit.
struct WorkSchedule {
    /// A piece of the gradient: some panels of a layer, for some of its inputs.
    struct GradientPiece {
        let layer: Int
        let panels: Range<Int>
        let inputs: Range<Int>
    }

    /// Rows `index · size ..< (index + 1) · size` of a batch.
    struct RowBlocks {
        let size, count: Int
        subscript(index: Int, of total: Int) -> Range<Int> {
            index * size..<min((index + 1) * size, total)
        }
    }

    /// Floating-point operations below which waking a thread costs more than it gives.
    private static let worthSharing = 1_000_000
    /// Rows whose activations stay in a cache of usual size.
    private static let largestBlock = 256
    /// Pieces for each thread, so that one that is held up by others leaves its work to the rest.
    private static let piecesPerThread = 4

    private let threads: Int
    private let weights: Int
    let gradientPieces: UnsafeBufferPointer<GradientPiece>

    init(_ network: Network, threads: Int) {
        self.threads = threads
        weights = network.parameterCount
        var pieces: [GradientPiece] = []
        for (index, layer) in network.layers.enumerated() {
            let share = threads == 1 ? 1 : layer.parameterCount * threads * Self.piecesPerThread / max(weights, 1)
            let pairs = (panels(layer.outputs) + 1) / 2
            let across = min(max(share, 1), pairs)
            let down = min(max(share / across, 1), (layer.inputs + 95) / 96)
            for panelRange in Self.cut(panels(layer.outputs), into: across, multiple: 2) {
                for inputRange in Self.cut(layer.inputs, into: down, multiple: 12) {
                    pieces.append(GradientPiece(layer: index, panels: panelRange, inputs: inputRange))
                }
            }
        }
        let buffer = UnsafeMutableBufferPointer<GradientPiece>.allocate(capacity: pieces.count)
        _ = buffer.initialize(from: pieces)
        gradientPieces = UnsafeBufferPointer(buffer)
    }

    func deallocate() { gradientPieces.deallocate() }

    /// Whether the products of a pass over `rows` rows are worth sharing among threads.
    func isShared(rows: Int) -> Bool { threads > 1 && 2 * rows * weights >= Self.worthSharing }

    /// Whole tiles for every thread, no more than a cache holds.
    func rowBlocks(_ total: Int) -> RowBlocks {
        var size = Self.largestBlock
        if isShared(rows: total) {
            let even = (total + threads * 2 - 1) / (threads * 2)
            size = min(size, max((even + 11) / 12 * 12, 12))
        }
        return RowBlocks(size: size, count: (total + size - 1) / size)
    }

    /// 0 ..< total in about `pieces` ranges whose sizes are a multiple of `multiple`, but for the last.
    static func cut(_ total: Int, into pieces: Int, multiple: Int) -> [Range<Int>] {
        let even = (total + pieces - 1) / pieces
        let size = (even + multiple - 1) / multiple * multiple
        return stride(from: 0, to: total, by: size).map { $0..<min($0 + size, total) }
    }
}
