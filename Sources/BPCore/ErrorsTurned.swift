/// When a layer's errors are transposed, to be sent back, instead of its weights. It costs less for a small batch at a large
/// layer, and such a layer needs no second copy of its weights. No bit depends on it.
enum ErrorsTurned {
    /// The most rows for which it pays: B (n_in + n_out) ≤ n_in n_out / 4, or a single vector of rows.
    static func mostRows(inputs: Int, outputs: Int) -> Int {
        let (product, overflow) = inputs.multipliedReportingOverflow(by: outputs)
        let rows = overflow ? WorkSchedule.largestBlock : product / 4 / (inputs + outputs)
        return min(max(rows, lanes), WorkSchedule.largestBlock)
    }

    /// Floats from the errors of one unit to those of the next: whole vectors, but no multiple of 128, because they would
    /// fall into few sets of the cache.
    static func stride(rows: Int) -> Int {
        let padded = panels(rows) * lanes
        return padded % 128 == 0 ? padded + lanes : padded
    }
}
