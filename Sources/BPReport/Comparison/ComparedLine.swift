import BPJSON

/// One fact about each of the models that are compared.
struct ComparedLine {
    let name: String
    /// The fact about each model.
    let cells: [String]
    /// Whether it is a number, which a column shows on the right.
    var isNumber = false
    /// Whether it is a measure, which stands apart from settings if a line has no room for both.
    var isMeasure = false
    /// The models whose value is the best.
    var best: Set<Int> = []

    /// The cells with a mark behind the best. Numbers above each other keep their places.
    var marked: [String] {
        guard !best.isEmpty else { return cells }
        return cells.indices.map { cells[$0] + (best.contains($0) ? " *" : isNumber ? "  " : "") }
    }
}

/// Facts about models as a table: a column for each model if they are few and fit in a line, else a row for each model.
struct ComparedTable {
    /// How the models are called.
    let names: [String]
    let lines: [ComparedLine]
    /// The header of the lines' names.
    var title = "model"
    /// Whether each model has a row also if there are few.
    var hasRowForEach = false

    /// The most models that have columns of their own.
    private static let mostColumns = 4

    func write(to output: Output) throws {
        guard !lines.isEmpty else { return }
        if !hasRowForEach, names.count <= ComparedTable.mostColumns, width(output) <= output.width ?? .max {
            return try writeColumns(to: output)
        }
        try writeRows(to: output)
    }

    /// How wide the table is with a column for each model.
    private func width(_ output: Output) -> Int {
        let label = lines.map { DisplayWidth.of(output.shown($0.name)) }.max() ?? 0
        return names.indices.reduce(max(label, title.count)) { sum, index in
            let widest = lines.map { DisplayWidth.of(output.shown($0.marked[index])) }.max() ?? 0
            return sum + 2 + max(widest, DisplayWidth.of(names[index]))
        }
    }

    private func writeColumns(to output: Output) throws {
        let columns = [TableColumn.mark("name", title).own()] + names.enumerated().map { .mark("\($0)", $1).own() }
        let table = TableWriter(columns, format: .text, output: output)
        for line in lines { try table.add([.string(line.name)] + line.marked.map(JSONValue.string)) }
        try table.finish(empty: "")
    }

    /// The lines become columns. If they do not all fit, settings and measures have tables of their own, and as many as the
    /// width needs.
    private func writeRows(to output: Output) throws {
        let label = max(5, names.map { DisplayWidth.of($0) }.max() ?? 0)
        func width(_ line: ComparedLine) -> Int {
            2 + (([line.name] + line.marked).map { DisplayWidth.of(output.shown($0)) }.max() ?? 0)
        }
        let room = (output.width ?? .max) - label
        let isOne = lines.reduce(0) { $0 + width($1) } <= room
        let groups = isOne ? [lines] : [lines.filter { !$0.isMeasure }, lines.filter(\.isMeasure)]
        var isFirst = true
        for group in groups {
            var rest = group[...]
            while !rest.isEmpty {
                if !isFirst { try output.line() }
                isFirst = false
                var used = 0
                let count = rest.prefix { line in
                    used += width(line)
                    return used <= room
                }.count
                try write(rest.prefix(max(1, count)), to: output)
                rest = rest.dropFirst(max(1, count))
            }
        }
    }

    private func write(_ shown: ArraySlice<ComparedLine>, to output: Output) throws {
        let columns = shown.enumerated().map { index, line in
            line.isNumber
                ? TableColumn.count("\(index)", line.name).own() : TableColumn.words("\(index)", line.name).own()
        }
        let table = TableWriter([.mark("model")] + columns, format: .text, output: output)
        for (index, name) in names.enumerated() {
            try table.add([.string(name)] + shown.map { .string($0.marked[index]) })
        }
        try table.finish(empty: "")
    }
}
