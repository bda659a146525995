/// How a pass is cut into pieces for threads. The cuts decide the time, never a bit.
struct WorkSchedule {
    /// A piece of a layer's parameters: some panels, for some of its inputs.
    struct ParameterPiece {
        let layer: Int
        let panels: Range<Int>
        let inputs: Range<Int>
    }

    /// How the passes of a layer are shared: by panels that threads own, or, without them, by rows of the batch.
    struct LayerPlan {
        /// Panels of outputs, for the forward pass.
        let outputs: WorkShares<Range<Int>>?
        /// Panels of inputs, for the errors that the layer sends back.
        let inputs: WorkShares<Range<Int>>?
    }

    /// Rows `index · size ..< (index + 1) · size` of a batch.
    struct RowBlocks {
        let size, count: Int
        subscript(index: Int, of total: Int) -> Range<Int> {
            index * size..<min((index + 1) * size, total)
        }
    }

    /// Floating-point operations below which waking a thread costs more than it gives; more of them for small batches of
    /// narrow layers (`SmallTraining`), whose products are over before a thread has woken.
    private static let worthSharing = 250_000
    private static let smallWorthSharing = 400_000
    private static let smallBatch = 32
    /// Rows whose activations stay in a cache of usual size.
    static let largestBlock = 256
    /// Weights of a layer from which its panels are worth an owner: below, all of them pass through every thread's cache
    /// faster than threads wait for one another.
    static let worthOwning = 65_536
    /// Parameters from which one thread too updates as it computes the gradient: the sums of all of them at once would
    /// push the parameters out of the cache.
    private static let worthFusing = 1 << 19
    /// Pieces for each thread, so that one that is held up by others leaves its work to the rest.
    private static let piecesPerThread = 4

    private let threads: Int
    private let weights: Int
    private let isSmall: Bool
    private let plans: UnsafeBufferPointer<LayerPlan>
    /// All parameters, each piece with the thread that owns its panels in the forward pass.
    let parameterPieces: WorkShares<ParameterPiece>

    init(_ network: Network, threads: Int, batchCapacity: Int) {
        self.threads = threads
        weights = network.parameterCount
        isSmall = SmallTraining.fits(network)
        let plans = UnsafeMutableBufferPointer<LayerPlan>.allocate(capacity: network.layers.count)
        for (index, layer) in network.layers.enumerated() {
            let mustOwn = index > 0 && !Workspace.keepsTransposed(layer, index, batchCapacity)
            let plan = WorkSchedule.plan(layer, isFirst: index == 0, ownsInputs: mustOwn, threads: threads)
            plans.initializeElement(at: index, to: plan)
        }
        self.plans = UnsafeBufferPointer(plans)
        parameterPieces = WorkShares(WorkSchedule.pieces(network, plans: self.plans, threads: threads))
    }

    func deallocate() {
        for plan in plans {
            plan.outputs?.deallocate()
            plan.inputs?.deallocate()
        }
        plans.deallocate()
        parameterPieces.deallocate()
    }

    /// The plan of a layer, counted from 0.
    subscript(layer: Int) -> LayerPlan { plans[layer] }

    /// Whether the products of a pass over `rows` rows are worth sharing among threads.
    func isShared(rows: Int) -> Bool {
        let least = isSmall && rows <= Self.smallBatch ? Self.smallWorthSharing : Self.worthSharing
        return threads > 1 && 2 * rows * weights >= least
    }

    /// Whether parameters are updated as their gradient is computed.
    func isFused(rows: Int) -> Bool { weights >= Self.worthFusing || isShared(rows: rows) }

    /// As many blocks for every thread, no larger than a cache holds.
    func rowBlocks(_ total: Int) -> RowBlocks {
        var size = Self.largestBlock
        if isShared(rows: total) {
            let rounds = (total + threads * size - 1) / (threads * size)
            size = (total + threads * rounds - 1) / (threads * rounds)
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

extension WorkSchedule {
    private static func plan(_ layer: Layer, isFirst: Bool, ownsInputs: Bool, threads: Int) -> LayerPlan {
        guard threads > 1, layer.inputs * layer.outputs >= worthOwning else {
            return LayerPlan(outputs: nil, inputs: nil)
        }
        return LayerPlan(
            outputs: areEven(panels(layer.outputs), threads) ? owned(panels(layer.outputs), threads) : nil,
            inputs: ownsInputs || !isFirst && areEven(panels(layer.inputs), threads)
                ? owned(panels(layer.inputs), threads) : nil)
    }

    /// Whether threads get about the same number of panels, in whole pairs.
    private static func areEven(_ count: Int, _ threads: Int) -> Bool {
        let pairs = (count + 1) / 2
        return pairs >= piecesPerThread * threads || pairs % threads == 0
    }

    /// 0 ..< count panels in pieces of whole pairs, for each thread its own.
    private static func owned(_ count: Int, _ threads: Int) -> WorkShares<Range<Int>> {
        let pairs = (count + 1) / 2
        return WorkShares(
            (0..<threads).map { thread in
                let (first, end) = (pairs * thread / threads, pairs * (thread + 1) / threads)
                if first == end { return [] }
                return cut(end - first, into: piecesPerThread, multiple: 1).map {
                    2 * (first + $0.lowerBound)..<min(2 * (first + $0.upperBound), count)
                }
            })
    }

    /// All parameters in pieces: those of owned panels for their owner, the others, the largest first, for the thread that
    /// has the least.
    private static func pieces(
        _ network: Network, plans: UnsafeBufferPointer<LayerPlan>, threads: Int
    ) -> [[ParameterPiece]] {
        var shares = [[ParameterPiece]](repeating: [], count: threads)
        var load = [Int](repeating: 0, count: threads)
        var free: [ParameterPiece] = []
        func give(_ piece: ParameterPiece, to thread: Int) {
            shares[thread].append(piece)
            load[thread] += cost(piece)
        }
        for (index, layer) in network.layers.enumerated() {
            if let owned = plans[index].outputs {
                for thread in 0..<threads {
                    for panels in owned.pieces[owned.starts[thread]..<owned.starts[thread + 1]] {
                        give(ParameterPiece(layer: index, panels: panels, inputs: 0..<layer.inputs), to: thread)
                    }
                }
            } else {
                free += pieces(
                    of: layer, index, share: Double(layer.parameterCount) / Double(network.parameterCount), threads)
            }
        }
        // Sorted by cost and then by place, so that every trainer of this shape has the same owners.
        for (_, piece) in free.enumerated().sorted(by: { (cost($0.1), $1.0) > (cost($1.1), $0.0) }) {
            give(piece, to: load.indices.min { load[$0] < load[$1] } ?? 0)
        }
        return shares
    }

    /// A layer without owners, in pieces by its share of all parameters.
    private static func pieces(of layer: Layer, _ index: Int, share: Double, _ threads: Int) -> [ParameterPiece] {
        let count = threads == 1 ? 1 : max(Int(share * Double(threads * piecesPerThread)), 1)
        let across = min(count, (panels(layer.outputs) + 1) / 2)
        let down = min(max(count / across, 1), (layer.inputs + 95) / 96)
        return cut(panels(layer.outputs), into: across, multiple: 2).flatMap { panels in
            cut(layer.inputs, into: down, multiple: 12).map {
                ParameterPiece(layer: index, panels: panels, inputs: $0)
            }
        }
    }

    private static func cost(_ piece: ParameterPiece) -> Int { piece.panels.count * (piece.inputs.count + 1) }
}
