import BPJSON
import BPRegistry
import BPTraining

// The recorded states, settings and measures of compared models.
extension CompareText {
    /// Prints the states, the settings that differ and the measures, the best of each marked.
    func writeModels() throws {
        let differing = comparison.settings.filter(\.differs)
        let (chosen, following) = isWhole ? ([], []) : chosen(differing)
        let ranking = Ranking(comparison.models)
        let measures = measures(ranking)
        let lines = states + chosen.map(line) + measures
        try ComparedTable(names: names, lines: lines).write(to: output)
        let hasBest = measures.contains { !$0.best.isEmpty }
        if hasBest { try sentence("* the \(names.count == 2 ? "better" : "best") value of a measure") }
        if !measures.isEmpty, let unranked = ranking.sentence { try sentence(unranked) }
        let all = comparison.settings.count
        guard isWhole else {
            return try sentence(
                differing.isEmpty
                    ? "all \(all) settings are the same; --all shows them"
                    : "\(differing.count) of \(all) settings differ"
                        + (following.isEmpty
                            ? ""
                            : " (a consequence of others and not shown: "
                                + following.map(\.name).joined(separator: ", ") + ")")
                        + "; --all shows all")
        }
        try heading(
            differing.isEmpty
                ? "Settings: all \(all) are the same" : "Settings: \(differing.count) of \(all) differ (≠)")
        let same = comparison.settings.filter { !$0.differs }
        let marked = (differing + same).map { setting in
            ComparedLine(name: (setting.differs ? "≠ " : "  ") + setting.name, cells: line(setting).cells)
        }
        try ComparedTable(names: names, lines: marked, title: "setting").write(to: output)
    }

    // MARK: - Settings

    /// The settings to show, in the order of the options, and those that say nothing more, because they follow from others:
    /// the shape of the network, and numbers that every rule or schedule has which has them at all.
    private func chosen(_ differing: [ComparedSetting]) -> (shown: [ComparedSetting], following: [ComparedSetting]) {
        let names = Set(differing.map(\.name))
        let derived: Set = names.contains("hidden") ? ["inputs", "outputs", "parameters"] : []
        let owned = Set(
            SettingCatalogue.training.settings.compactMap { setting in
                setting.owner.map(\.setting).map(names.contains) == true ? setting.row : nil
            })
        func follows(_ setting: ComparedSetting) -> Bool {
            if derived.contains(setting.name) { return true }
            guard owned.contains(setting.name), setting.known.contains(nil) else { return false }
            return Set(setting.known.compactMap { $0.map { SettingText.of($0) } }).count <= 1
        }
        return (
            SettingOrder.sorted(differing.filter { !follows($0) }, by: \.name),
            SettingOrder.sorted(differing.filter(follows), by: \.name)
        )
    }

    private func line(_ setting: ComparedSetting) -> ComparedLine {
        let cells = setting.known.map { value in
            let text = SettingText.of(value)
            return setting.name == "dataset" ? String(text.prefix(12)) : text
        }
        let isNumber = setting.known.allSatisfy { value in
            switch value {
            case .number, .integer, nil: true
            case .text, .bool: false
            }
        }
        // The loss function and the loss are two things, and a query knows the first by this name too.
        let name = setting.name == "loss" && !isWhole ? "setting.loss" : setting.name
        return ComparedLine(name: name, cells: cells, isNumber: isNumber)
    }

    // MARK: - States

    private var states: [ComparedLine] {
        let models = comparison.models
        func line(
            _ name: String, isNumber: Bool = true, always: Bool = false, _ text: (ComparedModel) -> String
        ) -> ComparedLine? {
            let cells = models.map(text)
            return always || isWhole || Set(cells).count > 1
                ? ComparedLine(name: name, cells: cells, isNumber: isNumber) : nil
        }
        // A reference such as 7@best says of which run it is.
        let areRuns = models.allSatisfy { $0.reference.prefix { $0.isNumber } == "\($0.loaded.run)" }
        let isInside = models.contains { $0.epoch == nil && $0.loaded.iteration > 0 }
        let whole: [ComparedLine?] =
            isWhole
            ? [
                line("network", isNumber: false) { TrainingText.layers($0.loaded.model.network) },
                line("parameters") { NumberText.grouped($0.loaded.model.parameters.count) },
                line("SHA-256", isNumber: false) { $0.loaded.weightsSHA256.short },
            ] : []
        return
            ([
                areRuns ? nil : line("run", always: true) { "\($0.loaded.run)" },
                line("epoch", always: true) { "\($0.loaded.epoch)" },
                isWhole || isInside ? line("iteration") { NumberText.grouped($0.loaded.iteration) } : nil,
            ] + whole).compactMap { $0 }
    }

    // MARK: - Measures

    /// The losses and the score of each state's epoch, and the measures of the test split of its own run.
    private func measures(_ ranking: Ranking) -> [ComparedLine] {
        let models = comparison.models
        let scoreNames = Set(models.map(\.spec.scoreName))
        let score = scoreNames.count == 1 ? EvaluationText.title(scoreNames.first ?? "") : "score"
        func line(
            _ name: String, isScore: Bool = false, isLoss: Bool = false, isLowest: Bool,
            _ value: (ComparedModel) -> Double?
        ) -> ComparedLine? {
            let values = models.map(value)
            guard values.contains(where: { $0 != nil }) else { return nil }
            let isRanked = isLoss ? ranking.ranksLosses : ranking.ranksScores
            let cells = zip(models, values).map { model, value in
                value.map { isScore ? EvaluationText.score($0, named: model.spec.scoreName) : NumberText.measure($0) }
                    ?? "–"
            }
            return ComparedLine(
                name: name, cells: cells, isNumber: true, isMeasure: true,
                best: isRanked ? Ranking.best(values, isLowest: isLowest) : [])
        }
        // The same is measured below, of every model, if all have one test split.
        let hasTest = isWhole || comparison.behaviour?.split != StoredSplit.test.rawValue
        func test(_ key: String) -> (ComparedModel) -> Double? { { hasTest ? $0.test?[key]?.number : nil } }
        return [
            line("loss", isLoss: true, isLowest: true) { $0.epoch.map { Double($0.loss) } },
            line("val loss", isLoss: true, isLowest: true) { $0.epoch?.validationLoss.map(Double.init) },
            line("val " + score, isScore: true, isLowest: false) {
                $0.epoch?.validationScore.flatMap { $0.isFinite ? Double($0) : nil }
            },
            line("test loss", isLoss: true, isLowest: true, test("loss")),
            line("test accuracy", isScore: true, isLowest: false, test("accuracy")),
            line("test R²", isLowest: false, test("r2")),
            line("test mean abs. error", isLowest: true, test("mean_absolute_error")),
        ].compactMap { $0 }
    }
}
