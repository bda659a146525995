import BPData
import Testing

@Suite struct EncodingTargetsTests {
    private func fit(_ text: String, _ task: LearningTask, single: Bool = false) throws -> (Table, Encoding) {
        let read = try table(text)
        let rows = Array(0..<read.rowCount)
        return (read, try Encoding.fit(read, target: "y", task: task, rows: rows, hasSingleOutput: single).encoding)
    }

    @Test func classesAreOneOfEach() throws {
        let (read, encoding) = try fit("x,y\n1,v\n2,u\n3,w\n", .classification)
        #expect(try encoding.encodeTargets(read, rows: [0, 1, 2]) == [0, 1, 0, 1, 0, 0, 0, 0, 1])
        #expect(try encoding.classIndices(read, rows: [2, 0]) == [2, 1])
    }

    @Test func numericClasses() throws {
        let (read, encoding) = try fit("x,y\n1,10\n2,9\n3,10\n", .classification)
        #expect(try encoding.classIndices(read, rows: [0, 1, 2]) == [1, 0, 1])
        // Another file may hold the same numbers in another type, and other rows only.
        #expect(try encoding.classIndices(table("y\n9.0\n1e1\n"), rows: [0, 1]) == [0, 1])
    }

    @Test func aSingleOutputTellsTwoClassesApart() throws {
        let (read, encoding) = try fit("x,y\n1,no\n2,yes\n3,no\n", .classification, single: true)
        #expect(encoding.outputWidth == 1)
        #expect(try encoding.encodeTargets(read, rows: [0, 1, 2]) == [0, 1, 0])
        #expect(encoding.predictedClasses([0.2, 0.5, 0.6, .nan]) == [0, 0, 1, 0])
        #expect(encoding.probabilities([0.25, 1]) == [0.75, 0.25, 0, 1])
    }

    @Test func aClassNeverSeen() throws {
        let (_, encoding) = try fit("x,y\n1,u\n2,v\n", .classification)
        let other = try table("y\nu\nz\n")
        let error = try failure { try encoding.encodeTargets(other, rows: [0, 1]) }
        #expect(error.kind == .unseen)
        #expect(error.description == "data.csv, line 3, column 1 (y): \"z\" is none of the classes: u, v")
        #expect(
            try failure { try encoding.encodeTargets(table("x\n1\n"), rows: [0]) }.message
                == "there is no target \"y\" (did you mean x?); the columns are: x")
    }

    @Test func numbersAreStandardisedAndComeBack() throws {
        let (read, encoding) = try fit("x,y\n1,10\n2,20.5\n", .regression)
        let targets = try encoding.encodeTargets(read, rows: [0, 1])
        #expect(targets == [-1, 1])
        #expect(encoding.predictedNumbers(targets) == [10, 20.5])
        #expect(try encoding.targetNumbers(read, rows: [1, 0]) == [20.5, 10])
        let error = try failure { try encoding.encodeTargets(table("y\nu\n"), rows: [0]) }
        #expect((error.kind, error.line, error.value) == (.badValue, 2, "u"))
        #expect(try failure { try encoding.classIndices(read, rows: [0]) }.message == "a regression has no classes")
    }

    /// Decoding what was encoded returns the number, but for the rounding of a float32.
    @Test func decodingUndoesEncoding() {
        var chance = Chance()
        for _ in 0..<2_000 {
            let scale = Scale(
                mean: Float(chance.integer(-1000...1000)), deviation: Float(chance.integer(1...5000)) / 16)
            let value = Double(chance.integer(-9999...9999)) / 7
            let back = scale.decode(scale.encode(value))
            let bound = (abs(value - Double(scale.mean)) + abs(value)) * 1e-7
            #expect(abs(back - value) <= bound, "\(value) \(scale), seed \(chance.seed)")
        }
    }

    @Test func theGreatestOutputIsTheClass() throws {
        let (_, encoding) = try fit("x,y\n1,u\n2,v\n3,w\n", .classification)
        let outputs: [Float] = [
            0.1, 0.7, 0.2, 0.4, 0.4, 0.2, .nan, 0.1, 0.2, 0.5, .nan, 0.6, .nan, .nan, .nan, -3, -2, -1,
        ]
        #expect(encoding.predictedClasses(outputs) == [1, 0, 2, 2, 0, 2])
        #expect(encoding.probabilities([0.1, 0.7, 0.2]) == [0.1, 0.7, 0.2])
        #expect(encoding.predictedNumbers(outputs).isEmpty)
        #expect(encoding.predictedClasses([]).isEmpty)
    }
}
