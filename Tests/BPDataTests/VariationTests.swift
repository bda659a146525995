import BPData
import Testing

/// A column is called constant only if it is.
@Suite struct VariationTests {
    private func fit(_ text: String, rows: [Int], _ task: LearningTask = .classification) throws -> FittedEncoding {
        try Encoding.fit(table(text), target: "y", task: task, rows: rows)
    }

    @Test func belowFloat32() throws {
        let text = "a,y\n1e-46,u\n2e-46,v\n3e-46,u\n"
        #expect(
            try failure { try fit(text, rows: [0, 1, 2]) }.message
                == "no feature column varies in the training rows: a varies by less than float32 can hold; rescale it: "
                + "subtract an offset, or multiply the values")
        let both = try fit("a,b,y\n1e-46,1,u\n2e-46,2,v\n", rows: [0, 1])
        #expect(
            both.warnings == [
                "varies by less than float32 can hold, scaled to 0 (rescale: subtract an offset, or multiply the values): a"
            ])
        #expect(
            try failure { try fit("a,y\n1,1e-46\n2,2e-46\n", rows: [0, 1], .regression) }.message
                == "the target varies by less than float32 can hold; rescale it: subtract an offset, or multiply the values"
        )
    }

    @Test func fewDigits() throws {
        #expect(
            try fit("a,b,y\n1e-40,1,u\n2e-40,2,v\n", rows: [0, 1]).warnings == [
                "varies by so little that float32 holds few of its digits (multiply the values): a"
            ])
    }

    @Test func constantInTrainingOnly() throws {
        let fitted = try fit("a,b,c,k,y\n1,5,1,p,u\n1,5,2,p,v\n2,5,3,q,u\n", rows: [0, 1])
        #expect(
            fitted.warnings == [
                "constant in the training rows though not in the others, scaled to 0: a",
                "constant in the training rows, scaled to 0: b",
                "one category only in the training rows, and others in other rows: k",
            ])
    }

    @Test func constantOnceRounded() throws {
        let fitted = try fit("a,b,y\n1e-400,1,u\n2e-400,2,v\n", rows: [0, 1])
        #expect(fitted.warnings == ["constant once the numbers are rounded, scaled to 0: a"])
        let error = try failure { try table("a,y\n1,1e-400\n2,2e-400\n").task(forTarget: "y", wanted: .regression) }
        #expect(
            error.message
                == "the target has one value only once its numbers are rounded to float64: 1e-400 on line 2 is read as 0"
        )
    }
}
