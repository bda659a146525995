extension Backpropagation {
    /// Forward, losses and errors of a batch on the caller's thread, in blocks of rows: no row depends on another.
    func propagateAlone(_ batch: Batch) {
        let last = layers.count - 1
        for index in 1..<layers.count where !turnsErrors(index, rows: batch.count) {
            transposeWeights(index, 0..<layers[index - 1].panels)
        }
        let notes = schedule.isFused(rows: batch.count)
        let blocks = schedule.rowBlocks(batch.count)
        for block in 0..<blocks.count {
            let rows = blocks[block, of: batch.count]
            gather(batch, rows)
            forward(batch.inputs, rows, through: 0..<last)
            netInput(last, batch.inputs, rows, 0..<layers[last].panels)
            outputEdge(batch.targets, rows)
            for index in stride(from: last, to: 0, by: -1) { sendBackAlone(index, rows, of: batch.count) }
            if notes { note(rows) }
        }
    }

    private func sendBackAlone(_ index: Int, _ rows: Range<Int>, of count: Int) {
        let panels = 0..<layers[index - 1].panels
        guard turnsErrors(index, rows: count) else { return hiddenDelta(below: index, rows) }
        turnErrors(index, rows: count, 0..<layers[index].panels)
        sendBackTurned(index, rows: count, panels)
        derivative(index - 1, rows, panels)
    }

    private func note(_ rows: Range<Int>) {
        for index in 0..<layers.count {
            if index + 1 < layers.count { noteActivations(index, rows, 0..<layers[index].panels) }
            noteErrors(index, rows, 0..<layers[index].panels)
        }
    }
}
