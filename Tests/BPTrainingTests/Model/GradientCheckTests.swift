import BPCore
import BPData
import BPTraining
import TestSupport
import Testing

/// `bpreg gradcheck`: the trainer's gradient against central differences in Double.
@Suite struct GradientCheckTests {
    static let cases: [(Activation, Activation, Loss)] = [
        (.sigmoid, .softmax, .crossEntropy), (.tanh, .softmax, .crossEntropy), (.relu, .softmax, .crossEntropy),
        (.identity, .softmax, .halfSquaredError), (.sigmoid, .sigmoid, .halfSquaredError),
        (.tanh, .sigmoid, .crossEntropy), (.relu, .identity, .halfSquaredError), (.sigmoid, .tanh, .halfSquaredError),
    ]

    private func isPassed(_ check: GradientCheck) -> Bool {
        check.layers.allSatisfy { $0.worst <= check.bound && $0.checked > 0 }
    }

    @Test("The gradient of every pair of activation and loss is within the bound", arguments: cases)
    func agrees(activation: Activation, output: Activation, loss: Loss) throws {
        let options = Fixture.options {
            $0.hidden = [7, 5]
            ($0.activation, $0.outputActivation, $0.loss) = (activation, output, loss)
        }
        let check = try GradientCheck(TrainingPlan(Fixture.classes(), options: options))
        #expect(check.layers.count == 3)
        #expect(isPassed(check), "\(check.layers)")
        #expect(abs(Double(check.loss) - check.referenceLoss) < 1e-5)
        if activation != .relu { #expect(check.layers.allSatisfy { $0.kinks == 0 && $0.checked == $0.parameters }) }
    }

    @Test("A bound that float32 cannot keep is not passed")
    func canFail() throws {
        var settings = GradientCheck.Settings()
        settings.bound = 1e-12
        let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
        #expect(try !isPassed(GradientCheck(plan, settings: settings)))
    }

    @Test("A step so wide that ReLU units change sides is counted")
    func kinks() throws {
        var settings = GradientCheck.Settings()
        settings.step = 0.5
        let options = Fixture.options { $0.activation = .relu }
        let check = try GradientCheck(TrainingPlan(Fixture.classes(), options: options), settings: settings)
        #expect(check.layers[0].kinks > 0)
        #expect(check.layers[0].kinks + check.layers[0].checked == check.layers[0].parameters)
    }

    @Test("Settings that cannot be are refused")
    func refusals() throws {
        let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
        for change: (inout GradientCheck.Settings) -> Void in [
            { $0.rows = 0 }, { $0.step = 0 }, { $0.step = .nan }, { $0.bound = -1 }, { $0.parametersPerLayer = 0 },
        ] {
            var settings = GradientCheck.Settings()
            change(&settings)
            #expect(throws: TrainingError.self) { try GradientCheck(plan, settings: settings) }
        }
    }
}
