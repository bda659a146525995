// The colours and dashes of curves.
extension SVGPlot {
    /// Okabe and Ito's colours without the light yellow. People who do not see red and green as different can distinguish
    /// them.
    /// (https://jfly.uni-koeln.de/color/). Beside each its lighter form for a dark ground.
    private static let colours: [(light: String, dark: String)] = [
        ("#0072b2", "#4fa8e0"), ("#d55e00", "#f0813a"), ("#009e73", "#2cc79b"), ("#cc79a7", "#e39bc3"),
        ("#b07d00", "#e6b422"), ("#56b4e9", "#8fd0f5"), ("#000000", "#ffffff"),
    ]
    private static let dashes = ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 4"]

    static func colourIndex(_ curve: Int) -> Int { curve % colours.count }
    static func colour(_ curve: Int) -> String { colours[colourIndex(curve)].light }

    static var darkColours: String {
        colours.indices.map { ".c\($0) { stroke: \(colours[$0].dark) } .d\($0) { fill: \(colours[$0].dark) }" }
            .joined(separator: "\n")
    }

    static func stroke(_ curve: Int) -> String {
        // The second time round a colour has another pattern.
        let dashes = dashes[(curve + curve / colours.count) % dashes.count]
        return "class=\"c\(colourIndex(curve))\" fill=\"none\" stroke=\"\(colour(curve))\" stroke-width=\"1.6\" "
            + "stroke-linejoin=\"round\"" + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"")
    }
}
