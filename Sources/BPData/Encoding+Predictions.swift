extension Encoding {
    /// The class of each row of `outputs` [rows × outputWidth]: the greatest output, the first on ties, never a NaN
    /// while there is a number; of a single output the second class if it is above ½. Empty in a regression.
    package func predictedClasses(_ outputs: [Float]) -> [Int] {
        guard case .classes(_, _, let hasSingleOutput) = target else { return [] }
        if hasSingleOutput { return outputs.map { $0 > 0.5 ? 1 : 0 } }
        return rows(of: outputs).map { row in
            var best = row.startIndex
            for index in row.indices where row[index] > row[best] || row[best].isNaN && !row[index].isNaN {
                best = index
            }
            return best - row.startIndex
        }
    }

    /// A number for each row and class [rows × classes]: the outputs themselves, or for a single output o the pair
    /// 1 − o and o. They are probabilities if the output activation makes them so. Empty in a regression.
    package func probabilities(_ outputs: [Float]) -> [Float] {
        guard case .classes(_, _, let hasSingleOutput) = target else { return [] }
        return hasSingleOutput ? outputs.flatMap { [1 - $0, $0] } : outputs
    }

    /// The predicted numbers, in the target's own units. Empty in a classification.
    package func predictedNumbers(_ outputs: [Float]) -> [Double] {
        guard case .number(_, let scale) = target else { return [] }
        return outputs.map(scale.decode)
    }

    private func rows(of outputs: [Float]) -> [ArraySlice<Float>] {
        stride(from: 0, to: outputs.count - outputs.count % outputWidth, by: outputWidth).map {
            outputs[$0..<$0 + outputWidth]
        }
    }
}
