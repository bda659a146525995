import BPJSON
import Testing

@testable import BPReport

@Suite("Numbers and times for people")
struct NumberTextTests {
    @Test(
        "measures",
        arguments: [
            (0.25, "0.250000"), (0, "0.000000"), (1e-5, "1.000e-05"), (1.5e7, "1.500e+07"), (-0.5, "-0.500000"),
            (4824.129256, "4824.129"), (14602.3, "14602.30"), (12.5, "12.50000"), (999_999, "999999.0"), (.nan, "NaN"),
            (.infinity, "inf"), (-.infinity, "-inf"),
        ])
    func measures(_ value: Double, _ text: String) {
        #expect(NumberText.measure(value) == text)
    }

    @Test("rates, bytes and stretches of time")
    func others() {
        #expect(NumberText.rate(0.834) == "0.83")
        #expect(NumberText.rate(12.34) == "12.3")
        #expect(NumberText.rate(1_234_567) == "1,234,567")
        #expect(NumberText.binaryBytes(1 << 30) == "1.0 GiB" && NumberText.binaryBytes(1000) == "1000 B")
        #expect(NumberText.binaryBytes(.max) == "8.0 EiB")
        #expect(NumberText.plain(-1) == "-1" && NumberText.plain(0.25) == "0.25" && NumberText.plain(.nan) == "nan")
        #expect(JSONValue.seconds(0.047974881000000004).serialized == "0.047975")
        #expect(NumberText.bytes(512) == "512 B")
        #expect(NumberText.bytes(1_500_000) == "1.5 MB")
        #expect(NumberText.bytes(999_999) == "1.0 MB")
        #expect(NumberText.duration(seconds: 59.4) == "59s")
        #expect(NumberText.duration(seconds: 65) == "1:05")
        #expect(NumberText.duration(seconds: 7400) == "2:03:20")
        #expect(NumberText.duration(seconds: 100_000) == "1d 3h")
        #expect(NumberText.duration(seconds: .infinity) == "–")
        #expect(NumberText.grouped(-1234) == "-1,234")
    }

    @Test(
        "points in time",
        arguments: [
            (0 as Int64, "1970-01-01 00:00:00", "1970-01-01T00:00:00.000000Z"),
            (951_782_399_000_001, "2000-02-28 23:59:59", "2000-02-28T23:59:59.000001Z"),
            (951_868_800_000_000, "2000-03-01 00:00:00", "2000-03-01T00:00:00.000000Z"),
            (1_709_164_800_250_000, "2024-02-29 00:00:00", "2024-02-29T00:00:00.250000Z"),
            (-1, "1969-12-31 23:59:59", "1969-12-31T23:59:59.999999Z"),
        ])
    func times(_ microseconds: Int64, _ plain: String, _ json: String) {
        #expect(TimeText.plain(microseconds) == plain)
        #expect(TimeText.json(microseconds) == .string(json))
    }

    @Test(
        "p-values: as many digits as mean something, and 1 only for 1",
        arguments: [
            (1, "p = 1"), (0.998, "p > 0.99"), (0.688, "p = 0.69"), (0.1, "p = 0.10"), (0.0312, "p = 0.031"),
            (0.000024, "p = 2.4e-05"), (0, "p = 0"), (.nan, "p = -"),
        ] as [(Double, String)])
    func pValues(_ value: Double, _ text: String) { #expect(NumberText.pValue(value) == text) }
}
