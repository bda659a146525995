extension Split {
    /// Which classes have no row to be measured on: those of a single row, and those too small for their share. One
    /// sentence for each part that lacks some; none for numbers.
    package func absences(_ table: Table, target: String, task: LearningTask) throws(DataError) -> [String] {
        guard task == .classification else { return [] }
        let index = try table.requiredIndex(ofColumn: target, as: "target")
        return absences(of: table.columns[index], try table.classes(of: index))
    }

    /// - Parameter classes: the class of each row, in the order of the labels.
    private func absences(of target: Column, _ classes: [Int]) -> [String] {
        let parts = [Part.validation, .test].filter { !rows($0).isEmpty }
        guard !parts.isEmpty else { return [] }
        var sizes = [Int](repeating: 0, count: (classes.max() ?? 0) + 1)
        for index in classes { sizes[index] += 1 }
        var absent = parts.map { part in
            var isThere = [Bool](repeating: false, count: sizes.count)
            for row in rows(part) { isThere[classes[row]] = true }
            return Set(sizes.indices.filter { !isThere[$0] })
        }
        let nowhere = absent.dropFirst().reduce(absent[0]) { $0.intersection($1) }
        guard absent.contains(where: { !$0.isEmpty }),
            let labels = ClassLabels.distinct(in: target, rows: 0..<target.rowCount)
        else { return [] }
        func list(_ indices: Set<Int>) -> String {
            let names = indices.sorted().map { "\(Visible.text(labels.name($0))) (\(Visible.count(sizes[$0], "row")))" }
            return "\(names.count == 1 ? "class" : "\(Visible.grouped(names.count)) classes") \(Visible.list(names))"
        }
        var notes: [String] = []
        if !nowhere.isEmpty {
            notes.append(
                (parts.count == 2 ? "in neither validation nor test" : "not in the \(parts[0].rawValue) part")
                    + ", only trained on: " + list(nowhere))
        }
        for index in absent.indices { absent[index].subtract(nowhere) }
        for (part, missing) in zip(parts, absent) where !missing.isEmpty {
            notes.append("not in the \(part.rawValue) part: \(list(missing))")
        }
        return notes
    }
}
