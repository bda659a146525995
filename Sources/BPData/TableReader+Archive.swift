// NPZ: which member holds the features, and which the labels.
extension TableReader {
    func archive(_ file: TableFile) throws(DataError) -> Table {
        let archive = try NPZArchive(file.bytes)
        try archive.refuseExport()
        let choice = try archive.choice(choices, isForTraining: isForTraining, wantsLabels: labelName != nil)
        guard case .pair(let features, let labels) = choice else { return try columns(of: archive, file) }
        let grid: ElementGrid
        do throws(DataError) { grid = try ElementGrid(try archive.array(features), name: features) } catch {
            throw error.inMember(features)
        }
        var label: Column?
        var notes: [String] = []
        if let labelName, let labels {
            switch labels {
            case .member(let member):
                do throws(DataError) {
                    label = try self.labels(try ElementGrid(try archive.array(member), name: labelName), as: labelName)
                } catch { throw error.inMember(member) }
            case .file(let path): label = try self.labels(inFile: path, as: labelName)
            }
        }
        let read = [features] + [labels?.memberName].compactMap { $0 }
        let unread = archive.names.filter { !read.contains($0) }
        if choices.features == nil || (choices.labels == nil && label != nil) || !unread.isEmpty {
            notes.append(
                "the rows are member \(Visible.text(features))"
                    + (labels?.memberName.map { ", their labels \(Visible.text($0))" } ?? "")
                    + (unread.isEmpty ? "" : "; not read: \(Visible.list(unread))"))
        }
        do throws(DataError) { return try table(of: grid, file, label: label, notes: notes) } catch {
            throw error.kind == .badValue ? error.inMember(features) : error
        }
    }

    /// An archive whose members are columns.
    private func columns(of archive: NPZArchive, _ file: TableFile) throws(DataError) -> Table {
        var columns: [Column] = []
        let wanted = archive.names.filter { !onlyThese || types[$0] != nil }
        guard !wanted.isEmpty else {
            throw DataError(
                .unknownColumn,
                "none of the columns wanted is there: \(Visible.list(types.keys.sorted())); the file has: "
                    + Visible.list(archive.names))
        }
        for name in types.keys.sorted() where !onlyThese && !archive.names.contains(name) {
            throw DataError(
                .unknownColumn,
                "a type is given for \(Visible.quoted(name)), which is no column; the columns are: "
                    + Visible.list(archive.names), columnName: name)
        }
        var faults: [ColumnFault] = []
        for name in wanted {
            do throws(DataError) {
                let grid = try ElementGrid(try archive.array(name), name: name)
                columns += try grid.columns([0], types: types, ignored: ignored, rules: rules)
            } catch {
                guard !error.faults.isEmpty else { throw error.inMember(name) }
                faults += error.faults
            }
        }
        if let error = ColumnFault.error(faults) { throw faults.count == 1 ? error.inMember(faults[0].name) : error }
        return try Table(
            name: file.name, file: file.path, columns: columns, lines: nil,
            skippedColumns: archive.names.filter { !wanted.contains($0) },
            notes: ["each member of the archive is a column"], rules: rules)
    }
}
