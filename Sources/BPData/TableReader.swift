import BPSystem

/// Reads a table from a file of any of the formats: the one door for all commands.
///
/// Which format it is, and whether it is gzipped, the file's content tells. Arrays have no names: their columns are
/// called p0, p1 and on, and the labels that belong to them, which another file or member holds, `label`. Where those
/// are is found by the names that such files have, and the table's notes say what was found.
public struct TableReader: Sendable {
    /// What labels are called where nothing else is said.
    public static let label = "label"

    let choices: TableChoices
    let types: [String: ColumnType]
    /// Read the columns in `types` and no others; they need not be there.
    let onlyThese: Bool
    /// What the column of labels is called; nil if none is wanted.
    let labelName: String?
    /// Rows to learn from, not to be measured on: which of an archive's arrays is meant.
    let isForTraining: Bool
    /// Columns that are stored and not used: their values are not judged.
    let ignored: Set<String>
    let rules: ReadingRules

    /// A reader of all columns, to train on.
    /// - Parameters:
    ///   - types: forces the types of some columns.
    ///   - ignored: columns that are stored and not used. If their values do not fit together they are stored as text.
    ///   - rules: those of the time when the data were recorded.
    public init(
        types: [String: ColumnType] = [:], choices: TableChoices = .init(), ignored: Set<String> = [],
        rules: ReadingRules = .newest
    ) {
        (self.types, self.choices, self.ignored, self.rules) = (types, choices, ignored, rules)
        (onlyThese, labelName, isForTraining) = (false, TableReader.label, true)
    }

    /// A reader of the columns in `types` alone, to predict or to measure.
    /// - Parameters:
    ///   - target: the column of labels, if they are wanted.
    ///   - rules: those that the model's own data were read by.
    public init(
        only types: [String: ColumnType], target: String?, choices: TableChoices = .init(),
        rules: ReadingRules = .newest
    ) {
        (self.types, self.choices, ignored, self.rules) = (types, choices, [], rules)
        (onlyThese, labelName, isForTraining) = (true, target, false)
    }

    /// Reads a file.
    /// - Throws: `DataError` with file, member, line or row, column and value.
    public func read(path: String) throws(DataError) -> Table {
        try read(TableFile(path: path, format: choices.format))
    }

    /// Reads a file whose bytes are there.
    func read(_ file: TableFile) throws(DataError) -> Table {
        do throws(DataError) {
            var table =
                switch file.format {
                case .csv: try csv(file)
                case .npz: try archive(file)
                case .idx, .npy: try array(file)
                }
            table.choices = TableChoices(
                format: file.format, labels: try place(ofLabelsIn: file), features: choices.features)
            return table
        } catch { throw file.naming(error) }
    }

    /// The labels as they are found from any folder: the member of an archive by its name, a file by its full path.
    private func place(ofLabelsIn file: TableFile) throws(DataError) -> String? {
        guard let labels = choices.labels else { return nil }
        if file.format == .npz, try NPZArchive(file.bytes).names.contains(labels) { return labels }
        return FilePath.resolved(labels) ?? labels
    }

    private func csv(_ file: TableFile) throws(DataError) -> Table {
        try refuseFeatures(of: file)
        var own = types
        if choices.labels != nil, let labelName { own[labelName] = nil }
        let reader =
            onlyThese ? CSVReader(only: own, rules: rules) : CSVReader(types: own, ignored: ignored, rules: rules)
        let table = try reader.read(bytes: file.bytes, name: file.name, file: file.path)
        guard let path = choices.labels, let labelName else { return table }
        return try table.adding(labels(inFile: path, as: labelName))
    }

    private func array(_ file: TableFile) throws(DataError) -> Table {
        try refuseFeatures(of: file)
        let grid = try file.grid(named: file.name)
        var notes: [String] = []
        var label: Column?
        if let labelName {
            if let path = choices.labels {
                label = try labels(inFile: path, as: labelName)
            } else if let path = LabelNames.files(besides: file.path).first(where: FileBytes.isThere) {
                notes.append("the labels are read from \(Visible.text(path, limit: 400)), as its name shows")
                label = try labels(inFile: path, as: labelName)
            }
        }
        return try table(of: grid, file, label: label, notes: notes)
    }

    /// The columns of a grid as a table, with labels behind them.
    func table(of grid: ElementGrid, _ file: TableFile, label: Column?, notes: [String]) throws(DataError) -> Table {
        let names = grid.places.map(\.name)
        if !onlyThese {
            let known = Set(names + [label?.name].compactMap { $0 })
            for name in types.keys.sorted() where !known.contains(name) {
                throw DataError(
                    .unknownColumn,
                    "a type is given for \(Visible.quoted(name)), which is no column; the columns are: "
                        + Visible.list(names), columnName: name)
            }
        }
        let wanted = grid.places.indices.filter { !onlyThese || types[names[$0]] != nil }
        guard !wanted.isEmpty else {
            throw DataError(
                .unknownColumn,
                "none of the columns wanted is there: \(Visible.list(types.keys.sorted())); the file has: "
                    + Visible.list(names))
        }
        // Whoever wants some columns takes numbers of any type; the narrowest needs the least memory.
        let forced = onlyThese ? types.filter { $0.value == .text || grid.hasText } : types
        let columns = try grid.columns(wanted, types: forced, ignored: ignored, rules: rules)
        let table = try Table(
            name: file.name, file: file.path, columns: columns, lines: nil,
            skippedColumns: onlyThese ? names.filter { types[$0] == nil } : [], notes: notes,
            columnNumbers: wanted.map { grid.places[$0].number },
            lacksLabels: label == nil && grid.needsLabels, rules: rules)
        guard let label else { return table }
        return try table.adding(label)
    }

    /// The only column of a file of labels.
    func labels(inFile path: String, as name: String) throws(DataError) -> Column {
        let file = try TableFile(path: path, format: nil)
        do throws(DataError) {
            switch file.format {
            case .csv:
                let forced = types[name]
                let header = try CSVReader(rules: rules).header(bytes: file.bytes)
                guard header.count == 1 else {
                    throw DataError(
                        .choice,
                        "a file of labels has one column, and this one \(header.count): \(Visible.list(header))")
                }
                let reader = CSVReader(types: forced.map { [header[0]: $0] } ?? [:], rules: rules)
                let table: Table
                do throws(DataError) {
                    table = try reader.read(bytes: file.bytes, name: file.name, file: file.path)
                } catch { throw error.calling(header[0], name) }
                return table.columns[0].called(name)
            case .npz: throw DataError(.choice, "labels are one array (IDX, NPY) or one column (CSV), no archive")
            case .idx, .npy: return try labels(try file.grid(named: name), as: name)
            }
        } catch { throw file.naming(error) }
    }

    /// The labels that a grid of one column is.
    func labels(_ grid: ElementGrid, as name: String) throws(DataError) -> Column {
        guard grid.places.count == 1 else {
            throw DataError(
                .choice, "labels are one a row, and here are \(Visible.grouped(grid.places.count)) columns")
        }
        let forced = onlyThese && types[name] != .text ? nil : types[name]
        let columns = try grid.columns(
            [0], types: forced.map { [grid.places[0].name: $0] } ?? [:], ignored: [], rules: rules)
        return columns[0].called(name)
    }

    private func refuseFeatures(of file: TableFile) throws(DataError) {
        guard let member = choices.features else { return }
        throw DataError(
            .choice,
            "\(Visible.quoted(member)) is to be the member of an NPZ archive, and this is \(file.format.rawValue)")
    }
}
