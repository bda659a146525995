package import BPJSON

/// One thing, as a JSON object and as labelled lines.
package protocol Details {
    var members: [String: JSONValue] { get }

    /// - Parameter hint: the option that names the registry, for the commands among the words.
    func fields(hint: String) -> Fields
}

extension Details {
    /// Prints it as one JSON object or as labelled lines.
    package func write(asJSON: Bool, hint: String, to output: Output) throws {
        if asJSON { return try output.object(members) }
        try fields(hint: hint).write(to: output)
        try output.finish()
    }
}
