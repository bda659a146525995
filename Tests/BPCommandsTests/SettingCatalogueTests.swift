import ArgumentParser
import BPCore
import BPData
import BPJSON
import BPRegistry
import Foundation
import Testing

@testable import BPCommands
@testable import BPTraining

/// The settings that a test offers as options.
private enum Offered: SettingGroup {
    @TaskLocal static var settings = SettingCatalogue.training.settings.filter { $0.option != nil }
}

@Suite("An entry of the catalogue is everything that is known of a setting")
struct SettingCatalogueTests {
    /// The options in the help.
    static let offered = options(of: SettingOptions<Offered>.helpMessage())

    /// Choices with which every setting of a spec's JSON is recorded by one of them.
    static let samples = [
        TrainingOptions(
            optimizer: .adamw, beta1: 0.5, schedule: .step, scheduleEpochs: 20, gamma: 0.5, stepEpochs: 3, warmup: 2,
            tolerance: 0.1),
        TrainingOptions(optimizer: .momentum, schedule: .cosine, scheduleEpochs: 20, splitSeed: 9),
    ]

    /// Choices that are refused: by which setting, and the beginning of the message.
    static let errors: [(setting: String, options: TrainingOptions, words: String)] = [
        ("hidden", .init(hidden: [3, 0]), "hidden is 0; it must be layers of at least 1 unit, such as 32,16"),
        ("activation", .init(activation: .softmax), "activation is softmax"),
        ("batch size", .init(batchSize: .rows(0)), "batch size is 0; it must be 1 to 9223372036854775807, or all"),
        ("seed", .init(seed: -1), "seed is -1; it must be 0 to 9223372036854775807"),
        ("split seed", .init(splitSeed: -1), "split seed is -1; it must be 0 to 9223372036854775807"),
        ("tolerance", .init(tolerance: 0), "tolerance is 0.0; it must be a finite number above 0"),
        ("momentum", .init(momentum: 0.9), "momentum is 0.9, but adam has none"),
        ("beta1", .init(optimizer: .sgd, beta1: 0.5), "beta1 is 0.5, but sgd has none"),
        (
            "beta2", .init(optimizer: .momentum, beta2: 0.5),
            "beta2 is 0.5, but momentum has none"
        ),
        ("epsilon", .init(optimizer: .sgd, epsilon: 1), "epsilon is 1.0, but sgd has none"),
        ("gamma", .init(schedule: .exponential), "the schedule exponential needs gamma"),
        ("step epochs", .init(schedule: .step, gamma: 1), "the schedule step needs step epochs"),
        ("min rate", .init(minimumRate: 0), "min rate is 0.0, but constant has none"),
        ("schedule epochs", .init(scheduleEpochs: 9), "schedule epochs is 9, but "),
    ]

