import BPJSON

/// A column of a table that a command prints: a JSON member, a CSV column, a column of text.
struct TableColumn: Sendable {
    /// The member of the JSON object and the header in CSV; part of the contract in docs/json-output.md.
    let key: String
    /// The header in text, or nil where text leaves the column out.
    let title: String?
    let alignment: Alignment
    /// Whether a narrow terminal may cut it. Numbers are never cut: half a number is another number.
    let shrinks: Bool
    /// How narrow it may get before columns are left out for it.
    var least = 16
    /// Whether a narrow terminal leaves out others, and not this.
    var stays = false
    /// Whether it goes on in the next line where the others cut; only the last column of a table does.
    var wraps = false
    /// How a value reads in text.
    let text: @Sendable (JSONValue) -> String

    /// Words, on the left; cut where the terminal is narrow.
    static func words(_ key: String, _ title: String? = nil) -> TableColumn {
        TableColumn(key: key, title: title ?? key, alignment: .left, shrinks: true, text: plainText)
    }

    /// Words that a reader came for, on the left: others are left out before them.
    static func essential(_ key: String, least: Int) -> TableColumn {
        var column = words(key)
        column.least = least
        column.stays = true
        return column
    }

    /// Sentences, as the last column: on a narrow terminal they go on in the next line.
    static func sentences(_ key: String) -> TableColumn {
        var column = words(key)
        column.least = 32
        column.stays = true
        column.wraps = true
        return column
    }

    /// Whole numbers, on the right.
    static func count(_ key: String, _ title: String? = nil) -> TableColumn {
        TableColumn(key: key, title: title ?? key, alignment: .right, shrinks: false, text: plainText)
    }

    /// Losses and other measures, on the right.
    static func measure(_ key: String, _ title: String? = nil) -> TableColumn {
        TableColumn(key: key, title: title ?? key, alignment: .right, shrinks: false) { value in
            value.number.map(NumberText.measure) ?? "–"
        }
    }

    /// Something short on the left that is never cut: a state, a point in time.
    static func mark(_ key: String, _ title: String? = nil) -> TableColumn {
        TableColumn(key: key, title: title ?? key, alignment: .left, shrinks: false, text: plainText)
    }

    /// A member of the JSON object that the text does not show.
    static func hidden(_ key: String) -> TableColumn {
        TableColumn(key: key, title: nil, alignment: .left, shrinks: false, text: plainText)
    }

    /// A value without quotes; `–` where there is none.
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
enum OutputFormat {
    case text
    case json
    case csv
}
