/// The physical line on which each row begins. Nothing is stored while every row is one line; from the first
/// row that is not, 4 bytes a row.
struct RowLines: Sendable {
    private var first = 0
    private(set) var count = 0
    private var listed: [UInt32] = []

    mutating func append(_ line: Int) {
        if count == 0 { first = line }
        if listed.isEmpty && line != first + count { listed = (first..<first + count).map(UInt32.init(clamping:)) }
        if !listed.isEmpty { listed.append(UInt32(clamping: line)) }
        count += 1
    }

    /// No row yet.
    var isEmpty: Bool { count == 0 }

    /// The line of `row`, which must have been appended.
    subscript(row: Int) -> Int { listed.isEmpty ? first + row : Int(listed[row]) }
}
