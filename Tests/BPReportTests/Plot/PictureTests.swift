import Foundation
import Testing

@testable import BPReport

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Plots in the terminal and as SVG")
struct PictureTests {
    private func curve(_ name: String, _ values: [Double], log: Bool = false) -> Curve {
        var thinning = CurveThinning(0...Double(values.count), columns: 400, isLogarithmic: log)
        for (index, value) in values.enumerated() { thinning.add(Double(index + 1), value) }
        return thinning.curve(named: name)
    }

    private func plot(_ curves: [Curve], log: Bool = false, marks: [Panel.Mark] = [], notes: [String] = []) -> Plot {
        Plot(
            title: "run 1", xTitle: "epoch",
            panels: [Panel(title: "loss", curves: curves, isLogarithmic: log, marks: marks)], notes: notes,
            xRange: 0...20)
    }

    private func text(_ plot: Plot, width: Int = 44, unicode: Bool = true, colour: Bool = false) -> String {
        TerminalPlot(plot: plot, width: width, isUnicode: unicode, hasColour: colour).lines.joined(separator: "\n")
    }

    private let falling = (1...20).map { 2 / Double($0) }
    private let flat = (1...20).map { 0.5 + Double($0) / 40 }

    @Test("the terminal plot as recorded, with a letter on each curve and the fork marked")
    func terminal() {
        let marks = [Panel.Mark(x: 10, text: "run 1 up to epoch 10, then run 2")]
        let drawn = text(plot([curve("run 1", falling), curve("run 2", flat)], marks: marks))
        #expect(drawn == PictureTests.recorded, "\n\(drawn)")
    }

    @Test("in ASCII a curve is drawn with its letter")
    func ascii() {
        let drawn = text(plot([curve("run 1", falling), curve("run 2", flat)]), unicode: false)
        #expect(drawn.utf8.allSatisfy { $0 < 0x80 })
        #expect(drawn == PictureTests.recordedASCII, "\n\(drawn)")
    }

    @Test("no line is wider than the terminal, at any width, with names of any length")
    func widths() {
        let name = "a-model-with-a-name-that-nobody-types-twice"
        for width in 20...150 {
            let plot = plot(
                [curve(name, falling), curve(name + "-too", flat)],
                marks: [Panel.Mark(x: 3, text: "run 1 up to epoch 3")], notes: [String(repeating: "word ", count: 40)])
            for line in text(plot, width: width).split(separator: "\n") {
                #expect(DisplayWidth.of(String(line)) <= max(width, 21), "at \(width): \(line)")
            }
        }
    }

    @Test("colours are there only where asked for, and ended on each line")
    func colours() {
        let drawn = plot([curve("run 1", falling), curve("run 2", flat)])
        #expect(!text(drawn).contains("\u{1B}"))
        for line in text(drawn, colour: true).split(separator: "\n") where line.contains("\u{1B}[3") {
            #expect(line.components(separatedBy: "\u{1B}[0m").count == line.components(separatedBy: "\u{1B}[3").count)
        }
    }

