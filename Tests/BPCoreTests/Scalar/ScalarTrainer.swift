@testable import BPCore

/// Training as docs/numerics.md states it, one number at a time: every sum in its order. Slow, and for nothing but to be
/// compared with, bit for bit.
struct ScalarTrainer {
    let network: Network
    let loss: Loss
    let rule: UpdateRule
    let numerics: Numerics
    /// In canonical order.
    var parameters: [Float]
    var slots: [[Float]]

    private var functions: ScalarFunctions { ScalarFunctions(numerics: numerics) }

    init(_ network: Network, _ loss: Loss, _ rule: UpdateRule, _ numerics: Numerics, parameters: [Float]) {
        (self.network, self.loss, self.rule, self.numerics) = (network, loss, rule, numerics)
        self.parameters = parameters
        slots = rule.optimizer.slotNames.map { _ in parameters.map { _ in 0 } }
    }

    /// One iteration; gives J before the update.
    mutating func step(_ inputs: [[Float]], _ targets: [[Float]], t: Int) -> Float {
        let rows = zip(inputs, targets).map { row($0, $1) }
        let scale = 1 / Float(rows.count)
        let sums = gradient(rows)
        update(sums, t: t, scale: scale)
        return longSum(rows.map(\.loss)) * scale
    }

    // MARK: A row

    private struct Row {
        /// a of the input and of every layer, δ of every layer.
        var a: [[Float]]
        var deltas: [[Float]]
        var loss: Float
    }

    private func row(_ input: [Float], _ target: [Float]) -> Row {
        var a = [input]
        var z: [Float] = []
        for (index, layer) in network.layers.enumerated() {
            z = (0..<layer.outputs).map { j in
                chain(0..<layer.inputs) { i, s in ScalarFunctions.fma(a[index][i], weight(index, j, i), s) }
                    + parameters[network.biasRange(layer: index).lowerBound + j]
            }
            a.append(activate(layer.activation, z))
        }
        let output = a[a.count - 1]
        var deltas = [outputDelta(output, target)]
        for index in stride(from: network.layers.count - 1, through: 1, by: -1) {
            let (above, layer) = (deltas[0], network.layers[index - 1])
            let delta = (0..<layer.outputs).map { i in
                let g = chain(0..<above.count) { j, s in ScalarFunctions.fma(above[j], weight(index, j, i), s) }
                return derivative(layer.activation, g, a[index][i])
            }
            deltas.insert(delta, at: 0)
        }
        return Row(a: a, deltas: deltas, loss: rowLoss(z, output, target))
    }

    private func weight(_ layer: Int, _ j: Int, _ i: Int) -> Float {
        parameters[network.weightRange(layer: layer).lowerBound + j * network.layers[layer].inputs + i]
    }

    private func activate(_ activation: Activation, _ z: [Float]) -> [Float] {
        switch activation {
        case .identity: return z
        case .sigmoid: return z.map(functions.sigmoid)
        case .tanh: return z.map(functions.tanh)
        case .relu: return z.map { $0 <= 0 ? 0 : $0 }
        case .softmax:
            let powers = z.map { functions.exp($0 - z.max()!) }
            let sum = sumOfLanes(powers) { term, s in s + term }
            return powers.map { $0 / sum }
        }
    }

    private func derivative(_ activation: Activation, _ g: Float, _ a: Float) -> Float {
        switch activation {
        case .sigmoid: g * (a * (1 - a))
        case .tanh: g * (1 - a * a)
        case .relu: a > 0 ? g : 0
        case .identity, .softmax: g
        }
    }

    private func outputDelta(_ a: [Float], _ y: [Float]) -> [Float] {
        let r = zip(a, y).map { $0 - $1 }
        if loss == .crossEntropy { return r }
        if network.outputActivation == .softmax {
            let mean = sumOfLanes(Array(zip(r, a))) { term, s in ScalarFunctions.fma(term.0, term.1, s) }
            return zip(a, r).map { $0 * ($1 - mean) }
        }
        return zip(r, a).map { derivative(network.outputActivation, $0, $1) }
    }

