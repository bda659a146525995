import BPJSON

/// CSV as RFC 4180 has it, with line feeds.
enum CSVText {
    /// Prints one line. In a terminal control characters are spelt out; a file or a program gets them as they are.
    static func write(_ fields: [String], to output: Output) throws {
        try output.dataLine(line(output.isTerminal ? fields.map(SafeText.escaped) : fields))
    }

    /// One line without its end.
    static func line(_ fields: [String]) -> String {
        // A line with one empty field would read as no line at all.
        fields == [""] ? "\"\"" : fields.map(quoted).joined(separator: ",")
    }

    /// A value as a field: text without JSON's quotes, nothing for null.
    static func field(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .float, .double: value.serialized.filter { $0 != "\"" }  // JSON has NaN in quotes
        default: value.serialized
        }
    }

    private static func quoted(_ field: String) -> String {
        let special = field.utf8.contains { byte in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
                || byte == UInt8(ascii: "\r")
        }
        if !special { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
