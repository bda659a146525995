extension Backpropagation {
    /// Forward, losses and errors of a batch on all threads. Layers with owned panels are passed one by one; the others
    /// in runs, by rows of the batch.
    func propagateShared(_ batch: Batch) {
        transposeForRows()
        let forwardTo = forwardShared(batch)
        let backTo = outputShared(batch, from: forwardTo)
        backShared(batch, from: backTo)
    }

    /// The weights of layers that send their errors back by rows.
    private func transposeForRows() {
        compute.forEach(layers.count - 1, isShared: true) { index in
            if schedule[index + 1].inputs == nil { transposeWeights(index + 1, 0..<layers[index].panels) }
        }
    }

    /// The layers below the last run that goes by rows: gives where that run begins, which is past the last layer if that
    /// one is owned.
    private func forwardShared(_ batch: Batch) -> Int {
        if batch.gathered != nil, schedule[0].outputs != nil { byRows(batch) { gather(batch, $0) } }
        var index = 0
        while index < layers.count {
            if let owned = schedule[index].outputs {
                forwardOwned(index, owned, batch)
                index += 1
                continue
            }
            let start = index
            while index < layers.count, schedule[index].outputs == nil { index += 1 }
            if index == layers.count { return start }
            byRows(batch) { rows in
                if start == 0 { gather(batch, rows) }
                forward(batch.inputs, rows, through: start..<index)
                for layer in start..<index { noteActivations(layer, rows, 0..<layers[layer].panels) }
            }
        }
        return index
    }

    private func forwardOwned(_ index: Int, _ owned: WorkShares<Range<Int>>, _ batch: Batch) {
        ownedPasses += 1
        let isLast = index + 1 == layers.count
        compute.forEach(owned, isShared: true) { _, panels in
            forEachBlock(batch) { rows in
                netInput(index, batch.inputs, rows, panels)
                if isLast { return }
                activate(index, rows, panels)
                noteActivations(index, rows, panels)
            }
        }
    }

    /// The last run of layers that goes by rows, the losses, and the errors as far down as they go by rows: gives the
    /// layer that sends its errors back next, 0 if none is left.
    private func outputShared(_ batch: Batch, from start: Int) -> Int {
        let last = layers.count - 1
        var stop = last
        while stop > 0, schedule[stop].inputs == nil { stop -= 1 }
        byRows(batch) { rows in
            if start == 0 { gather(batch, rows) }
            for index in start..<max(start, last) {
                forward(batch.inputs, rows, through: index..<index + 1)
                noteActivations(index, rows, 0..<layers[index].panels)
            }
            if start <= last { netInput(last, batch.inputs, rows, 0..<layers[last].panels) }
            outputEdge(batch.targets, rows)
            noteErrors(last, rows, 0..<layers[last].panels)
            backByRows(from: last, to: stop, rows)
        }
        return stop
    }

    private func backShared(_ batch: Batch, from start: Int) {
        var index = start
        while index > 0 {
            if let owned = schedule[index].inputs {
                backOwned(index, owned, batch)
                index -= 1
                continue
            }
            let top = index
            while index > 0, schedule[index].inputs == nil { index -= 1 }
            byRows(batch) { backByRows(from: top, to: index, $0) }
        }
    }

    private func backByRows(from top: Int, to stop: Int, _ rows: Range<Int>) {
        for index in stride(from: top, to: stop, by: -1) {
            hiddenDelta(below: index, rows)
            noteErrors(index - 1, rows, 0..<layers[index - 1].panels)
        }
    }

    private func backOwned(_ index: Int, _ owned: WorkShares<Range<Int>>, _ batch: Batch) {
        ownedPasses += 1
        let turns = turnsErrors(index, rows: batch.count)
        if turns {
            let count = layers[index].panels
            let pieces = min(count, compute.threads)
            compute.forEach(pieces, isShared: true) { piece in
                turnErrors(index, rows: batch.count, count * piece / pieces..<count * (piece + 1) / pieces)
            }
        }
        compute.forEach(owned, isShared: true) { _, panels in
            if turns { sendBackTurned(index, rows: batch.count, panels) } else { transposeWeights(index, panels) }
            forEachBlock(batch) { rows in
                if !turns { sendBack(index, rows, panels) }
                derivative(index - 1, rows, panels)
                noteErrors(index - 1, rows, panels)
            }
        }
    }

    private func byRows(_ batch: Batch, _ body: (Range<Int>) -> Void) {
        let blocks = schedule.rowBlocks(batch.count)
        compute.forEach(blocks.count, isShared: true) { body(blocks[$0, of: batch.count]) }
    }

    /// The rows of a batch in stretches whose activations stay in a cache.
    private func forEachBlock(_ batch: Batch, _ body: (Range<Int>) -> Void) {
        for first in stride(from: 0, to: batch.count, by: WorkSchedule.largestBlock) {
            body(first..<min(first + WorkSchedule.largestBlock, batch.count))
        }
    }
}
