import Testing

@testable import BPInterchange

@Suite struct LayerNameTests {
    @Test(arguments: [
        ("fc1.weight", 2, "fc1", WeightOrientation.outIn), ("module.net.0.weight", 2, "module.net.0", .outIn),
        ("dense/kernel:0", 2, "dense", .inOut), ("params/Dense_0/kernel", 2, "params/Dense_0", .inOut),
        ("layers/dense_1/vars/0", 2, "layers/dense_1", .inOut), ("coefs_1", 2, "layer 1", .inOut),
        ("fc1.bias", 1, "fc1", nil), ("layers/dense/vars/1", 1, "layers/dense", nil), ("arr_2", 2, "layer 1", nil),
        ("arr_3", 1, "layer 1", nil), ("W2", 2, "layer 2", nil), ("b2", 1, "layer 2", nil),
        ("intercepts_0", 1, "layer 0", nil),
    ])
    func known(name: String, dimensions: Int, layer: String, orientation: WeightOrientation?) {
        let found = LayerName(name, dimensions: dimensions)
        #expect(found?.layer == layer)
        #expect(found?.orientation == orientation)
        #expect(found?.role == (dimensions == 2 ? .weight : .bias))
    }

    @Test(arguments: [
        ("conv.weight", 4), ("bn.weight", 1), ("bn.running_mean", 1), ("x", 2), ("fc1.bias", 2), ("scale", 0),
        (".weight", 2),
    ])
    func unknown(name: String, dimensions: Int) {
        #expect(LayerName(name, dimensions: dimensions) == nil)
    }

    @Test func numbersInNamesOrder() {
        func order(_ names: [String]) -> [String]? {
            let keyed = names.map { ($0, LayerName.sortKey($0)) }
            guard Set(keyed.map(\.1.pattern)).count == 1 else { return nil }
            return keyed.sorted { $0.1.numbers.lexicographicallyPrecedes($1.1.numbers) }.map(\.0)
        }
        #expect(order(["fc10", "fc2", "fc1"]) == ["fc1", "fc2", "fc10"])
        #expect(order(["dense_2", "dense", "dense_1"]) == ["dense", "dense_1", "dense_2"])
        #expect(order(["net.4", "net.0", "net.2"]) == ["net.0", "net.2", "net.4"])
        #expect(order(["hidden", "out"]) == nil)
    }
}
