import BPCore
import BPData
import TestSupport
import Testing

@testable import BPTraining

/// Task × output × loss × hidden activation × classes: each combination is trained, or refused with one that is.
@Suite struct OutputFaultTests {
    struct Combination: Sendable, CustomTestStringConvertible {
        /// 0 for numbers.
        let classes: Int
        let output: Activation
        let loss: Loss
        /// nil for no hidden layer.
        let hidden: Activation?

        var testDescription: String { "\(classes) \(output) \(loss) \(hidden.map { "\($0)" } ?? "none")" }

        /// The definitions in docs/data.md, Targets.
        var isSuitable: Bool {
            switch (classes, loss) {
            case (0, _): output == .identity && loss == .halfSquaredError
            case (_, .crossEntropy): output == .softmax || output == .sigmoid
            case (_, .halfSquaredError): true
            }
        }
    }

    static let combinations: [Combination] = [0, 2, 3].flatMap { classes in
        Activation.allCases.flatMap { output in
            Loss.allCases.flatMap { loss in
                ([nil] + Activation.allCases.filter { $0 != .softmax }).map { hidden in
                    Combination(classes: classes, output: output, loss: loss, hidden: hidden)
                }
            }
        }
    }

    /// Rows of which a plane separates the classes, or gives the number.
    private static func table(classes: Int) throws -> Table {
        var random = SplitMix64(5)
        func draw() -> Double { Double(random.next() >> 11) / Double(1 << 53) }
        let points = (0..<90).map { _ in (draw(), draw()) }
        let sums = points.map { $0.0 + $0.1 }
        let target: Column.Values =
            classes == 0
            ? .f64(sums) : .text(try TextValues(sums.map { "c\(min(classes - 1, Int($0 / 2 * Double(classes))))" }))
        return try Table(
            name: "plane",
            columns: [
                Column(name: "a", values: .f64(points.map(\.0))), Column(name: "b", values: .f64(points.map(\.1))),
                Column(name: "t", values: target),
            ])
    }

    private static func options(_ combination: Combination) -> TrainingOptions {
        var options = TrainingOptions(target: "t", outputActivation: combination.output, loss: combination.loss)
        (options.hidden, options.learningRate, options.batchSize) = ([], 0.02, .rows(8))
        if let hidden = combination.hidden { (options.hidden, options.activation) = ([8], hidden) }
        return options
    }

    @Test("each is trained to a sensible score, or refused with a combination that is", arguments: combinations)
    func suits(_ combination: Combination) throws {
        let table = try OutputFaultTests.table(classes: combination.classes)
        var options = OutputFaultTests.options(combination)
        do {
            _ = try TrainingPlan(table, options: options)
            #expect(combination.isSuitable)
        } catch TrainingError.unsuitable(let settings, let what, let instead) {
            #expect(!combination.isSuitable && !what.isEmpty)
            #expect(!settings.isEmpty)
            for choice in instead {
                if choice.name == "loss" { options.loss = Loss(rawValue: choice.value) }
                if choice.name == "output activation" { options.outputActivation = Activation(rawValue: choice.value) }
            }
        }
        let plan = try TrainingPlan(table, options: options)
        #expect(plan.warnings.contains { $0.contains("relu outputs") } == (options.outputActivation == .relu))
        let outcome = try plan.trainUnrecorded(epochs: 80, threads: 1)
        #expect(outcome.divergedAt == nil)
        let evaluation = try outcome.model.evaluate(table)
        #expect(evaluation.loss >= 0 && evaluation.loss.isFinite)
        switch evaluation.scores {
        // A ReLU output may be 0 for every row and learn no more, of which the plan warns.
        case .classification(let accuracy, _, _):
            #expect(combination.output == .relu || accuracy > (evaluation.majorityShare ?? 1))
        case .regression(let r2, _, _): #expect(try #require(r2) > 0.9)
        }
        let predictions = try outcome.model.predict(table)
        guard predictions.areProbabilities else { return }
        let width = combination.classes
        for row in stride(from: 0, to: predictions.probabilities.count, by: width) {
            let own = predictions.probabilities[row..<row + width]
            #expect(own.allSatisfy { (0...1).contains($0) } && abs(own.reduce(0, +) - 1) < 1e-5)
        }
    }

    @Test("only softmax, and the single output of sigmoid, give probabilities")
    func probabilities() throws {
        for combination in OutputFaultTests.combinations where combination.isSuitable && combination.hidden == nil {
            let table = try OutputFaultTests.table(classes: combination.classes)
            let plan = try TrainingPlan(table, options: OutputFaultTests.options(combination))
            let model = try plan.trainUnrecorded(epochs: 1, threads: 1).model
            let expected =
                combination.classes > 0
                && (combination.output == .softmax || (combination.output == .sigmoid && combination.classes == 2))
            #expect(try model.predict(table).areProbabilities == expected, "\(combination)")
        }
    }

    /// Targets of ±1 in equal numbers have the standardised values ±1.
    @Test("the range of the targets decides, not the name of the activation")
    func range() throws {
        func fault(_ output: Activation, _ targets: ClosedRange<Float>) -> OutputFault? {
            OutputFault(output, .halfSquaredError, task: .regression, target: "t", outputs: 1, targets: targets)
        }
        #expect(fault(.tanh, -1...1) == nil && fault(.tanh, -1.1...1) != nil && fault(.tanh, -1...1.1) != nil)
        #expect(fault(.sigmoid, 0...1) == nil && fault(.sigmoid, -0.1...1) != nil && fault(.sigmoid, 0...1.1) != nil)
        #expect(fault(.relu, 0...1e6) == nil && fault(.relu, -0.1...1) != nil)
        #expect(fault(.identity, -1e6...1e6) == nil)
        let refused = try #require(fault(.sigmoid, -2...2))
        #expect(
            refused.isDefined
                && refused.what
                    == "sigmoid outputs are between 0 and 1, and the scaled values of t reach from -2.0 to 2.0"
        )
    }

    @Test("an activation without a hidden layer is refused, not ignored")
    func noHiddenLayer() throws {
        let options = TrainingOptions(target: "t", hidden: [], activation: .relu)
        do {
            _ = try TrainingPlan(OutputFaultTests.table(classes: 2), options: options)
            Issue.record("it was accepted")
        } catch TrainingError.setting(let name, let value, let allowed) {
            #expect(name == "activation" && value == "relu" && allowed.contains("left out"))
        }
    }
}
