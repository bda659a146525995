import CBPKernels

/// Iterations: batches one after another, all with one learning rate.
public struct StepSeries {
    /// The samples.
    public let samples: Samples
    /// The order in which samples are visited, an index into `samples` each; nil for the samples' own order.
    public let rows: UnsafeBufferPointer<Int32>?
    /// Which places of that order are visited.
    public let range: Range<Int>
    /// B. The last batch may have fewer rows.
    public let batchSize: Int
    /// t of the first update, counted from 1.
    public let optimizerStep: Int
    /// μ.
    public let learningRate: Double

    /// Iterations with these contents.
    public init(
        samples: Samples, rows: UnsafeBufferPointer<Int32>?, range: Range<Int>, batchSize: Int, optimizerStep: Int,
        learningRate: Double
    ) {
        (self.samples, self.rows, self.range, self.batchSize) = (samples, rows, range, batchSize)
        (self.optimizerStep, self.learningRate) = (optimizerStep, learningRate)
    }

    /// ⌈N/B⌉ for the N places of `range`.
    public var iterations: Int { (range.count + batchSize - 1) / batchSize }
}

/// The result of `Backpropagation.train`.
public struct StepSeriesResult: Sendable, Equatable {
    /// How many iterations were done, a refused one among them.
    public let iterations: Int
    /// False if the loss or the gradient of the last iteration is not finite: then its update was not made.
    public let isFinite: Bool
}

extension Backpropagation {
    /// Iterations one after another, equal to as many calls of `step` to the bit. Small networks take one call of the
    /// kernels for all of them (`trainsSmall`).
    /// - Parameters:
    ///   - losses: is given the loss of each iteration.
    ///   - lossSum: Σ B_t J_t of the iterations is added to it, term by term in order (THEORY row 3).
    /// - Precondition: as `step` for each batch; `losses` has room for all iterations.
    public func train(
        _ series: StepSeries, losses: UnsafeMutableBufferPointer<Float>, lossSum: inout Double
    ) -> StepSeriesResult {
        precondition(losses.count >= series.iterations, "no room for the losses of all iterations")
        guard let small, trainsSmall(series.batchSize), let start = losses.baseAddress else {
            return trainByStep(series, losses, &lossSum)
        }
        check(series)
        let update = optimizer.numbers(
            step: series.optimizerStep, learningRate: series.learningRate, weightDecay: weightDecay)
        // Whole batches in one call; the last, if it has fewer rows, is a step.
        let whole = series.range.count / series.batchSize
        let (done, isRefused) = small.train(
            series, update, self, first: series.range.lowerBound, rows: series.batchSize, iterations: whole,
            losses: start, lossSum: &lossSum)
        smallIterations += done
        if isRefused || done == series.iterations { return StepSeriesResult(iterations: done, isFinite: !isRefused) }
        let rest = StepSeries(
            samples: series.samples, rows: series.rows,
            range: series.range.lowerBound + done * series.batchSize..<series.range.upperBound,
            batchSize: series.batchSize, optimizerStep: series.optimizerStep + done,
            learningRate: series.learningRate)
        let last = trainByStep(rest, UnsafeMutableBufferPointer(rebasing: losses[done...]), &lossSum)
        return StepSeriesResult(iterations: done + last.iterations, isFinite: last.isFinite)
    }

    /// Whether `train` takes one call of the kernels for all whole batches of so many rows.
    package func trainsSmall(_ batchSize: Int) -> Bool {
        guard let small, batchSize <= small.rows else { return false }
        return batchSize == 1 || batchSize * network.parameterCount <= SmallTraining.greatestWork
    }

    private func trainByStep(
        _ series: StepSeries, _ losses: UnsafeMutableBufferPointer<Float>, _ lossSum: inout Double
    ) -> StepSeriesResult {
        var done = 0
        for first in stride(from: series.range.lowerBound, to: series.range.upperBound, by: series.batchSize) {
            let range = first..<min(first + series.batchSize, series.range.upperBound)
            let result = step(
                series.samples, rows: series.rows, range: range, optimizerStep: series.optimizerStep + done,
                learningRate: series.learningRate)
            losses[done] = result.loss
            lossSum += Double(range.count) * Double(result.loss)
            done += 1
            if !result.isFinite { return StepSeriesResult(iterations: done, isFinite: false) }
        }
        return StepSeriesResult(iterations: done, isFinite: true)
    }

    // The checks that `step` makes of each batch.
    private func check(_ series: StepSeries) {
        let samples = series.samples
        precondition(
            samples.inputWidth == network.inputs && samples.targetWidth == network.outputs,
            "samples of other widths than the network's")
        precondition(series.optimizerStep >= 1, "updates are counted from 1")
        let range = series.range
        guard let rows = series.rows else {
            precondition(range.lowerBound >= 0 && range.upperBound <= samples.count, "rows outside the samples")
            return
        }
        precondition(range.lowerBound >= 0 && range.upperBound <= rows.count, "places outside the order of rows")
        var greatest: UInt32 = 0
        for place in range { greatest = max(greatest, UInt32(bitPattern: rows[place])) }
        precondition(range.isEmpty || greatest < samples.count, "a row outside the samples")
    }
}
