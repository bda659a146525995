/// A point of a curve.
struct CurvePoint: Equatable {
    let x: Double
    /// NaN for a gap in the curve.
    let y: Double
}

/// A curve as it is drawn: its points by ascending x, separated by gaps.
struct Curve {
    let name: String
    let points: [CurvePoint]
    /// How many values could not be drawn, and the x of the first: NaN, the infinities, and on a logarithmic axis values
    /// that are not above 0.
    let undrawn: Undrawn?
    /// The point of the run's best epoch.
    private(set) var best: CurvePoint?

    init(name: String, points: [CurvePoint], undrawn: Undrawn?) {
        (self.name, self.points, self.undrawn) = (name, points, undrawn)
    }

    /// Marks the point of the curve at `x`, if there is one.
    mutating func markBest(at x: Double) {
        for (first, second) in zip(points, points.dropFirst() + points.suffix(1)) where first.x <= x && second.x >= x {
            guard !first.y.isNaN, !second.y.isNaN else { continue }
            let share = second.x > first.x ? (x - first.x) / (second.x - first.x) : 0
            best = CurvePoint(x: x, y: first.y + (second.y - first.y) * share)
            return
        }
    }

    struct Undrawn: Equatable {
        var count: Int
        let first: Double
    }

    /// The stretches between gaps.
    var stretches: [[CurvePoint]] {
        points.split { $0.y.isNaN }.map(Array.init)
    }
}

/// Thins a long series for drawing as it comes, so that a spike of one point survives: of each column of the picture the
/// first, the lowest, the highest and the last point are kept. (Jugel, Jerzak, Hackenbroich and Markl, "M4: a
/// visualization-oriented time series data aggregation", Proc. VLDB Endowment 7 (2014) 797: a line drawn through these
/// has the pixels of the line through all.) No more than these are held in memory.
struct CurveThinning {
    private let low: Double
    private let columnWidth: Double
    private let isLogarithmic: Bool
    private var points: [CurvePoint] = []
    private var index = -1
    private var column: Column?
    private var undrawn: Curve.Undrawn?

    /// The points that are kept of a column. A gap inside it is drawn at its end, which is as fine as the picture is.
    private struct Column {
        let first: CurvePoint
        var lowest: CurvePoint, highest: CurvePoint, last: CurvePoint
        var hasGap = false
    }

    /// For points with x in `range`, drawn over so many columns.
    init(_ range: ClosedRange<Double>, columns: Int, isLogarithmic: Bool) {
        low = range.lowerBound
        columnWidth = (range.upperBound - range.lowerBound) / Double(columns)
        self.isLogarithmic = isLogarithmic
    }

    /// Adds a point. Its x is not below those before.
    mutating func add(_ x: Double, _ y: Double) {
        let place = columnWidth > 0 ? Int((x - low) / columnWidth) : 0
        if place != index { endColumn() }
        index = place
        guard y.isFinite, !isLogarithmic || y > 0 else {
            undrawn = Curve.Undrawn(count: (undrawn?.count ?? 0) + 1, first: undrawn?.first ?? x)
            if column == nil { addGap(x) } else { column?.hasGap = true }
            return
        }
        let point = CurvePoint(x: x, y: y)
        guard var own = column else {
            column = Column(first: point, lowest: point, highest: point, last: point)
            return
        }
        if y < own.lowest.y { own.lowest = point }
        if y > own.highest.y { own.highest = point }
        own.last = point
        column = own
    }

    /// The curve of all points so far.
    mutating func curve(named name: String) -> Curve {
        endColumn()
        return Curve(name: name, points: points, undrawn: undrawn)
    }

    private mutating func endColumn() {
        guard let own = column else { return }
        let isLowestFirst = own.lowest.x <= own.highest.x
        for point in [own.first] + (isLowestFirst ? [own.lowest, own.highest] : [own.highest, own.lowest]) + [own.last]
        where point != points.last { points.append(point) }
        if own.hasGap { addGap(own.last.x) }
        column = nil
    }

    private mutating func addGap(_ x: Double) {
        if points.last?.y.isNaN == false { points.append(CurvePoint(x: x, y: .nan)) }
    }
}

/// Curves over the same axes.
struct Panel {
    let title: String
    let curves: [Curve]
    let isLogarithmic: Bool
    /// Places on the x axis with a meaning, such as the end of a fork's parent.
    let marks: [Mark]
    /// Whether the values are shares, which people read as percentages.
    var isShare = false
    /// `best: epoch 14` if the panel is of one run, else what the mark of a best epoch is; nil without such a mark.
    var bestText: String?

    struct Mark: Equatable {
        let x: Double
        let text: String
    }
}

/// Panels over the same x axis.
struct Plot {
    let title: String
    let xTitle: String
    let panels: [Panel]
    /// Sentences about the curves, such as gaps.
    let notes: [String]

    /// The range of the x axes.
    let xRange: ClosedRange<Double>
}

extension Panel {
    /// The axis of its curves' values.
    func yAxis(ticks: Int) -> Axis {
        let values = curves.flatMap(\.points).map(\.y).filter { !$0.isNaN }
        let range = (values.min() ?? (isLogarithmic ? 0.1 : 0))...(values.max() ?? 1)
        let axis = Axis(range, isLogarithmic: isLogarithmic, isWhole: false, ticks: ticks, margin: 0.03)
        return isShare ? axis.inPercent : axis
    }
}