    @Test(
        "Without its entry a setting has no option, help, spec key, row, text, inheritance or change",
        arguments: SettingCatalogue.training.settings.map(\.name))
    func removed(_ name: String) throws {
        let (whole, rest) = (SettingCatalogue.training, SettingCatalogueTests.without(name))
        let setting = try #require(whole[name])
        if let option = setting.option {
            #expect(SettingCatalogueTests.offered.contains(option))
            Offered.$settings.withValue(rest.settings.filter { $0.option != nil }) {
                #expect(!SettingCatalogueTests.options(of: SettingOptions<Offered>.helpMessage()).contains(option))
                #expect(throws: (any Error).self) { try SettingOptions<Offered>.parse([option, "1"]) }
            }
        }
        guard !setting.key.isEmpty else { return }
        let options = SettingCatalogueTests.samples
        var specs = try options.map { try TrainingSpec($0) }
        let scale = Scale(mean: 0, deviation: 1)
        for index in specs.indices {
            specs[index].scheduleStart = 5
            specs[index].encoding = Encoding(
                features: [.number(name: "x", scale: scale)], target: .number(name: "y", scale: scale))
        }
        let spec = try #require(specs.first { setting.recorded(in: $0) != nil })
        func member(_ json: JSONValue) -> JSONValue? { setting.key.reduce(json as JSONValue?) { $0?[$1] } }
        #expect(member(spec.json()) != nil && member(spec.json(rest)) == nil)
        #expect(try TrainingSpec(json: spec.json(), run: 1, anyNumerics: false, whole) == spec)
        let row = try #require(setting.row)
        #expect(spec.settings(whole).contains { $0.name == row } && !spec.settings(rest).contains { $0.name == row })
        if let label = setting.label, !label.isEmpty {
            #expect(spec.ruleText(whole).contains(label + " ") && !spec.ruleText(rest).contains(label + " "))
        }
        guard setting.option != nil else { return }
        let merged = TrainingOptions().inheriting(spec, rest)
        #expect(setting.asked(TrainingChoices(options: merged)) == nil)
        if setting.change != .never {
            #expect(setting.asked(TrainingChoices(options: TrainingOptions().inheriting(spec, whole))) != nil)
        }
        if setting.key.count == 1, name != "initializer" {
            #expect(throws: TrainingError.self) {
                try TrainingSpec(json: spec.json(), run: 1, anyNumerics: false, rest)
            }
        }
    }

    @Test("Without its entry a setting is neither refused nor a change", arguments: errors)
    func refused(_ setting: String, _ options: TrainingOptions, _ words: String) throws {
        let rest = SettingCatalogueTests.without(setting)
        let error = #expect(throws: TrainingError.self) { try TrainingSpec(options) }
        #expect(error?.description.hasPrefix(words) == true, "\(String(describing: error))")
        if (try? TrainingSpec(options, rest)) == nil {
            let other = #expect(throws: (any Error).self) { try TrainingSpec(options, rest) }
            #expect("\(String(describing: other))".contains(words) == false)
        }
        let spec = try TrainingSpec(.init())
        let changes = spec.changes(options, trainingRows: 9).map(\.name)
        #expect(changes.contains(setting) || ["gamma", "step epochs"].contains(setting))
        #expect(!spec.changes(options, trainingRows: 9, rest).map(\.name).contains(setting))
    }

    @Test("Each option is typed, read and recorded as its kind says")
    func typed() throws {
        var (words, expected): ([String], [String: SettingValue]) = ([], [:])
        for (index, setting) in Offered.settings.enumerated() {
            let value: SettingValue =
                switch setting.kind {
                case .number: .number(Double(index) / 8)
                case .count, .bytes, .batch: .integer(Int64(index))
                case .units: .text("\(index),1")
                case .flag: .bool(false)
                case .names(let names): .text(try #require(names.last))
                case .text, .list: .text("c\(index)")
                }
            words += [try #require(setting.option), value.text]
            expected[setting.name] = value
        }
        var choices = TrainingChoices()
        try SettingOptions<Offered>.parse(words).apply(to: &choices)
        for setting in Offered.settings { #expect(setting.asked(choices) == expected[setting.name], "\(setting.name)") }
        choices = TrainingChoices()
        try SettingOptions<Offered>.parse([
            "--ignore", "a,b", "--ignore", "c", "--batch-size", "all", "--hidden", "none",
        ])
        .apply(to: &choices)
        #expect(choices.options == TrainingOptions(ignored: ["a,b", "c"], hidden: [], batchSize: .all))
        choices = TrainingChoices()
        try SettingOptions<Offered>.parse([]).apply(to: &choices)
        #expect(choices == TrainingChoices())
    }

    @Test("bpreg train has the catalogue's options, each once, and the page has them too")
    func offered() throws {
        let help = TrainCommand.helpMessage(columns: 80)
        let page = try String(contentsOf: HelpTests.docs.appending(path: "commands.md"), encoding: .utf8)
        for setting in Offered.settings {
            let option = try #require(setting.option)
            #expect(help.components(separatedBy: "\n  \(option) <\(setting.valueName)>").count == 2, "\(option)")
            #expect(page.contains("`\(option)"), "\(option)")
        }
        let settings = SettingCatalogue.training.settings
        for unique in [settings.map(\.name), settings.compactMap(\.option), settings.compactMap(\.row)] {
            #expect(Set(unique).count == unique.count)
        }
        for setting in settings {
            let owner = setting.owner?.setting
            #expect(owner == nil || settings.prefix { $0.name != setting.name }.contains { $0.name == owner })
        }
    }

    private static func without(_ name: String) -> SettingCatalogue {
        var catalogue = SettingCatalogue.training
        catalogue.settings.removeAll { $0.name == name }
        return catalogue
    }

    private static func options(of help: String) -> Set<String> {
        Set(help.split(whereSeparator: { " \n".contains($0) }).map(String.init))
    }
}
