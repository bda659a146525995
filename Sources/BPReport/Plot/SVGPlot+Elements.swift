// SVG elements as text.
extension SVGPlot {
    func line(
        _ kind: String, _ colour: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, dashes: String? = nil
    ) -> String {
        let places = [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)].map { "\($0.0)=\"\(SVGPlot.number($0.1))\"" }
        return "<line class=\"\(kind)\" stroke=\"\(colour)\" \(places.joined(separator: " "))"
            + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>\n"
    }

    func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ text: String) -> String {
        "<\(name) " + attributes.map { "\($0)=\"\($1)\"" }.joined(separator: " ") + ">"
            + SVGPlot.escaped(text) + "</\(name)>\n"
    }

    /// Two decimals of a pixel.
    static func number(_ value: Double) -> String {
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
