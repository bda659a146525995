import BPJSON
import BPRegistry

/// A column of a list in text.
struct ListColumn {
    let field: ListedField
    let title: String
    /// Whether a narrow terminal leaves out others before it.
    var stays = false
    /// Whether the column is a stretch of time.
    var isTime = false
    fileprivate let text: FieldText

    init(_ field: ListedField, _ title: String? = nil, stays: Bool = false, isTime: Bool = false) {
        (self.field, self.title) = (field, title ?? field.name)
        (self.stays, self.isTime) = (stays, isTime)
        text = FieldText(field)
    }

    fileprivate var column: TableColumn {
        let isWords = field.kind == .text && !["status", "run.status"].contains(field.name)
        var column = TableColumn(
            key: field.name, title: SafeText.escaped(title), alignment: field.isNumber || isTime ? .right : .left,
            shrinks: isWords, text: TableColumn.plainText)
        (column.least, column.stays) = (10, stays)
        return column
    }
}

/// A list as text: its columns, the mark of the best rows, and the notes below it.
struct ListTable {
    private let columns: [ListColumn]
    private let outline: ListOutline
    /// The place of the column by which rows are ranked, if some row is marked.
    private let rankingPlace: Int?
    private let best: Set<Int>

    /// - Parameters:
    ///   - defaults: the columns, unless a person chose others; the settings come behind those before `place`.
    ///   - ranking: the field of the outline's ranks.
    ///   - output: gets the notes.
    init(
        _ outline: ListOutline, _ defaults: [ListColumn], settingsAt place: Int, ranking: ListedField?,
        _ noun: String, _ output: Output
    ) {
        self.outline = outline
        var columns = outline.columns?.map { ListColumn($0) } ?? defaults
        // People read a list by its sort keys.
        var more: [ListColumn] = []
        for field in outline.sorted {
            if let index = columns.firstIndex(where: { outline.sameColumn($0.field, field) }) {
                columns[index].stays = true
            } else {
                more.append(ListColumn(field, stays: true))
            }
        }
        if outline.columns == nil {
            let choice = SettingChoice(outline, besides: columns.map(\.field) + more.map(\.field))
            columns.insert(contentsOf: more + choice.shown.map { ListColumn($0) }, at: place)
            if !choice.leftOut.isEmpty {
                output.note(
                    "the \(noun)s differ in more: \(choice.leftOut.joined(separator: ", ")); --columns shows them")
            }
        } else {
            columns += more
        }
        self.columns = columns
        let place = ranking.flatMap { ranking in columns.firstIndex { $0.field.means(ranking) } }
        best = place == nil ? [] : outline.best
        rankingPlace = best.isEmpty ? nil : place
    }

    /// The fields whose values the rows need, in the order of the columns.
    var fields: [ListedField] { columns.map(\.field) }

    /// The columns of the table.
    var tableColumns: [TableColumn] { columns.map(\.column) }

    /// The texts of a row.
    /// - Parameters:
    ///   - values: the values of `fields`.
    ///   - score: the name of the row's score.
    func texts(_ row: Int, _ values: [FieldValue], score: String?) -> [JSONValue] {
        columns.indices.map { place in
            let (column, value) = (columns[place], values[place])
            let text =
                column.isTime
                ? value.double.map { NumberText.time(seconds: $0) } : column.text.text(value, score: score)
            guard place == rankingPlace else { return JSONValue(text) }
            return .string((text ?? "–") + (best.contains(row) ? "*" : " "))
        }
    }

    /// Adds the notes about the marks and the order to the output.
    /// - Parameter name: the name of a row, by its number.
    func note(_ noun: String, to output: Output, name: (Int) -> String) {
        if !best.isEmpty {
            output.note(
                "* marks the lowest validation loss among the \(noun)s shown that have the same data, target, split and loss "
                    + "function")
        }
        if let note = RankingNote.text(outline, noun, name: name) { output.note(note) }
        if outline.isCut {
            output.note(
                "the settings and the best are those of the first \(NumberText.grouped(ListOutline.most)) \(noun)s")
        }
    }
}

extension ListOutline {
    /// Whether two fields are one column: the same thing, or the score under its own name, if all runs have that score.
    fileprivate func sameColumn(_ column: ListedField, _ field: ListedField) -> Bool {
        if column.means(field) { return true }
        guard scores.count == 1, let score = scores.first else { return false }
        return ["best.val_score", "best_val_score"].contains(column.name) && field.name == "best.val_\(score)"
            || column.name == "test" && field.name == "test_\(score)"
    }
}
