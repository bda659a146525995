import BPData
import Foundation
import TestSupport
import Testing

/// The data sets that come with the project.
@Suite struct SampleDataTests {
    private func sample(_ name: String) throws -> Table {
        try CSVReader().read(path: Project.file("tools/data/\(name).csv").path)
    }

    private func prepare(_ table: Table, _ target: String) throws -> (Split, FittedEncoding) {
        let task = try table.task(forTarget: target).task
        let split = try Split(
            table, target: target, task: task, fractions: SplitFractions(validation: 0.15, test: 0.15), seed: 1)
        return (split, try Encoding.fit(table, target: target, task: task, rows: split.training))
    }

    @Test func iris() throws {
        let table = try sample("iris")
        #expect(table.rowCount == 150)
        #expect(table.columns.map(\.type) == [.f64, .f64, .f64, .f64, .text])
        #expect(table.overview.likelyTarget == "species")
        let (split, fitted) = try prepare(table, "species")
        #expect(split.sizes == [104, 23, 23])
        #expect(fitted.encoding.inputWidth == 4)
        #expect(fitted.encoding.classes?.names == ["setosa", "versicolor", "virginica"])
        #expect(fitted.warnings.isEmpty)
    }

    @Test func digits() throws {
        let table = try sample("digits")
        #expect(table.rowCount == 1797)
        #expect(table.columns.count == 65)
        #expect(table.columns.allSatisfy { $0.type == .u8 })
        #expect(table.overview.likelyTarget == "digit")
        let (split, fitted) = try prepare(table, "digit")
        #expect(split.training.count + split.validation.count + split.test.count == 1797)
        #expect(fitted.encoding.inputWidth == 64)
        #expect(fitted.encoding.classes == .numbers([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
        #expect(
            fitted.warnings == [
                "constant in the training rows, scaled to 0: p00, p32, p39",
                "constant in the training rows though not in the others, scaled to 0: p56",
            ])
        let inputs = try fitted.encoding.encodeInputs(table, rows: split.training)
        #expect(inputs.values.count == split.training.count * 64)
    }

    @Test func breastCancer() throws {
        let table = try sample("breast_cancer")
        #expect(table.rowCount == 569)
        #expect(table.columns.count == 31)
        #expect(table.columns.dropLast().allSatisfy { $0.type.isNumeric })
        #expect(table.overview.likelyTarget == "diagnosis")
        let (_, fitted) = try prepare(table, "diagnosis")
        #expect(fitted.encoding.inputWidth == 30)
        #expect(fitted.encoding.classes?.names == ["benign", "malignant"])
    }

    @Test(arguments: ["iris", "digits", "breast_cancer"])
    func theStoredFormComesBack(name: String) throws {
        let table = try sample(name)
        let back = try table.columns.map {
            try Column(name: $0.name, type: $0.type, rowCount: $0.rowCount, canonicalBytes: $0.canonicalBytes)
        }
        #expect(back.map(\.canonicalBytes) == table.columns.map(\.canonicalBytes))
        #expect(try Table(name: name, columns: back).overview.likelyTarget == table.overview.likelyTarget)
    }
}
