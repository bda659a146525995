/// Curves as one SVG file that needs nothing else: the same bytes for the same curves.
///
/// Colours are attributes. A style sheet changes them for a reader who prefers dark, and readers without style sheets draw
/// the light picture. Each curve has a colour and a pattern of dashes, so that either distinguishes them.
struct SVGPlot {
    let plot: Plot

    static let width = 800.0
    static let (left, right) = (72.0, 24.0)
    static let lineHeight = 18.0
    static var plotWidth: Double { width - left - right }

    /// How many columns of the picture a curve has.
    static let columns = Int(2 * plotWidth)

    /// The file.
    var text: String {
        var body = ""
        var top = 44.0
        for (index, panel) in plot.panels.enumerated() {
            let height = plot.panels.count == 1 ? 360.0 : 230.0
            // Panels with one legend have it once, above the first of them.
            let before = index > 0 ? plot.panels[index - 1] : nil
            let hasLegend =
                before?.curves.map(\.name) != panel.curves.map(\.name) || before?.bestText != panel.bestText
            body += self.panel(panel, top: &top, height: height, hasLegend: hasLegend)
        }
        for note in plot.notes.flatMap({ LineWrap.lines($0, width: 110, indent: "  ") }) {
            body += element("text", ["x": SVGPlot.number(SVGPlot.left), "y": SVGPlot.number(top), "class": "q"], note)
            top += SVGPlot.lineHeight
        }
        let size = (SVGPlot.number(SVGPlot.width), SVGPlot.number(top + 4))
        let title = SVGPlot.escaped(plot.title)
        // Semi-bold letters of this size take some 8.4 pixels each.
        let shown = SVGPlot.escaped(DisplayWidth.truncated(plot.title, to: Int(SVGPlot.plotWidth / 8.4)))
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
            fill="#111111">\(shown)</text>
            \(body)</svg>

            """
    }
}
