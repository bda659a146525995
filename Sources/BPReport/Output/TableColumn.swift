package import BPJSON

/// A column of a table that a command prints: a JSON member, a CSV column, a column of text.
package struct TableColumn: Sendable {
    /// The member of the JSON object and the header in CSV; part of the contract in docs/json-output.md.
    let key: String
    /// The header in text, or nil if text leaves the column out.
    package let title: String?
    let alignment: Alignment
    /// Whether a narrow terminal may cut it. Numbers are never cut: half a number is another number.
    let shrinks: Bool
    /// How narrow it may get before columns are left out for it.
    package var least = 16
    /// Whether a narrow terminal leaves out others, and not this.
    package var stays = false
    /// Whether it wraps into the next line instead of being cut. Only the last column of a table does.
    var wraps = false
    /// Whether its words are bpreg's own, whose symbols are spelt out where there is ASCII alone. Others are data.
    var hasOwnWords = false
    /// How a value reads in text.
    package let text: @Sendable (JSONValue) -> String

    /// The header as a reader can see it; nil if text leaves the column out.
    func shownTitle(isUnicode: Bool) -> String? {
        title.map { isUnicode ? SafeText.escaped($0) : PlainText.ascii(SafeText.escaped($0)) }
    }

    /// A value as a reader can see it.
    func shown(_ value: JSONValue, isUnicode: Bool) -> String {
        let text = SafeText.escaped(self.text(value))
        if isUnicode { return text }
        // The text of a number, an object or a null is bpreg's own; that of a string is so only if the column says it.
        if case .string = value, !hasOwnWords { return text }
        return PlainText.ascii(text)
    }

    /// The column, whose words are bpreg's own.
    func own() -> TableColumn {
        var column = self
        column.hasOwnWords = true
        return column
    }

    /// Words, on the left. A narrow terminal cuts them.
    package static func words(_ key: String, _ title: String? = nil) -> TableColumn {
        TableColumn(key: key, title: title ?? key, alignment: .left, shrinks: true, text: plainText)
    }

    /// Words that matter most, on the left. Other columns are left out before them.
    static func essential(_ key: String, least: Int) -> TableColumn {
        var column = words(key)
        column.least = least
        column.stays = true
        return column
    }

    /// Sentences, as the last column. On a narrow terminal they wrap into the next line.
    static func sentences(_ key: String) -> TableColumn {
        var column = words(key)
        column.least = 32
        column.stays = true
        column.wraps = true
        column.hasOwnWords = true
        return column
    }

    /// Whole numbers, on the right.
    package static func count(_ key: String, _ title: String? = nil) -> TableColumn {
        TableColumn(key: key, title: title ?? key, alignment: .right, shrinks: false, text: plainText)
    }

    /// Losses and other measures, on the right.
    package static func measure(_ key: String, _ title: String? = nil) -> TableColumn {
        TableColumn(key: key, title: title ?? key, alignment: .right, shrinks: false) { value in
            value.number.map(NumberText.measure) ?? "–"
        }
    }

    /// Something short on the left that is never cut: a state, a point in time.
    package static func mark(_ key: String, _ title: String? = nil) -> TableColumn {
        TableColumn(key: key, title: title ?? key, alignment: .left, shrinks: false, text: plainText)
    }

    /// A member of the JSON object that the text does not show.
    package static func hidden(_ key: String) -> TableColumn {
        TableColumn(key: key, title: nil, alignment: .left, shrinks: false, text: plainText)
    }

    /// A value without quotes, or `–`.
    @Sendable static func plainText(_ value: JSONValue) -> String {
        switch value {
        case .null: "–"
        case .string(let text): text
        case .bool(let truth): truth ? "yes" : "no"
        default: value.serialized
        }
    }
}

/// The shapes in which a command prints.
package enum OutputFormat {
    case text
    case json
    case csv
}
