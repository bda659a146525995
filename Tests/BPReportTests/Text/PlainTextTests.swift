import BPJSON
import Testing

@testable import BPReport

@Suite("Text for a locale that has ASCII alone")
struct PlainTextTests {
    @Test(
        "bpreg's symbols are spelt out",
        arguments: [
            ("4 → 32 relu → 3 softmax", "4 -> 32 relu -> 3 softmax"), ("R² 0.93, loss 1 ± 2", "R^2 0.93, loss 1 +/- 2"),
            ("(R²)", "(R^2)"), ("–", "-"), ("1 W 32×2", "1 W 32x2"), ("150 × 5, 3", "150 x 5, 3"),
            ("0 … 16", "0 ... 16"), ("a, b, … (12)", "a, b, ... (12)"), ("whole, 0…255", "whole, 0...255"),
            ("‖Δ‖₂", "|delta|_2"), ("max |Δ|", "max |delta|"), ("‖Δ‖ 0.5", "|delta| 0.5"), ("≠ seed", "!= seed"),
            ("run 1 · seed 2", "run 1 - seed 2"), ("\"SELECT …\"", "\"SELECT ...\""), ("plain", "plain"), ("", ""),
        ])
    func symbols(_ text: String, _ plain: String) {
        #expect(PlainText.ascii(text) == plain)
        #expect(PlainText.ascii(line: text) == plain)
    }

    @Test(
        "names and values of people stay as they are",
        arguments: ["größe", "µm", "μ", "5–10", "a→b", "10²", "ñ × x", "日本語", "β", "wait…", "x×y", "‖"])
    func data(_ text: String) {
        #expect(PlainText.ascii(text) == text.replacing(" × ", with: " x "))
    }

    @Test("a line that was cut ends in dots, and a page of help has no symbol left")
    func lines() {
        #expect(PlainText.ascii(line: "a long na…") == "a long na...")
        #expect(PlainText.ascii(line: "…ending, größe") == "...ending, größe")
        #expect(PlainText.ascii(ownText: "μ, above 0; β₁ ≤ 1, REF …") == "mu, above 0; beta1 <= 1, REF ...")
    }

    @Test("tables are aligned by what is printed, cells with data are not touched, and what is cut ends in dots")
    func tables() throws {
        let sink = Sink()
        let output = Output(width: 40, isUnicode: false) { sink.bytes += $0 }
        let columns: [TableColumn] = [.words("name"), .measure("r2", "R²"), .mark("layers").own()]
        let table = TableWriter(columns, format: .text, output: output)
        try table.add(["→", .null, "2 → 3"])
        try table.add(["a name that is much too long", 0.5, "–"])
        try table.finish(empty: "")
        #expect(
            sink.text == """
                name                         R^2  layers
                →                              -  2 -> 3
                a name that is much...  0.500000  -

                """, "\(sink.text)")
    }

    @Test("labels and values of fields line up, and JSON and CSV are not changed")
    func others() throws {
        let sink = Sink()
        let output = Output(isUnicode: false) { sink.bytes += $0 }
        var fields = Fields()
        fields.add("R²", "0.5")
        fields.add("net", "1 → 2")
        try fields.write(to: output)
        let table = TableWriter([.words("a")], format: .csv, output: output)
        try table.add(["1 → 2"])
        try table.finish(empty: "")
        try output.object(["a": "1 → 2"])
        #expect(sink.text == "R^2  0.5\nnet  1 -> 2\na\n1 → 2\n{\"a\":\"1 → 2\"}\n", "\(sink.text)")
    }
}
