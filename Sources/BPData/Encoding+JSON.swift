package import BPJSON

extension Encoding {
    /// The encoding as canonical JSON: `features`, each `{name, mean, deviation}` or `{name, categories}`, and `target`,
    /// `{name, mean, deviation}` or `{name, classes, single_output}`. Numbers are exact.
    package var json: JSONValue {
        ["features": .array(features.map(Encoding.json)), "target": Encoding.json(target)]
    }

    private static func json(_ feature: Feature) -> JSONValue {
        switch feature {
        case .number(let name, let scale): json(name, scale)
        case .categories(let name, let categories):
            ["name": .string(name), "categories": .array(categories.map(JSONValue.string))]
        }
    }

    private static func json(_ target: Target) -> JSONValue {
        switch target {
        case .number(let name, let scale): return json(name, scale)
        case .classes(let name, let labels, let hasSingleOutput):
            let classes: [JSONValue] =
                switch labels {
                case .numbers(let numbers): numbers.map { Int64(exactly: $0).map(JSONValue.integer) ?? .double($0) }
                case .texts(let texts): texts.map(JSONValue.string)
                }
            return ["name": .string(name), "classes": .array(classes), "single_output": .bool(hasSingleOutput)]
        }
    }

    private static func json(_ name: String, _ scale: Scale) -> JSONValue {
        ["name": .string(name), "mean": .float(scale.mean), "deviation": .float(scale.deviation)]
    }
}

extension Encoding {
    /// The encoding whose `json` this is.
    /// - Throws: `DataError` (`corrupt`) that names the part which is not as `json` writes it.
    package init(json: JSONValue) throws(DataError) {
        guard let list = json["features"]?.array, !list.isEmpty, let goal = json["target"] else {
            throw Encoding.corrupt("has no features or no target")
        }
        var features: [Feature] = []
        var names: Set<String> = []
        for (index, item) in list.enumerated() {
            let feature = try Encoding.feature(item, index)
            guard names.insert(feature.name).inserted else {
                throw Encoding.corrupt("names feature \(Visible.quoted(feature.name)) twice")
            }
            features.append(feature)
        }
        let target = try Encoding.target(goal)
        guard !names.contains(target.name) else { throw Encoding.corrupt("has its target among the features") }
        self.init(features: features, target: target)
    }

    private static func feature(_ item: JSONValue, _ index: Int) throws(DataError) -> Feature {
        guard let name = item["name"]?.string, !name.isEmpty else {
            throw corrupt("has no name for feature \(index + 1)")
        }
        if let scale = scale(item) { return .number(name: name, scale: scale) }
        guard case .texts(let texts)? = item["categories"]?.array.flatMap(labels), !texts.isEmpty else {
            throw corrupt("has neither a scale nor sorted categories for \(Visible.quoted(name))")
        }
        return .categories(name: name, texts)
    }

    private static func target(_ item: JSONValue) throws(DataError) -> Target {
        guard let name = item["name"]?.string, !name.isEmpty else { throw corrupt("has no name for the target") }
        if let scale = scale(item), scale.deviation > 0 { return .number(name: name, scale: scale) }
        guard let labels = item["classes"]?.array.flatMap(labels), labels.count >= 2,
            let hasSingleOutput = item["single_output"]?.bool, !hasSingleOutput || labels.count == 2
        else { throw corrupt("has neither a scale nor sorted classes for its target \(Visible.quoted(name))") }
        return .classes(name: name, labels, hasSingleOutput: hasSingleOutput)
    }

    /// Labels that ascend strictly, all texts or all finite numbers.
    private static func labels(_ items: [JSONValue]) -> ClassLabels? {
        guard items.count <= ClassLabels.limit else { return nil }
        let texts = items.compactMap(\.string)
        if texts.count == items.count {
            let isSorted = zip(texts, texts.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            return isSorted ? .texts(texts) : nil
        }
        let numbers = items.compactMap(\.number)
        guard texts.isEmpty, numbers.count == items.count, numbers.allSatisfy(\.isFinite) else { return nil }
        return zip(numbers, numbers.dropFirst()).allSatisfy(<) ? .numbers(numbers) : nil
    }

    private static func scale(_ item: JSONValue) -> Scale? {
        guard let mean = item["mean"].flatMap(float), let deviation = item["deviation"].flatMap(float),
            mean.isFinite, deviation.isFinite, deviation >= 0
        else { return nil }
        return Scale(mean: mean, deviation: deviation)
    }

    /// The float32 that a number in JSON was written for. By way of its decimal, because a Double in between may
    /// round twice.
    private static func float(_ value: JSONValue) -> Float? {
        if case .float(let float) = value { return float }
        return value.number.flatMap { Float($0.description) }
    }

    private static func corrupt(_ message: String) -> DataError {
        DataError(.corrupt, "the stored encoding \(message)")
    }
}
