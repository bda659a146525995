package import BPJSON

/// The reader of the output has left, as in `| head`: the command ends without a message.
package struct OutputClosed: Error {
    package init() {}
}

/// The output could not be written, for another reason than a reader who left.
package struct OutputFailed: Error {
    /// The system's error number.
    package let number: Int32
    package init(number: Int32) { self.number = number }
}

/// Results in UTF-8, gathered into large pieces for a sink: standard output, a file, the body of a response.
///
/// It knows how wide and how colourful its reader can see. It opens nothing and writes nowhere by itself.
package final class Output {
    private var buffer: [UInt8] = []
    private let sink: ([UInt8]) throws -> Void
    private let end: () throws -> Void
    /// Columns of a line of text, or nil if lines are not cut because a program or a file reads them.
    package let width: Int?
    /// Whether a person reads this in a terminal.
    package let isTerminal: Bool
    /// Whether text for people may be coloured.
    package let hasColour: Bool
    /// Whether text beyond ASCII may be used. If not, bpreg's own symbols are spelt out; data stay as they are.
    package private(set) lazy var isUnicode = unicode()
    /// Sentences about the output that are no part of it, such as the columns that a narrow terminal leaves out. They are
    /// for standard error.
    package private(set) var notes: [String] = []
    // Asked for only when text is printed, since the locale takes time to read.
    private let unicode: () -> Bool

    /// An output that hands its bytes to `sink` piece by piece, and calls `end` when it is finished.
    package init(
        width: Int? = nil, isTerminal: Bool = false, hasColour: Bool = false,
        isUnicode: @autoclosure @escaping () -> Bool = true,
        sink: @escaping ([UInt8]) throws -> Void, end: @escaping () throws -> Void = {}
    ) {
        self.width = width
        self.isTerminal = isTerminal
        self.hasColour = hasColour
        unicode = isUnicode
        self.sink = sink
        self.end = end
    }

    /// Adds text. It is handed on in pieces of 64 KB, and the last piece at `finish`.
    package func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 1 << 16 { try flush() }
    }

    /// Adds bytes.
    package func write(bytes: [UInt8]) throws {
        buffer += bytes
        if buffer.count >= 1 << 16 { try flush() }
    }

    /// Adds a line of text for people.
    package func line(_ text: String = "") throws {
        try dataLine(isUnicode ? text : PlainText.ascii(line: text))
    }

    /// Adds a line as it is: data for programs, or text that is `shown` already.
    func dataLine(_ text: String) throws {
        try write(text)
        try write("\n")
    }

    /// Adds a sentence to the notes, once.
    package func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    /// `text` as its readers can see it. It may have another width, so it is measured afterwards.
    func shown(_ text: String) -> String { isUnicode ? text : PlainText.ascii(text) }

    /// Adds one JSON object on a line of its own, and finishes.
    package func object(_ members: [String: JSONValue]) throws {
        try dataLine(JSONValue.object(members).serialized)
        try finish()
    }

    /// Hands on the rest and ends the output. A file that is not finished never appears under its name.
    package func finish() throws {
        try flush()
        try end()
    }

    private func flush() throws {
        if buffer.isEmpty { return }
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        try sink(bytes)
    }
}
