extension Table {
    /// Doubts about the target and the features before a training. Columns without a purpose are not looked at. Each check looks at some rows first, so that a sound table costs next to nothing.
    package func findings(target: String, features: [String]) -> [TableFinding] {
        guard let targetIndex = index(ofColumn: target) else { return [] }
        let wanted = Set(features)
        let used = columns.filter { wanted.contains($0.name) }
        let search = CopySearch(self, target: targetIndex)
        var findings: [TableFinding] = []
        if let finding = columns[targetIndex].dress(isTarget: true) { findings.append(finding) }
        for column in used {
            let copy = search.copy(in: column)
            if used.count == 1 {
                // The only feature is what a person wants to learn from, and a straight line is worth learning.
                switch copy {
                case .equal?, .oneToOne?: break
                case .linear?, nil:
                    if let finding = column.dress(isTarget: false) { findings.append(finding) }
                    continue
                }
            }
            if let copy {
                findings.append(.copyOfTarget(column: column.name, target: target, copy))
            } else {
                findings += column.findings
            }
        }
        return findings
    }
}

extension Column {
    /// The fewest rows in which a number a row, or a text a row, is no accident.
    private static let fewestRows = 10

    /// The numbers in another dress that a text column holds.
    package var dressedValues: DressedValues? {
        guard case .text(let texts) = values else { return nil }
        return DressedValues(texts)
    }

    /// The doubt whether numbers are numbers, or texts are none; nil if there is none.
    fileprivate func dress(isTarget: Bool) -> TableFinding? {
        if let dressedValues { return .dressed(column: name, dressedValues, isTarget: isTarget) }
        if let spelling { return .spelled(column: name, spelling, isTarget: isTarget) }
        return DateNumbers(self).map { .dateNumbers(column: name, $0, isTarget: isTarget) }
    }

    /// The refusal of a feature with more texts than one input each is made for.
    var excess: String {
        let most = Visible.grouped(ClassLabels.limit)
        return "has more than \(most) different texts, too many for one input each; "
            + (dressedValues.map { "\($0.description); \($0.advice)" } ?? "leave the column out or group its values")
    }

    /// Doubts about a feature.
    fileprivate var findings: [TableFinding] {
        if let rowNumber { return [rowNumber] }
        if let dress = dress(isTarget: false) { return [dress] }
        guard case .text(let texts) = values else { return [] }
        return [Column.oneValueARow(name, texts), Column.wordForMissing(name, texts)].compactMap { $0 }
    }

    private static func oneValueARow(_ name: String, _ texts: TextValues) -> TableFinding? {
        // Above the limit of categories a feature is refused anyway.
        guard texts.count >= fewestRows, texts.count <= ClassLabels.limit * 10 / 9 else { return nil }
        var seen: Set<ArraySlice<UInt8>> = []
        for row in 0..<texts.count {
            seen.insert(texts.bytes(at: row))
            if (row + 1 - seen.count) * 10 > texts.count { return nil }
        }
        return .oneValueARow(column: name, distinct: seen.count, rows: texts.count)
    }

    private static func wordForMissing(_ name: String, _ texts: TextValues) -> TableFinding? {
        var words: [ArraySlice<UInt8>: Int] = [:]
        for row in 0..<texts.count {
            let text = texts.bytes(at: row)
            if FieldKind.meansMissing(text) { words[text, default: 0] += 1 }
        }
        guard let most = words.max(by: { ($0.value, $1.key.count) < ($1.value, $0.key.count) }) else { return nil }
        return .wordForMissing(
            column: name, word: String(decoding: most.key, as: UTF8.self), count: most.value)
    }

    /// Whole numbers that go up by one from row to row, or 0 or 1 and on in another order.
    private var rowNumber: TableFinding? {
        guard rowCount >= Column.fewestRows, let start = number(at: 0), let first = Int(exactly: start),
            first.magnitude < 1 << 53
        else { return nil }
        if isInOrder(from: first) {
            return .rowNumber(column: name, first: first, last: first + rowCount - 1, inOrder: true)
        }
        // A permutation of 0 ..< n or 1 ... n has no other number, and none twice.
        var seen = [Bool](repeating: false, count: rowCount + 1)
        for row in 0..<rowCount {
            guard let value = number(at: row).flatMap({ Int(exactly: $0) }), 0...rowCount ~= value, !seen[value] else {
                return nil
            }
            seen[value] = true
        }
        let least = seen[0] ? 0 : 1
        guard !seen[0] || !seen[rowCount] else { return nil }
        return .rowNumber(column: name, first: least, last: least + rowCount - 1, inOrder: false)
    }

    private func isInOrder(from first: Int) -> Bool {
        for row in 1..<rowCount where number(at: row) != Double(first + row) { return false }
        return true
    }
}

extension FieldKind {
    /// Whether a word is a spelling of "not known". `none` and `nil` are not counted: people call categories so.
    static func meansMissing(_ text: ArraySlice<UInt8>) -> Bool {
        // Most words differ in their first letter already.
        guard let first = text.first, text.count <= 4, "nN#?".utf8.contains(first) else { return false }
        let last = text[text.endIndex - 1] | 0x20
        if last == UInt8(ascii: "o") || last == UInt8(ascii: "e") || last == UInt8(ascii: "l") && text.count == 3 {
            return false
        }
        return text.withContiguousStorageIfAvailable { field in
            if case .missing = FieldKind(field) { return true }
            return false
        } ?? false
    }
}
