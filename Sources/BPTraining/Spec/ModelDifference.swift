import BPData
package import BPRegistry

/// What distinguishes a training from the one that a model's current version comes from. A name that was derived from a
/// file's name may be the same for two tables by chance; then the net for one of them must not become current for both.
package struct ModelDifference: Sendable, Equatable {
    /// The model.
    package let model: String
    /// The run that its current version comes from, or its newest run if it has no version.
    package let run: Int
    /// What differs, in words.
    package let what: String
}

extension TrainingPlan {
    /// How the columns, their types, the target, the task or the classes differ from those of the model that the run
    /// trains; nil if they are the same, if there is no such model, or if its runs are gone.
    package func difference(in registry: Registry) throws -> ModelDifference? {
        guard let run = try registry.representative(ofModel: model) else { return nil }
        let known: TrainingSpec
        do { known = try RecordedRun.spec(registry, run: run, anyNumerics: true) } catch {
            // A damaged run, or one of a newer bpreg, is no reason to train nothing under its name.
            return nil
        }
        let new = ReadColumns(spec.columns.map(\.name), spec.encoding)
        return new.difference(from: ReadColumns(known.columns.map(\.name), known.encoding))
            .map { ModelDifference(model: model, run: run, what: $0) }
    }

    /// Refuses other columns, another target or other classes under a name that comes from a file.
    /// - Throws: `TrainingError.otherModel`.
    func checkModel(in registry: Registry) throws {
        guard isNameDerived, let difference = try difference(in: registry) else { return }
        throw TrainingError.otherModel(
            model: model, run: difference.run, what: difference.what, free: try freeName(in: registry))
    }

    /// A name that no model has: with the folder of the file in front, or the target or a number behind.
    private func freeName(in registry: Registry) throws(RegistryError) -> String {
        let taken = Set(try registry.models().map(\.name))
        let folder = table.file?.split(separator: "/").dropLast().last.map { "\($0)-\(model)" }
        let names = [folder, "\(model)-\(spec.encoding.target.name)"].compactMap { $0 }.map {
            ModelName.mended($0).text
        }
        return names.first { !taken.contains($0) }
            ?? (2...taken.count + 2).lazy.map { "\(model)-\($0)" }.first { !taken.contains($0) } ?? model
    }
}

extension Registry {
    /// The run that a model's current version comes from, or its newest run; nil if there is no such model or run.
    fileprivate func representative(ofModel name: String) throws -> Int? {
        guard let model = try models().first(where: { $0.name == name }) else { return nil }
        if let number = model.currentVersion { return try version(ofModel: name, number).run }
        return try runs(ListQuery(where: "model = \"\(name)\"", limit: 1)).next().first?.number
    }
}