    @Test("one point, no point, a constant and a gap can be drawn")
    func edges() {
        #expect(text(plot([curve("x", [1])])).unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
        #expect(!text(plot([curve("x", [.nan])])).unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
        #expect(!text(plot([curve("x", [2, 2, 2])])).isEmpty)
        #expect(SVGPlot(plot: plot([curve("x", [.nan])], log: true)).text.contains("</svg>"))
        let gap = SVGPlot(plot: plot([curve("x", [1, 2, .nan, 4, .nan, 5, 6])])).text
        #expect(
            gap.components(separatedBy: "<polyline").count == 3 && gap.components(separatedBy: "<circle").count == 2)
    }

    @Test("SVG is well-formed whatever the names, holds no reference to elsewhere, and is the same each time")
    func svg() throws {
        let names = ["<&>\"' ]]>", "\u{1}\u{FFFF}\u{202E}", "日本語 → Ü"]
        let plot = plot(
            names.map { curve($0, falling) }, marks: [Panel.Mark(x: 3, text: "a < b & c")], notes: ["1 > 0"])
        let text = SVGPlot(plot: plot).text
        #expect(text == SVGPlot(plot: plot).text)
        let reader = ElementReader()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(reader.elements["svg"] == 1 && reader.elements["title"] == 1 && reader.elements["polyline"] == 3)
        #expect(reader.texts.contains("<&>\"' ]]>") && reader.texts.contains("a < b & c"))
        #expect(reader.texts.contains("日本語 → Ü") && reader.texts.contains("\\u{1}\u{FFFD}\\u{202E}"))
        #expect(reader.texts.contains("epoch") && reader.texts.contains("1.0"))
        // Nothing is fetched: the only address is the name of the format.
        #expect(text.components(separatedBy: "http").count == 2 && !text.contains("<script"))
        #expect(text.contains("prefers-color-scheme: dark"))
    }

    @Test("the best epoch is marked on its curve and in the legend, and does not move a curve")
    func best() {
        var falling = curve("run 1", falling)
        falling.markBest(at: 5)
        #expect(falling.best == CurvePoint(x: 5, y: 0.4))
        falling.markBest(at: 2.5)
        #expect(falling.best.map { abs($0.y - (1 + 2.0 / 3) / 2) < 1e-12 } == true, "between two points")
        var panel = Panel(title: "loss", curves: [falling, curve("run 2", flat)], isLogarithmic: false, marks: [])
        panel.bestText = "the best epoch of a run"
        let marked = Plot(title: "t", xTitle: "epoch", panels: [panel], notes: [], xRange: 0...20)
        for (isUnicode, sign) in [(true, "●"), (false, "*")] {
            let drawn = text(marked, unicode: isUnicode)
            #expect(drawn.components(separatedBy: sign).count == 3, "\(drawn)")
            #expect(drawn.contains("\n\(sign) the best epoch of a run"), "\(drawn)")
            #expect(isUnicode || drawn.utf8.allSatisfy { $0 < 0x80 })
        }
        let svg = SVGPlot(plot: marked).text
        #expect(svg.components(separatedBy: "<circle").count == 3 && svg.contains(">the best epoch of a run<"))
        var outside = curve("x", [1, 2, 3])
        outside.markBest(at: 9)
        #expect(outside.best == nil)
    }

    @Test("an accuracy has percentages at its axis")
    func percent() {
        func labels(_ low: Double, _ high: Double) -> [String] {
            Axis(low...high, isLogarithmic: false, isWhole: false, ticks: 6).inPercent.ticks.map(\.label)
        }
        #expect(labels(0, 1) == ["0%", "20%", "40%", "60%", "80%", "100%"])
        #expect(labels(0.91, 0.99) == ["92%", "94%", "96%", "98%"])
        #expect(labels(0.96, 0.98) == ["96.0%", "96.5%", "97.0%", "97.5%", "98.0%"])
    }

    @Test("a long title is cut to fit; a reader of the file finds all of it")
    func title() {
        let title = (1...40).map { "run \($0)" }.joined(separator: ", ")
        let panel = Panel(title: "loss", curves: [curve("a", falling)], isLogarithmic: false, marks: [])
        let svg = SVGPlot(plot: Plot(title: title, xTitle: "epoch", panels: [panel], notes: [], xRange: 0...20)).text
        #expect(svg.contains("<title>\(title)</title>"))
        let shown = svg.split(separator: "\n").first { $0.hasPrefix("<text class=\"h\"") } ?? ""
        #expect(shown.contains("run 9, ") && shown.contains("…</text>") && !shown.contains("run 20"), "\(shown)")
    }

    @Test("curves have colours and dashes of their own")
    func patterns() {
        let text = SVGPlot(plot: plot((0..<14).map { curve("\($0)", falling) })).text
        let patterns = text.split(separator: "\n").filter { $0.hasPrefix("<polyline") }.map { line in
            line.components(separatedBy: " points=")[0]
        }
        #expect(Set(patterns).count == 14)
    }
}

/// Counts elements and keeps texts.
private final class ElementReader: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var texts: [String] = []
    private var current = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        elements[name, default: 0] += 1
        current = ""
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { current += text }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        texts.append(current)
        current = ""
    }
}

extension PictureTests {
    fileprivate static let recorded = """
        loss by epoch
        2.0 ┤  ⡄                ┊
            │  ⢣                ┊
            │  ⢸                ┊
            │  ⠘⡄               ┊
        1.5 ┤   ⡇               ┊
            │   ⢣               ┊
            │   ⢸               ┊
            │   ⠘⡄              ┊
        1.0 ┤    ⢇              ┊            ⣀⣀⣀⡠⠤⠔⠒
            │    a⡆             ┊  ⣀⣀⣀⣀⠤⠤⠒⠒⠉⠉
            │     ⠘⡄     ⢀⣀⡠⠤b⠤⠔⠒⠊⠉
            │   ⣀⣀⠤⠼⡤⠔⠒⠊⠉⠁      ┊
        0.5 ┤  ⠉    ⠘⢄⡀         ┊
            │         ⠈⠒⠤⢄⣀     ┊
            │              ⠉⠒⠒⠒⠢⠤⢄⣀⣀⣀
            │                   ┊    ⠉⠉⠉⠉a⠉⠉⠉⠒⠒⠒⠒⠒⠒⠒
            └┬──────────────────┬──────────────────┬
             0                  10                20
        a run 1   b run 2
        ┊ run 1 up to epoch 10, then run 2
        """

    fileprivate static let recordedASCII = """
        loss by epoch
        2.0 +  a
            |  a
            |   a
            |   a
        1.5 +   a
            |   a
            |    a
            |    a
        1.0 +    a                          bbbbbbbb
            |     a                bbbbbbbbb
            |      a    bbbbbbbbbbb
            |  bbbbbbbbb
        0.5 +        aaa
            |           aaaaa
            |                aaaaaaaaaaaaaaaaaaa
            |                                   aaaa
            ++------------------+------------------+
             0                  10                20
        a run 1   b run 2
        """
}
