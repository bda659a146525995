/// Curves as one SVG file that needs nothing else: the same bytes for the same curves.
///
/// Colours are attributes. A style sheet changes them for a reader who prefers dark, and readers without style sheets draw
/// the light picture. Each curve has a colour and a pattern of dashes, so that either distinguishes them.
struct SVGPlot {
    let plot: Plot

    private static let width = 800.0
    private static let (left, right) = (72.0, 24.0)
    private static let lineHeight = 18.0
    private static var plotWidth: Double { width - left - right }

    /// How many columns of the picture a curve has.
    static let columns = Int(2 * plotWidth)

    /// The file.
    var text: String {
        var body = ""
        var top = 44.0
        for panel in plot.panels {
            let heights = plot.panels.count == 1 ? 360.0 : 230.0
            body += self.panel(panel, top: &top, height: heights)
        }
        for note in plot.notes.flatMap({ LineWrap.lines($0, width: 110, indent: "  ") }) {
            body += element("text", ["x": SVGPlot.number(SVGPlot.left), "y": SVGPlot.number(top), "class": "q"], note)
            top += SVGPlot.lineHeight
        }
        let size = (SVGPlot.number(SVGPlot.width), SVGPlot.number(top + 4))
        let title = SVGPlot.escaped(plot.title)
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(size.0)" height="\(size.1)" viewBox="0 0 \(size.0) \
            \(size.1)" role="img" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" \
            font-size="12" fill="#3a3a3a">
            <title>\(title)</title>
            <style>
            @media (prefers-color-scheme: dark) {
            .bg { fill: #16181c } text { fill: #d6d6d6 } .h { fill: #f2f2f2 } .q { fill: #a8a8a8 }
            .g { stroke: #2e3238 } .a { stroke: #8a8f98 } .m { stroke: #a8a8a8 }
            \(SVGPlot.darkColours)
            }
            </style>
            <rect class="bg" width="\(size.0)" height="\(size.1)" fill="#ffffff"/>
            <text class="h" x="\(SVGPlot.number(SVGPlot.left))" y="24" font-size="15" font-weight="600" \
            fill="#111111">\(title)</text>
            \(body)</svg>

            """
    }

    // MARK: - A panel

    private func panel(_ panel: Panel, top: inout Double, height: Double) -> String {
        var text = ""
        let title = panel.title + (panel.isLogarithmic ? ", logarithmic" : "")
        text += element(
            "text", ["x": SVGPlot.number(SVGPlot.left), "y": SVGPlot.number(top + 6), "font-weight": "600"], title)
        top += SVGPlot.lineHeight
        // A curve whose name is the panel's needs no legend.
        if panel.curves.map(\.name) != [panel.title] { text += legend(panel, top: &top) }
        let frame = Frame(
            left: SVGPlot.left, top: top + SVGPlot.markHeight * Double(min(panel.marks.count, SVGPlot.markRows)),
            width: SVGPlot.plotWidth, height: height,
            x: Axis(plot.xRange, isLogarithmic: false, isWhole: true, ticks: 10),
            y: panel.yAxis(ticks: Int(height / 34)))
        text += axes(frame)
        for (index, mark) in panel.marks.enumerated() { text += self.mark(mark, index, frame) }
        for (index, curve) in panel.curves.enumerated() { text += draw(curve, index, frame) }
        top = frame.top + height + 62
        return text
    }

    /// The rectangle of a panel's curves.
    private struct Frame {
        let left: Double, top: Double, width: Double, height: Double
        let x: Axis, y: Axis

        func place(_ point: CurvePoint) -> (x: Double, y: Double) { (across(point.x), down(point.y)) }
        func across(_ value: Double) -> Double { left + x.fraction(value) * width }
        func down(_ value: Double) -> Double { top + (1 - y.fraction(value)) * height }
    }

    private func axes(_ frame: Frame) -> String {
        var text = ""
        let bottom = frame.top + frame.height
        for tick in frame.y.ticks {
            let y = frame.down(tick.value)
            text += line("g", "#e4e4e4", frame.left, y, frame.left + frame.width, y)
            text += element(
                "text",
                ["x": SVGPlot.number(frame.left - 8), "y": SVGPlot.number(y + 4), "text-anchor": "end"], tick.label)
        }
        for tick in frame.x.ticks {
            let x = frame.across(tick.value)
            text += line("a", "#808080", x, bottom, x, bottom + 5)
            text += element(
                "text", ["x": SVGPlot.number(x), "y": SVGPlot.number(bottom + 19), "text-anchor": "middle"],
                tick.label)
        }
        text += line("a", "#808080", frame.left, bottom, frame.left + frame.width, bottom)
        text += line("a", "#808080", frame.left, frame.top, frame.left, bottom)
        return text
            + element(
                "text",
                [
                    "x": SVGPlot.number(frame.left + frame.width / 2), "y": SVGPlot.number(bottom + 37),
                    "text-anchor": "middle", "class": "q", "fill": "#606060",
                ], plot.xTitle)
    }

    private func draw(_ curve: Curve, _ index: Int, _ frame: Frame) -> String {
        var text = ""
        for stretch in curve.stretches {
            let places = stretch.map(frame.place)
            if places.count == 1 {
                text +=
                    "<circle class=\"d\(SVGPlot.colourIndex(index))\" cx=\"\(SVGPlot.number(places[0].x))\" "
                    + "cy=\"\(SVGPlot.number(places[0].y))\" r=\"2.5\" fill=\"\(SVGPlot.colour(index))\"/>\n"
                continue
            }
            let points = places.map { "\(SVGPlot.number($0.x)),\(SVGPlot.number($0.y))" }.joined(separator: " ")
            text += "<polyline \(SVGPlot.stroke(index)) points=\"\(points)\"/>\n"
        }
        return text
    }

    /// The texts of marks are above the panel, in so many rows of this height.
    private static let markRows = 3
    private static let markHeight = 14.0

    private func mark(_ mark: Panel.Mark, _ index: Int, _ frame: Frame) -> String {
        let x = frame.across(mark.x)
        let isLeft = x > frame.left + frame.width / 2
        return line("m", "#707070", x, frame.top - 4, x, frame.top + frame.height, dashes: "2 3")
            + element(
                "text",
                [
                    "x": SVGPlot.number(x + (isLeft ? 4 : -4)),
                    "y": SVGPlot.number(frame.top - 6 - SVGPlot.markHeight * Double(index % SVGPlot.markRows)),
                    "text-anchor": isLeft ? "end" : "start", "class": "q", "fill": "#606060", "font-size": "11",
                ], mark.text)
    }

    // MARK: - The legend

    /// A sample of each curve's line with its name, as many in a line as fit.
    private func legend(_ panel: Panel, top: inout Double) -> String {
        var text = ""
        var x = SVGPlot.left
        for (index, curve) in panel.curves.enumerated() {
            let name = SafeText.line(curve.name, limit: 90)
            // Nearly as wide as the widest of the fonts named above writes it.
            let length = 34 + 7.4 * Double(DisplayWidth.of(name)) + 18
            if x > SVGPlot.left, x + length > SVGPlot.width - SVGPlot.right {
                (x, top) = (SVGPlot.left, top + SVGPlot.lineHeight)
            }
            let y = SVGPlot.number(top + 4)
            text +=
                "<line \(SVGPlot.stroke(index)) x1=\"\(SVGPlot.number(x))\" y1=\"\(y)\" "
                + "x2=\"\(SVGPlot.number(x + 26))\" y2=\"\(y)\"/>\n"
            text += element("text", ["x": SVGPlot.number(x + 34), "y": SVGPlot.number(top + 8)], name)
            x += length
        }
        top += SVGPlot.lineHeight + 4
        return text
    }

    // MARK: - Colours and elements

    /// Okabe and Ito's colours without the light yellow. People who do not see red and green as different can distinguish
    /// them.
    /// (https://jfly.uni-koeln.de/color/). Beside each its lighter form for a dark ground.
    private static let colours: [(light: String, dark: String)] = [
        ("#0072b2", "#4fa8e0"), ("#d55e00", "#f0813a"), ("#009e73", "#2cc79b"), ("#cc79a7", "#e39bc3"),
        ("#b07d00", "#e6b422"), ("#56b4e9", "#8fd0f5"), ("#000000", "#ffffff"),
    ]
    private static let dashes = ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 4"]

    private static func colourIndex(_ curve: Int) -> Int { curve % colours.count }
    private static func colour(_ curve: Int) -> String { colours[colourIndex(curve)].light }

    private static var darkColours: String {
        colours.indices.map { ".c\($0) { stroke: \(colours[$0].dark) } .d\($0) { fill: \(colours[$0].dark) }" }
            .joined(separator: "\n")
    }

    private static func stroke(_ curve: Int) -> String {
        // The second time round a colour has another pattern.
        let dashes = dashes[(curve + curve / colours.count) % dashes.count]
        return "class=\"c\(colourIndex(curve))\" fill=\"none\" stroke=\"\(colour(curve))\" stroke-width=\"1.6\" "
            + "stroke-linejoin=\"round\"" + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"")
    }

    private func line(
        _ kind: String, _ colour: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, dashes: String? = nil
    ) -> String {
        let places = [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)].map { "\($0.0)=\"\(SVGPlot.number($0.1))\"" }
        return "<line class=\"\(kind)\" stroke=\"\(colour)\" \(places.joined(separator: " "))"
            + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>\n"
    }

    private func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ text: String) -> String {
        "<\(name) " + attributes.map { "\($0)=\"\($1)\"" }.joined(separator: " ") + ">"
            + SVGPlot.escaped(text) + "</\(name)>\n"
    }

    /// Two decimals of a pixel.
    private static func number(_ value: Double) -> String {
        let text = NumberText.format("%.2f", value)
        return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
    }

    /// Text that XML takes: control characters spelt out, and its own signs as entities.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in SafeText.escaped(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
