import CBPKernels

/// Where the parameters of a network lie in the kernels' order, which is the same on every machine.
///
/// A layer is ⌈n_out / 16⌉ panels, each n_in + 1 rows of 16 floats: row i < n_in holds w_ji for the panel's 16 units j,
/// row n_in their biases. Lanes past n_out are 0 and stay 0. Gradients and optimizer slots have the same layout.
struct PackedLayout: Sendable, Equatable {
    let network: Network
    /// Where each layer begins.
    let offsets: [Int]
    /// Floats in all.
    let count: Int

    init(_ network: Network) throws(CoreError) {
        var offsets: [Int] = []
        var total = 0
        for layer in network.layers {
            offsets.append(total)
            let what = "a layer of \(layer.outputs) units on \(layer.inputs) inputs"
            let panel = try multiply(layer.inputs + 1, lanes, what)
            total = try add(total, try multiply(panel, panels(layer.outputs), what), what)
        }
        self.network = network
        self.offsets = offsets
        count = total
    }

    /// Packed → canonical order.
    func unpack(_ packed: UnsafePointer<Float>) -> [Float] {
        [Float](unsafeUninitializedCapacity: network.parameterCount) { buffer, count in
            eachPlace { canonical, place in buffer.initializeElement(at: canonical, to: packed[place]) }
            count = network.parameterCount
        }
    }

    /// Canonical order → packed. Lanes past the outputs are left as they are, 0.
    func pack(_ canonical: [Float], into packed: UnsafeMutablePointer<Float>) {
        canonical.withUnsafeBufferPointer { values in
            eachPlace { index, place in packed[place] = values[index] }
        }
    }

    /// `range` in stretches, in order: rows of weights of one panel, or the row of its biases.
    /// - Precondition: the bounds are multiples of 16.
    func forEachStretch(of range: Range<Int>, _ body: (Range<Int>, _ isBias: Bool) -> Void) {
        var at = range.lowerBound
        for (index, layer) in network.layers.enumerated() {
            let (start, panelSize) = (offsets[index], (layer.inputs + 1) * lanes)
            let end = min(start + panels(layer.outputs) * panelSize, range.upperBound)
            while at < end {
                let place = (at - start) % panelSize
                let isBias = place >= layer.inputs * lanes
                let stop = min(at - place + (isBias ? panelSize : layer.inputs * lanes), end)
                body(at..<stop, isBias)
                at = stop
            }
        }
    }

    /// Each parameter's index in canonical order with its place in the packed one.
    private func eachPlace(_ body: (Int, Int) -> Void) {
        var canonical = 0
        for (layer, offset) in zip(network.layers, offsets) {
            let panelSize = (layer.inputs + 1) * lanes
            for j in 0..<layer.outputs {
                let column = offset + j / lanes * panelSize + j % lanes
                for i in 0..<layer.inputs { body(canonical + i, column + i * lanes) }
                canonical += layer.inputs
            }
            for j in 0..<layer.outputs {
                body(canonical + j, offset + j / lanes * panelSize + layer.inputs * lanes + j % lanes)
            }
            canonical += layer.outputs
        }
    }
}

/// Floats that one operation of the kernels takes.
let lanes = Int(BP_LANES)

/// How many groups of 16 hold `width` columns.
func panels(_ width: Int) -> Int { (width - 1) / lanes + 1 }

/// The distance between rows of a matrix of `width` columns: a multiple of 16, but not of 256, because rows 1 KiB apart
/// would fall into few sets of the cache.
func rowStride(_ width: Int) -> Int {
    let padded = panels(width) * lanes
    return padded % 256 == 0 ? padded + lanes : padded
}
