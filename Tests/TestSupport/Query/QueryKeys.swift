/// Random sort keys, and the order that they mean.
package struct QueryKeys: Sendable {
    private let keys: [(name: String, isDescending: Bool)]

    package var text: String? {
        keys.isEmpty ? nil : keys.map { ($0.isDescending ? "-" : "") + $0.name }.joined(separator: ", ")
    }

    package static func random(_ random: inout SplitMix64) -> QueryKeys {
        let names = [
            "val_loss", "learning_rate", "optimizer", "epochs", "ended", "shuffle", "tag.draft", "test_loss", "status",
        ]
        return QueryKeys(
            keys: (0..<Int.random(in: 0...3, using: &random)).map { _ in
                (names.randomElement(using: &random) ?? "epochs", Bool.random(using: &random))
            })
    }

    package func areInOrder(_ one: SampleRun, _ other: SampleRun) -> Bool {
        for key in keys {
            let order = compare(value(one, key.name), value(other, key.name), key.isDescending)
            if order != 0 { return order < 0 }
        }
        return one.number > other.number
    }

    private enum Value { case number(Double), text(String) }

    private func value(_ run: SampleRun, _ name: String) -> Value? {
        if let number = run.numbers[name] { return number.isNaN ? nil : .number(number) }
        if let time = run.times[name] { return .number(Double(time)) }
        if let truth = run.truths[name] { return .number(truth ? 1 : 0) }
        return run.texts[name].map { .text($0) }
    }

    private func compare(_ one: Value?, _ other: Value?, _ isDescending: Bool) -> Int {
        switch (one, other) {
        case (nil, nil): 0
        case (nil, _): 1
        case (_, nil): -1
        case (.number(let a), .number(let b)): (a == b ? 0 : a < b ? -1 : 1) * (isDescending ? -1 : 1)
        case (.text(let a), .text(let b)):
            (a == b ? 0 : a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1) * (isDescending ? -1 : 1)
        default: 0
        }
    }
}
