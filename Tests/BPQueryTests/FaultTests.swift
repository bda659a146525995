import Testing

@testable import BPQuery

@Suite("Faults in expressions and sort keys")
struct FaultTests {
    private func fault(_ text: String) -> QueryError? {
        #expect(throws: QueryError.self, "\(text) is refused") { try QueryPredicate(text, SampleVocabulary()) }
    }

    @Test(
        "an error names its column, and near names if there are some",
        arguments: [
            ("val_los < 1", 1, "val_loss"), ("epochs > 1 and optimzer = \"adam\"", 16, "optimizer"),
            ("status = \"finishd\"", 10, "finished"), ("epochs >", 9, nil), ("epochs > 1 )", 12, nil),
            ("(epochs > 1", 12, nil), ("epochs > \"1\"", 10, nil), ("optimizer = 1", 13, nil),
            ("epochs like \"1\"", 1, nil),
            ("learning_rate", 1, nil), ("model = \"iris", 9, nil), ("epochs > 1x", 10, nil), ("1 = 1", 1, nil),
            ("epochs && 1", 8, "and"), ("epochs > nan", 10, nil), ("epochs = null", 10, nil), ("epochs not 3", 12, nil),
            ("epochs in 3", 11, nil), ("epochs in ()", 12, nil), ("ended > \"yesterday\"", 9, nil),
            ("ended = \"2026-02-29\"", 9, nil), ("model like \"a\\\"", 12, nil), ("model is nan", 1, nil),
            ("model < epochs", 1, nil), ("epochs is 3", 11, nil), ("", 1, nil), ("epochs > 1; DROP TABLE run", 11, nil),
            ("epochs between 1 or 2", 18, nil), ("model = “iris”", 9, nil), ("tag. = \"x\"", 1, nil),
            ("epochs > 0x10", 10, nil), ("epochs > 1_000", 10, "1000"), ("min.nothing > 1", 1, nil),
            ("optimizer = adam", 13, "\"adam\""), ("val > 0", 1, "val_loss"), ("note < ancestor", 1, nil),
            ("optimizer = 1", 13, "\"1\""), ("model in (iris)", 11, "\"iris\""),
            ("model = 1a2b3c4d5e6f", 9, "\"1a2b3c4d5e6f\""),
        ] as [(String, Int, String?)])
    func faults(text: String, column: Int, near: String?) throws {
        let fault = try #require(self.fault(text))
        #expect(fault.column == column && fault.kind == .expression, "\(fault)")
        if let near { #expect(fault.near.first == near, "\(fault)") }
        #expect(fault.offset ?? 0 <= text.unicodeScalars.count)
    }

    @Test("a field that another hides is suggested if the value fits it")
    func hidden() throws {
        let fault = try #require(self.fault("epochs > 1 and loss = 'mse'"))
        #expect(fault.reason == "loss is a number, \"mse\" is text; setting.loss is text")
        #expect(fault.near == ["setting.loss"] && fault.column == 16 && fault.length == 4)
        #expect(fault.description == fault.reason + " (column 16)")
    }

    @Test("no expression is too deep or too long for the stack")
    func hostile() throws {
        #expect(fault(String(repeating: "(", count: 9_000)) != nil)
        #expect(fault(String(repeating: "not ", count: 2_000) + "forked") != nil)
        #expect(fault(String(repeating: "forked and ", count: 800) + "forked") != nil)
        #expect(fault(String(repeating: "a", count: 20_000))?.offset == nil)
        let deepest = String(repeating: "not (", count: 50) + "forked" + String(repeating: ")", count: 50)
        let longest = String(repeating: "epochs>0 and ", count: 249) + "epochs>0"
        for text in [deepest, longest] { _ = try QueryPredicate(text, SampleVocabulary()) }
    }

    @Test("sort keys with a fault are refused at their column")
    func sorting() throws {
        for (text, column, near) in [
            ("val_loss,-edned", 10, "-ended"), ("val_loss desc", 1, "-val_loss"), ("run, loss ASC", 6, "loss"),
            ("", 1, nil), ("loss,,epochs", 6, nil), ("note", 1, nil),
            ("loss, 1", 6, nil), (Array(repeating: "loss", count: 17).joined(separator: ","), 81, nil),
        ] as [(String, Int, String?)] {
            let fault = try #require(
                #expect(throws: QueryError.self, "\(text)") { try QuerySort(text, SampleVocabulary()) })
            #expect(fault.column == column && fault.kind == .sort, "\(text): \(fault)")
            #expect(near == nil || fault.near.first == near)
        }
    }
}