    private func rowLoss(_ z: [Float], _ a: [Float], _ y: [Float]) -> Float {
        switch (loss, network.outputActivation) {
        case (.halfSquaredError, _):
            return 0.5 * sumOfLanes(zip(a, y).map { $0 - $1 }) { r, s in ScalarFunctions.fma(r, r, s) }
        case (.crossEntropy, .softmax):
            let top = z.max()!
            let powers = z.map { functions.exp($0 - top) }
            let rest = sumOfLanes(powers) { e, s in s + (e == 1 ? 0 : e) }
            let ones = sumOfLanes(powers) { e, s in s + (e == 1 ? e : 0) }
            let margin = sumOfLanes(Array(zip(y, z))) { term, s in ScalarFunctions.fma(term.0, top - term.1, s) }
            return functions.log1p((ones - 1) + rest) + margin
        case (.crossEntropy, _):
            return sumOfLanes(Array(zip(z, y))) { term, s in
                let (z, y) = term
                return s + (z * (z > 0 ? 1 - y : 0 - y) + functions.log1p(functions.exp(-z.magnitude)))
            }
        }
    }

    // MARK: Sums

    private func chain(_ range: Range<Int>, _ add: (Int, Float) -> Float) -> Float {
        range.reduce(Float(0)) { add($1, $0) }
    }

    /// Term i goes to lane i mod 16, then the lanes are added by the tree.
    private func sumOfLanes<Term>(_ terms: [Term], _ add: (Term, Float) -> Float) -> Float {
        var lanes = [Float](repeating: 0, count: 16)
        for (index, term) in terms.enumerated() { lanes[index % 16] = add(term, lanes[index % 16]) }
        for half in [8, 4, 2, 1] {
            for lane in 0..<half { lanes[lane] += lanes[lane + half] }
        }
        return lanes[0]
    }

    private func longSum(_ terms: [Float]) -> Float {
        stride(from: 0, to: terms.count, by: 4096).reduce(Float(0)) { sum, start in
            sum + sumOfLanes(Array(terms[start..<min(start + 4096, terms.count)])) { term, s in s + term }
        }
    }

    /// T of docs/numerics.md over rows, each block of which is a chain.
    static func tree(_ rows: Range<Int>, block: Int, _ chain: (Range<Int>) -> Float) -> Float {
        if rows.count <= block { return chain(rows) }
        var left = block
        while left * 2 < rows.count { left *= 2 }
        let middle = rows.lowerBound + left
        return tree(rows.lowerBound..<middle, block: block, chain) + tree(middle..<rows.upperBound, block: block, chain)
    }

    // MARK: The batch

    private func gradient(_ rows: [Row]) -> [Float] {
        let block = numerics.rowBlock ?? rows.count
        var sums: [Float] = []
        for (index, layer) in network.layers.enumerated() {
            for j in 0..<layer.outputs {
                for i in 0..<layer.inputs {
                    sums.append(
                        ScalarTrainer.tree(0..<rows.count, block: block) { range in
                            chain(range) { b, s in ScalarFunctions.fma(rows[b].a[index][i], rows[b].deltas[index][j], s)
                            }
                        })
                }
            }
            for j in 0..<layer.outputs {
                sums.append(
                    ScalarTrainer.tree(0..<rows.count, block: block) { range in
                        chain(range) { b, s in s + rows[b].deltas[index][j] }
                    })
            }
        }
        return sums
    }

    private mutating func update(_ sums: [Float], t: Int, scale: Float) {
        let rate = rule.optimizer.learningRate
        let weights = network.layers.indices.map { network.weightRange(layer: $0) }
        for index in parameters.indices {
            let w = parameters[index]
            let lambda = weights.contains { $0.contains(index) } ? rule.weightDecay : 0
            var g = sums[index] * scale
            if case .adamw = rule.optimizer {} else if lambda > 0 { g = ScalarFunctions.fma(Float(lambda), w, g) }
            switch rule.optimizer {
            case .sgd: parameters[index] = ScalarFunctions.fma(-Float(rate), g, w)
            case .momentum(_, let momentum):
                slots[0][index] = ScalarFunctions.fma(Float(momentum), slots[0][index], g)
                parameters[index] = ScalarFunctions.fma(-Float(rate), slots[0][index], w)
            case .adam(_, let beta1, let beta2, let epsilon), .adamw(_, let beta1, let beta2, let epsilon):
                slots[0][index] = ScalarFunctions.fma(Float(beta1), slots[0][index], Float(1 - beta1) * g)
                slots[1][index] = ScalarFunctions.fma(Float(beta2), slots[1][index], Float(1 - beta2) * (g * g))
                let divisor =
                    (slots[1][index] * Float(1 / (1 - power(beta2, t)))).squareRoot() + Float(epsilon)
                var kept = w
                if case .adamw = rule.optimizer, lambda > 0 {
                    kept = ScalarFunctions.fma(-Float(rate * lambda), w, w)
                }
                parameters[index] = kept - slots[0][index] * Float(rate / (1 - power(beta1, t))) / divisor
            }
        }
    }
}
