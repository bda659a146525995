/// Cells of text that are drawn on: 2 × 4 braille dots each, or one character.
struct Canvas {
    let columns: Int
    let rows: Int
    private let isUnicode: Bool
    private let dotColumns: Int
    private let dotRows: Int
    private var dots: [UInt8]
    private var curves: [Int?]
    private var letters: [Character?]
    private var marks: Set<Int> = []
    /// The cell row of each curve in each column, the last that was drawn.
    private var tops: [[Int: Int]] = []

    struct Cell {
        let character: Character
        /// The curve that was drawn there last.
        let curve: Int?
    }

    init(columns: Int, rows: Int, isUnicode: Bool) {
        (self.columns, self.rows, self.isUnicode) = (columns, rows, isUnicode)
        dotColumns = isUnicode ? 2 * columns : columns
        dotRows = isUnicode ? 4 * rows : rows
        dots = Array(repeating: 0, count: columns * rows)
        curves = Array(repeating: nil, count: columns * rows)
        letters = Array(repeating: nil, count: columns * rows)
    }

    /// The place of a fraction among `count`.
    static func place(_ fraction: Double, of count: Int) -> Int {
        min(count - 1, max(0, Int((fraction * Double(count - 1)).rounded())))
    }

    /// The letter of a curve.
    static func letter(_ curve: Int) -> Character { Array("abcdefghijklmnopqrstuvwxyz")[curve % 26] }

    /// The row of cells at a height, 0 at the top.
    func row(_ fraction: Double) -> Int { Canvas.place(1 - fraction, of: dotRows) / (dotRows / rows) }

    /// A line from top to bottom, behind the curves.
    mutating func mark(_ x: Double) { marks.insert(Canvas.place(x, of: columns)) }

    /// Draws a line through points given as fractions of width and height.
    mutating func draw(_ points: [(x: Double, y: Double)], curve: Int) {
        while tops.count <= curve { tops.append([:]) }
        let places = points.map { (Canvas.place($0.x, of: dotColumns), Canvas.place(1 - $0.y, of: dotRows)) }
        guard var (column, row) = places.first else { return }
        dot(column, row, curve)
        for (nextColumn, nextRow) in places.dropFirst() {
            let (x, y) = (column, row)
            let steps = max(abs(nextColumn - x), abs(nextRow - y))
            for step in stride(from: 1, through: steps, by: 1) {
                let share = Double(step) / Double(steps)
                column = x + Int((Double(nextColumn - x) * share).rounded())
                row = y + Int((Double(nextRow - y) * share).rounded())
                dot(column, row, curve)
            }
        }
    }

    /// Puts the letters of the first `count` curves on them, each at its own columns, some 24 apart.
    mutating func placeLetters(_ count: Int) {
        let period = max(6 * count, 24)
        for curve in 0..<min(count, tops.count) {
            for column in stride(from: 4 + curve * period / count, to: columns, by: period) { put(curve, near: column) }
            // A short curve has its letter too.
            if !letters.contains(Canvas.letter(curve)), let column = tops[curve].keys.max() { put(curve, near: column) }
        }
    }

    /// Puts a mark on a curve's point.
    mutating func markBest(_ x: Double, _ y: Double, curve: Int) {
        let cell = row(y) * columns + Canvas.place(x, of: dotColumns) / (dotColumns / columns)
        letters[cell] = isUnicode ? "●" : "*"
        curves[cell] = curve
    }

    private mutating func put(_ curve: Int, near column: Int) {
        guard let row = tops[curve][column], letters[row * columns + column] == nil else { return }
        letters[row * columns + column] = Canvas.letter(curve)
        curves[row * columns + column] = curve
    }

    private mutating func dot(_ column: Int, _ row: Int, _ curve: Int) {
        let (cellColumn, cellRow) = isUnicode ? (column / 2, row / 4) : (column, row)
        let cell = cellRow * columns + cellColumn
        // Dots 1, 2, 3, 7 are the left column of a cell from top to bottom, 4, 5, 6, 8 the right one.
        if isUnicode {
            dots[cell] |= [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80][column % 2 * 4 + row % 4]
        } else {
            dots[cell] = 1
        }
        curves[cell] = curve
        tops[curve][cellColumn] = cellRow
    }

    /// The cells of a row, left to right.
    func cells(ofRow row: Int) -> [Cell] {
        (0..<columns).map { column in
            let cell = row * columns + column
            if let letter = letters[cell] { return Cell(character: letter, curve: curves[cell]) }
            if dots[cell] != 0, let curve = curves[cell] {
                let braille = Unicode.Scalar(0x2800 + UInt32(dots[cell])).map(Character.init) ?? " "
                return Cell(character: isUnicode ? braille : Canvas.letter(curve), curve: curve)
            }
            return Cell(character: marks.contains(column) ? (isUnicode ? "┊" : ":") : " ", curve: nil)
        }
    }
}
