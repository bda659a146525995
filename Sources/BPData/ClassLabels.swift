/// The classes of a target, in the order of the network's outputs.
package enum ClassLabels: Sendable, Hashable {
    /// Numbers, ascending.
    case numbers([Double])
    /// Texts, ascending by their UTF-8 bytes.
    case texts([String])

    /// The most classes of a target, and the most categories of a feature.
    package static let limit = 1_000

    /// How many classes.
    package var count: Int {
        switch self {
        case .numbers(let numbers): numbers.count
        case .texts(let texts): texts.count
        }
    }

    /// The name of class `index`: the text, or the number as the shortest decimal (`3`, not `3.0`).
    package func name(_ index: Int) -> String {
        switch self {
        case .numbers(let numbers): Column.spelling(of: numbers[index])
        case .texts(let texts): texts[index]
        }
    }

    /// All names, in order.
    package var names: [String] { (0..<count).map(name) }

    /// The distinct values of `column` in `rows`; nil if there are more than `limit`.
    static func distinct(in column: Column, rows: some Sequence<Int>, limit: Int = limit) -> ClassLabels? {
        if case .text(let texts) = column.values {
            var seen: Set<ArraySlice<UInt8>> = []
            for row in rows where seen.insert(texts.bytes(at: row)).inserted && seen.count > limit { return nil }
            let sorted = seen.sorted { $0.lexicographicallyPrecedes($1) }
            return .texts(sorted.map { String(decoding: $0, as: UTF8.self) })
        }
        var seen: Set<Double> = []
        for row in rows {
            // A set takes 0 and −0 as one, but keeps the first: +0 stands for both.
            guard let number = column.number(at: row) else { continue }
            if seen.insert(number == 0 ? 0 : number).inserted && seen.count > limit { return nil }
        }
        return .numbers(seen.sorted())
    }
}

/// From a value to the index of its class or category.
struct ClassLookup {
    private var numbers: [Double: Int] = [:]
    private var texts: [ArraySlice<UInt8>: Int] = [:]

    init(_ labels: ClassLabels) {
        switch labels {
        case .numbers(let values):
            for (index, value) in values.enumerated() { numbers[value] = index }
        case .texts(let values):
            for (index, value) in values.enumerated() { texts[Array(value.utf8)[...]] = index }
        }
    }

    /// The index of the value at `row`, or nil if it is none of the labels.
    func index(in column: Column, row: Int) -> Int? {
        if case .text(let values) = column.values { return texts[values.bytes(at: row)] }
        return column.number(at: row).flatMap { numbers[$0] }
    }
}
