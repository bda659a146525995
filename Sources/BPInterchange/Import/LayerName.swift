/// How weights of a layer may lie in a file.
package enum WeightOrientation: String, CaseIterable, Sendable {
    /// [n_out, n_in]: PyTorch, bpreg.
    case outIn = "out-in"
    /// [n_in, n_out]: Keras, scikit-learn.
    case inOut = "in-out"
}

/// What the name of a tensor says: of which layer it is, and what.
struct LayerName: Equatable {
    enum Role: Equatable { case weight, bias }

    /// The layer.
    let layer: String
    /// What of it.
    let role: Role
    /// How its weights lie, where the name is one that only one program gives.
    let orientation: WeightOrientation?

    /// Reads the names that PyTorch (`fc1.weight`), Keras (`dense/kernel:0`, `layers/dense/vars/0`), scikit-learn
    /// (`coefs_0`, `intercepts_0`), NumPy (`arr_0`) and people (`W1`, `b1`) give.
    /// - Parameter dimensions: how many the tensor has: 2 are weights, 1 is a bias.
    init?(_ name: String, dimensions: Int) {
        guard dimensions == 1 || dimensions == 2 else { return nil }
        let role: Role = dimensions == 2 ? .weight : .bias
        var text = name
        if text.hasSuffix(":0") { text.removeLast(2) }
        func take(_ suffixes: [String], _ expected: Role, _ orientation: WeightOrientation?) -> LayerName? {
            for suffix in suffixes where role == expected && text.hasSuffix(suffix) {
                let rest = String(text.dropLast(suffix.count))
                if !rest.isEmpty { return LayerName(layer: rest, role: role, orientation: orientation) }
            }
            return nil
        }
        let named =
            take([".weight"], .weight, .outIn)
            ?? take(["/kernel", ".kernel", "/vars/0", ".vars.0"], .weight, .inOut)
            ?? take([".bias", "/bias", "/vars/1", ".vars.1"], .bias, nil)
        if let named {
            self = named
            return
        }
        guard let numbered = LayerName.numbered(text, role) else { return nil }
        self = numbered
    }

    private init(layer: String, role: Role, orientation: WeightOrientation?) {
        (self.layer, self.role, self.orientation) = (layer, role, orientation)
    }

    /// A stem and a number.
    private static func numbered(_ text: String, _ role: Role) -> LayerName? {
        let digits = text.reversed().prefix { $0.isASCII && $0.isNumber }
        let stem = text.dropLast(digits.count)
        guard let number = Int(String(digits.reversed())) else { return nil }
        switch (stem.lowercased(), role) {
        case ("coefs_", .weight): return LayerName(layer: "layer \(number)", role: role, orientation: .inOut)
        case ("intercepts_", .bias): return LayerName(layer: "layer \(number)", role: role, orientation: nil)
        case ("w", .weight), ("b", .bias): return LayerName(layer: "layer \(number)", role: role, orientation: nil)
        // Arrays without names: a layer's weights, then its bias.
        case ("arr_", _): return LayerName(layer: "layer \(number / 2)", role: role, orientation: nil)
        default: return nil
        }
    }

    /// What orders layers whose names differ in numbers alone: the name without its numbers, and the numbers. Keras
    /// calls the first `dense` and the next `dense_1`.
    static func sortKey(_ layer: String) -> (pattern: String, numbers: [Int]) {
        var pattern = ""
        var numbers: [Int] = []
        var digits = ""
        func end() {
            if let number = Int(digits) {
                numbers.append(number)
                pattern += "#"
            } else {
                pattern += digits
            }
            digits = ""
        }
        for character in layer {
            if character.isASCII && character.isNumber {
                digits.append(character)
            } else {
                end()
                pattern.append(character)
            }
        }
        end()
        if pattern.hasSuffix("_#") { pattern.removeLast(2) } else if !pattern.hasSuffix("#") { numbers.append(0) }
        return (pattern, numbers)
    }
}
