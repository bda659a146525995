import BPData
import Foundation
import TestSupport
import Testing

/// Reads CSV text.
func table(
    _ text: String, types: [String: ColumnType] = [:], file: String? = "data.csv"
) throws -> Table {
    try CSVReader(types: types).read(bytes: Array(text.utf8), name: "data", file: file)
}

/// The `DataError` that `body` throws.
func failure(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) throws -> DataError {
    let thrown = #expect(throws: DataError.self, sourceLocation: sourceLocation) { _ = try body() }
    return try #require(thrown, sourceLocation: sourceLocation)
}

/// The error of reading CSV text.
func failure(
    reading text: String, types: [String: ColumnType] = [:], sourceLocation: SourceLocation = #_sourceLocation
) throws -> DataError {
    try failure(sourceLocation: sourceLocation) { try table(text, types: types) }
}

extension Column {
    /// Every value as text.
    var texts: [String] { (0..<rowCount).map(text) }

    /// Every value as a number.
    var numbers: [Double] { (0..<rowCount).compactMap(number) }
}

extension Table {
    /// The values of a column as text.
    func texts(_ name: String) throws -> [String] { try columns[requiredIndex(ofColumn: name)].texts }

    /// Its types in order.
    var types: [ColumnType] { columns.map(\.type) }
}

extension Split {
    /// Rows for training, validation and test.
    var sizes: [Int] { Part.allCases.map { rows($0).count } }
}

/// A generator with the seed of a random test.
struct Chance {
    let seed: UInt64
    var generator: SplitMix64

    init(_ test: String = #function) {
        seed = testSeed(test)
        generator = SplitMix64(seed)
    }

    mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    mutating func bits() -> UInt64 { generator.next() }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[integer(0...elements.count - 1)] }

    /// A finite Double of any size.
    mutating func finiteDouble() -> Double {
        while true {
            let value = Double(bitPattern: bits())
            if value.isFinite { return value }
        }
    }
}
