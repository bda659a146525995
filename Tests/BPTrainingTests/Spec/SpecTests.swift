import BPCore
import BPData
import BPJSON
import BPRegistry
import TestSupport
import Testing

@testable import BPTraining

/// From options and data to a spec, and back from its JSON.
@Suite struct SpecTests {
    private func spec(_ change: (inout TrainingOptions) -> Void = { _ in }) throws -> TrainingSpec {
        try TrainingPlan(Fixture.classes(), options: Fixture.options(change)).spec
    }

    @Test("The canonical text is fixed: stored specs and their hashes depend on it")
    func canonicalText() throws {
        let table = try Table(
            name: "t",
            columns: [
                Column(name: "x", values: .f64([0, 1, 2, 3, 4, 5])),
                Column(name: "n", values: .u8([1, 2, 3, 4, 5, 6])),
                Column(name: "y", values: .text(try TextValues(["a", "b", "a", "b", "a", "b"]))),
            ])
        var options = TrainingOptions()
        (options.target, options.ignored, options.hidden, options.batchSize) = ("y", ["n"], [2], .rows(2))
        (options.validation, options.test, options.tolerance) = (0, 0, 0.001)
        let text = try TrainingPlan(table, options: options).spec.json.serialized
        #expect(
            text == """
                {"batch_size":2,"columns":[{"name":"x","role":"feature"},{"name":"n","role":"ignored"},\
                {"name":"y","role":"target"}],"dataset":"","encoding":{"features":[{"deviation":1.7078252,"mean":2.5,\
                "name":"x"}],"target":{"classes":["a","b"],"name":"y","single_output":false}},"format":1,\
                "initializer":"glorot-uniform","loss":"cross-entropy","network":[{"activation":"tanh","n_in":1,"n_out":2},\
                {"activation":"softmax","n_in":2,"n_out":2}],"numerics":2,"optimizer":{"beta1":0.9,"beta2":0.999,\
                "epsilon":1e-08,"learning_rate":0.005,"name":"adam"},"seed":1,"shuffle":true,"split":{"stratified":true,\
                "test":0.0,"validation":0.0},"tolerance":0.001}
                """)
    }

    @Test("What is written is read back", arguments: Optimizer.Name.allCases)
    func roundTrip(rule: Optimizer.Name) throws {
        let written = try spec {
            $0.optimizer = rule
            $0.tolerance = rule == .sgd ? nil : 1e-5
            $0.shuffle = rule == .adam
        }
        #expect(try TrainingSpec(json: JSONValue(parsing: written.json.serialized), run: 1) == written)
    }

    @Test("Weight decay and schedules add their keys only where they are used")
    func decayAndSchedule() throws {
        let plain = try spec()
        #expect(
            try spec { ($0.weightDecay, $0.schedule, $0.warmup) = (0, .constant, 0) }.json.serialized
                == plain.json.serialized)
        #expect(!plain.settings.contains { $0.name == "weight_decay" || $0.name == "schedule" })
        let text = try spec {
            $0.optimizer = .adamw
            Fixture.schedule(.cosine, &$0)
        }
        #expect(
            text.json["schedule"]?.serialized == #"{"epochs":7,"min_rate":0.001,"name":"cosine","warmup":2}"#)
        #expect(text.json["weight_decay"]?.number == 0.01)
        let settings = Dictionary(uniqueKeysWithValues: text.settings.map { ($0.name, $0.value) })
        #expect(settings["weight_decay"] == .number(0.01) && settings["schedule"] == .text("cosine"))
        #expect(settings["schedule_epochs"] == .integer(7) && settings["warmup"] == .integer(2))
        #expect(settings["min_rate"] == .number(0.001) && settings["gamma"] == nil)
        #expect(text.learningRate(epoch: 3) == 0.005 && text.learningRate(epoch: 7) == 0.001)
        let standard = try spec { ($0.schedule, $0.scheduleEpochs, $0.learningRate) = (.cosine, 5, 0.5) }
        #expect(standard.json["schedule"]?["min_rate"]?.number == 0.005)
        let step = try spec { Fixture.schedule(.step, &$0) }
        #expect(step.json["schedule"]?["step_epochs"]?.int == 2)
        let names = Set(step.settings.map(\.name))
        #expect(names.isSuperset(of: ["gamma", "step_epochs"]) && !names.contains("weight_decay"))
    }

    @Test(
        "A schedule is read back, and one that cannot be is refused", arguments: Schedule.Name.allCases)
    func schedules(name: Schedule.Name) throws {
        let written = try spec {
            $0.weightDecay = 0.5
            Fixture.schedule(name, &$0)
        }
        #expect(try TrainingSpec(json: JSONValue(parsing: written.json.serialized), run: 1) == written)
        // Whole numbers, which JSON does not tell from integers.
        let whole = try spec {
            ($0.schedule, $0.learningRate, $0.weightDecay) = (name, 2, 0.25)
            if name == .step || name == .exponential { $0.gamma = 1 }
            if name == .step { $0.stepEpochs = 1 }
            if name == .cosine { ($0.scheduleEpochs, $0.minimumRate) = (2, 0) }
        }
        #expect(try TrainingSpec(json: JSONValue(parsing: whole.json.serialized), run: 1) == whole)
        let schedule = try #require(written.json["schedule"]?.object)
        let wrong: [(String, JSONValue)] = [
            ("epochs", 1), ("epochs", "7"), ("warmup", -1), ("name", "none"), ("gamma", 2.0), ("step_epochs", 0),
            ("min_rate", 1.0), ("other", 1), ("epochs", .null),
        ]
        for (key, value) in wrong {
            var members = try #require(written.json.object)
            members["schedule"] = .object(schedule.merging([key: value]) { $1 })
            guard
                case .badSpec? = #expect(
                    throws: TrainingError.self,
                    performing: {
                        try TrainingSpec(json: .object(members), run: 1)
                    })
            else {
                Issue.record("\(name) with \(key) \(value)")
                continue
            }
        }
        for none: JSONValue in ["cosine", .null, [:], ["name": "constant"], ["name": "constant", "after_epoch": 3]] {
            var members = try #require(written.json.object)
            members["schedule"] = none
            #expect(throws: TrainingError.self, "\(none)") { try TrainingSpec(json: .object(members), run: 1) }
        }
        for decay: JSONValue in [-1.0, 0.0, "x", 1e9] {
            var members = try #require(written.json.object)
            members["weight_decay"] = decay
            #expect(throws: TrainingError.self) { try TrainingSpec(json: .object(members), run: 1) }
        }
    }

    @Test("What a schedule needs is asked for, and what it has not is refused")
    func scheduleOptions() throws {
        func error(_ change: (inout TrainingOptions) -> Void) -> String {
            #expect(throws: (any Error).self) { try spec(change) }.map { "\($0)" } ?? ""
        }
        #expect(error { $0.schedule = .step } == "the schedule step needs gamma")
        #expect(error { ($0.schedule, $0.gamma) = (.step, 0.5) } == "the schedule step needs step epochs")
        #expect(error { $0.schedule = .exponential } == "the schedule exponential needs gamma")
        #expect(error { $0.schedule = .cosine } == "the schedule cosine needs schedule epochs")
        #expect(error { $0.gamma = 0.5 } == "gamma is 0.5, but constant has none")
        #expect(error { $0.scheduleEpochs = 5 }.hasSuffix(", but constant has none"))
        #expect(error { ($0.schedule, $0.scheduleEpochs, $0.gamma) = (.cosine, 5, 0.5) }.contains("gamma is 0.5"))
        #expect(error { ($0.schedule, $0.gamma, $0.stepEpochs) = (.exponential, 0.5, 2) }.contains("step epochs is 2"))
        #expect(error { ($0.schedule, $0.gamma, $0.minimumRate) = (.exponential, 0.5, 0) }.contains("min rate is 0.0"))
        #expect(
            error { ($0.schedule, $0.scheduleEpochs, $0.warmup) = (.cosine, 5, 4) }.hasPrefix("schedule epochs is 5;"))
        #expect(
            error { ($0.schedule, $0.scheduleEpochs, $0.minimumRate) = (.cosine, 5, 0.1) }
                == "min rate is 0.1; it must be 0, or at least 1.4e-45 (the least float32) and at most the learning rate, 0.005"
        )
    }

    @Test("Other numerics, other formats, unknown keys and missing ones are refused")
    func refusals() throws {
        var members = try #require(spec().json.object)
        func refused(_ change: (inout [String: JSONValue]) -> Void) throws -> TrainingError? {
            var changed = members
            change(&changed)
            return #expect(throws: TrainingError.self) { try TrainingSpec(json: .object(changed), run: 3) }
        }
        guard case .numericsVersion(run: 3, needed: 3)? = try refused({ $0["numerics"] = 3 }) else {
            Issue.record("another numerics version is computed")
            return
        }
        for key in members.keys where key != "tolerance" {
            guard case .badSpec(3, _)? = try refused({ $0[key] = nil }) else {
                Issue.record("\(key) may be missing")
                continue
            }
        }
        guard case .badSpec? = try refused({ $0["dropout"] = 0.5 }) else {
            Issue.record("an unknown key is overlooked")
            return
        }
        guard case .badSpec? = try refused({ $0["network"] = [["n_in": 9, "n_out": 3, "activation": "softmax"]] })
        else {
            Issue.record("the network does not fit the encoding")
            return
        }
        members["numerics"] = 3
        #expect(try TrainingSpec(json: .object(members), run: 3, anyNumerics: true).numerics == 3)
        for known in Numerics.allCases.map(\.rawValue) {
            members["numerics"] = JSONValue(known)
            #expect(try TrainingSpec(json: .object(members), run: 3).numerics == known)
        }
    }

    @Test("Numbers that cannot be are refused with their value")
    func badNumbers() throws {
        let wrong: [(String, (inout TrainingOptions) -> Void)] = [
            ("0", { $0.hidden = [4, 0] }), ("-1", { $0.seed = -1 }), ("0", { $0.batchSize = .rows(0) }),
            ("63", { $0.batchSize = .rows(63) }), ("nan", { $0.learningRate = .nan }),
            ("-0.1", { $0.learningRate = -0.1 }),
            ("-0.5", { $0.weightDecay = -0.5 }), ("nan", { $0.weightDecay = .nan }), ("-1", { $0.warmup = -1 }),
            ("0.0", { ($0.schedule, $0.gamma) = (.exponential, 0) }),
            ("inf", { $0.learningRate = .infinity }), ("0.0", { $0.tolerance = 0 }), ("1.0", { $0.beta1 = 1 }),
            ("0.5", { $0.momentum = 0.5 }), ("softmax", { $0.activation = .softmax }),
            ("-0.5", { $0.validation = -0.5 }),
            ("0.9", { ($0.validation, $0.test) = (0.9, 0.6) }), ("9223372036854775807", { $0.hidden = [.max, 2] }),
            ("zzz", { $0.ignored = ["zzz"] }), ("kind", { $0.ignored = ["kind"] }),
        ]
        for (value, change) in wrong {
            let error = #expect(throws: (any Error).self) { try spec(change) }
            #expect(
                error.map { "\($0)".contains(value) } == true, "\(String(describing: error)) does not tell \(value)")
        }
    }

    @Test("Without a target the columns are offered")
    func noTarget() throws {
        do {
            _ = try spec { $0.target = nil }
            Issue.record("there is no target")
        } catch TrainingError.noTarget(let overview) {
            #expect(overview.likelyTarget == "y")
        }
    }

    @Test("A default batch larger than the data is clamped and said; a larger one that was asked for is refused")
    func batchIsClamped() throws {
        let table = try Fixture.classes(rows: 12)
        let plan = try TrainingPlan(table, options: Fixture.options { $0.batchSize = nil })
        #expect(plan.spec.batchSize == plan.split.training.count)
        #expect(plan.notes.contains { $0.contains("clamped") })
    }

    @Test("A category that only validation or test rows have counts as 0, and is said")
    func rareCategory() throws {
        let table = try Fixture.classes()
        let split = try TrainingPlan(table, options: Fixture.options()).split
        let rare = try #require(split.test.first)
        let columns = try table.columns.map { column in
            guard column.name == "shape" else { return column }
            let texts = (0..<table.rowCount).map { $0 == rare ? "star" : column.text(at: $0) }
            return Column(name: "shape", values: .text(try TextValues(texts)))
        }
        let plan = try TrainingPlan(Table(name: "points", columns: columns), options: Fixture.options())
        #expect(plan.warnings.contains { $0.contains("test split") && $0.contains("star") })
    }

    @Test("That a small table is mostly set aside is said, and how not to")
    func smallTable() throws {
        let table = try Fixture.classes(rows: 9)
        let plan = try TrainingPlan(table, options: Fixture.options { $0.batchSize = nil })
        #expect(plan.warnings.contains { $0.contains("rows are left for training") && $0.contains("--validation 0") })
        let whole = Fixture.options { ($0.batchSize, $0.validation, $0.test) = (nil, 0, 0) }
        #expect(try TrainingPlan(table, options: whole).warnings == [])
    }
}
