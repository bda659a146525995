// A panel: its axes, curves, marks and legend.
extension SVGPlot {
    func panel(_ panel: Panel, top: inout Double, height: Double, hasLegend: Bool) -> String {
        var text = ""
        let title = panel.title + (panel.isLogarithmic ? ", logarithmic" : "")
        text += element(
            "text", ["x": SVGPlot.number(SVGPlot.left), "y": SVGPlot.number(top + 6), "font-weight": "600"], title)
        top += SVGPlot.lineHeight
        // A curve whose name is the panel's needs no legend.
        if hasLegend, panel.curves.map(\.name) != [panel.title] || panel.bestText != nil {
            text += legend(panel, top: &top)
        }
        let frame = Frame(
            left: SVGPlot.left, top: top + SVGPlot.markHeight * Double(min(panel.marks.count, SVGPlot.markRows)),
            width: SVGPlot.plotWidth, height: height,
            x: Axis(plot.xRange, isLogarithmic: false, isWhole: true, ticks: 10),
            y: panel.yAxis(ticks: Int(height / 34)))
        text += axes(frame)
        for (index, mark) in panel.marks.enumerated() { text += self.mark(mark, index, frame) }
        for (index, curve) in panel.curves.enumerated() { text += draw(curve, index, frame) }
        for (index, curve) in panel.curves.enumerated() {
            if let best = curve.best {
                text += bestMark(frame.place(best), "c\(SVGPlot.colourIndex(index))", SVGPlot.colour(index))
            }
        }
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

    /// A ring, filled with the ground.
    private func bestMark(_ place: (x: Double, y: Double), _ kind: String, _ colour: String) -> String {
        "<circle class=\"bg \(kind)\" cx=\"\(SVGPlot.number(place.x))\" cy=\"\(SVGPlot.number(place.y))\" r=\"4\" "
            + "fill=\"#ffffff\" stroke=\"\(colour)\" stroke-width=\"2\"/>\n"
    }

    /// A sample of each curve's line with its name, as many in a line as fit.
    private func legend(_ panel: Panel, top: inout Double) -> String {
        var text = ""
        var x = SVGPlot.left
        func place(_ name: String) -> Double {
            // Nearly as wide as the widest of the fonts named above writes it.
            let length = 34 + 7.4 * Double(DisplayWidth.of(name)) + 18
            if x > SVGPlot.left, x + length > SVGPlot.width - SVGPlot.right {
                (x, top) = (SVGPlot.left, top + SVGPlot.lineHeight)
            }
            defer { x += length }
            return x
        }
        func write(_ name: String, at x: Double) {
            text += element("text", ["x": SVGPlot.number(x + 34), "y": SVGPlot.number(top + 8)], name)
        }
        for (index, curve) in panel.curves.enumerated() {
            let name = SafeText.line(curve.name, limit: 86)
            let x = place(name)
            let y = SVGPlot.number(top + 4)
            text +=
                "<line \(SVGPlot.stroke(index)) x1=\"\(SVGPlot.number(x))\" y1=\"\(y)\" "
                + "x2=\"\(SVGPlot.number(x + 26))\" y2=\"\(y)\"/>\n"
            write(name, at: x)
        }
        if let best = panel.bestText {
            let x = place(best)
            text += bestMark((x + 13, top + 4), "m", "#707070")
            write(best, at: x)
        }
        top += SVGPlot.lineHeight + 4
        return text
    }
}
