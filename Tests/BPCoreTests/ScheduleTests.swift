import Testing

@testable import BPCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Learning-rate schedules (THEORY row 21).
@Suite struct ScheduleTests {
    func rates(_ schedule: Schedule, _ epochs: ClosedRange<Int>, from rate: Double = 1) -> [Double] {
        epochs.map { schedule.rate(epoch: $0, learningRate: rate) }
    }

    @Test func ratesByHand() throws {
        #expect(rates(.constant, 1...3, from: 0.1) == [0.1, 0.1, 0.1])
        let warm = try Schedule(.constant, warmup: 3, learningRate: 1)
        #expect(rates(warm, 1...5) == [0.25, 0.5, 0.75, 1, 1])
        let step = try Schedule(.step(gamma: 0.5, epochs: 2), learningRate: 1)
        #expect(rates(step, 1...7) == [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125])
        let ended = try Schedule(.step(gamma: 0.5, epochs: 2), epochs: 5, warmup: 1, learningRate: 1)
        #expect(rates(ended, 1...8) == [0.5, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5])
        let exponential = try Schedule(.exponential(gamma: 0.5), epochs: 4, learningRate: 8)
        #expect(rates(exponential, 1...6, from: 8) == [8, 4, 2, 1, 1, 1])
        let cosine = try Schedule(.cosine(minimum: 0.25), epochs: 7, warmup: 2, learningRate: 1)
        let found = rates(cosine, 1...9)
        #expect(found[2] == 1 && found[6] == 0.25 && found[7] == 0.25 && found[8] == 0.25)
        for (s, rate) in zip(0..., found[2...6]) {
            #expect(abs(rate - (0.25 + 0.375 * (1 + cos(Double.pi * Double(s) / 4)))) < 1e-15)
        }
        #expect(abs(found[0] - 1.0 / 3) < 1e-16 && abs(found[1] - 2.0 / 3) < 1e-15)
    }

    /// A change here is a change of the numbers, and needs another numerics version. They were computed by the same
    /// formulas in Python's float64.
    @Test func bitsAreFixed() throws {
        let cosine = try Schedule(.cosine(minimum: 1e-5), epochs: 100, warmup: 5, learningRate: 0.003)
        let exponential = try Schedule(.exponential(gamma: 0.97), learningRate: 0.003)
        let expected: [UInt64] = [
            0x3f50624dd2f1a9fc, 0x3f689374bc6a7efa, 0x3f6891b485d363bc, 0x3f5b1c1374ca9279,
            0x3f58a86d71f36265, 0x3f57d6e640bc1841, 0x3ee6b8ec1ffea730, 0x3ee4f8b588e368f1,
        ]
        let found = [2, 6, 7, 50, 53, 54, 99, 100].map { cosine.rate(epoch: $0, learningRate: 0.003) }
        #expect(found.map(\.bitPattern) == expected)
        #expect(exponential.rate(epoch: 77, learningRate: 0.003).bitPattern == 0x3f336b90268a3822)
    }

    /// The rate of an epoch is the same whatever was asked before, falls, and stays where the schedule ends.
    @Test func longSchedulesFallAndStay() throws {
        let cosine = try Schedule(.cosine(minimum: 0), epochs: 100_000, learningRate: 0.1)
        var last = Double.infinity
        for epoch in stride(from: 1, through: 100_000, by: 37) {
            let rate = cosine.rate(epoch: epoch, learningRate: 0.1)
            #expect(rate < last || epoch <= 38)
            last = rate
        }
        #expect(cosine.rate(epoch: .max, learningRate: 0.1) == 0)
        #expect(try Schedule(.exponential(gamma: 0.5), learningRate: 1).rate(epoch: .max, learningRate: 1) == 0)
        #expect(try Schedule(.step(gamma: 0.5, epochs: .max), learningRate: 1).rate(epoch: .max, learningRate: 1) == 1)
        #expect(try Schedule(.constant, warmup: .max, learningRate: 1).rate(epoch: 1, learningRate: 1) > 0)
    }

    @Test func theCosineIsOurOwnAndAccurate() {
        #expect(quarterCosine(0) == 1 && quarterCosine(1) == 0)
        var worst = 0.0
        for i in 0...100_000 {
            let x = Double(i) / 100_000
            // sin is exact near 0 where cos of a rounded ½π is not.
            let exact = x > 0.5 ? sin((1 - x) * .pi / 2) : cos(x * .pi / 2)
            worst = max(worst, abs(quarterCosine(x) - exact) / exact.ulp * (exact > 0 ? 1 : 0))
        }
        print("quarterCosine: at most \(worst) ulp of float64 from libm's")
        #expect(worst <= 4)
    }

    @Test func schedulesThatCannotBe() throws {
        let wrong: [(Schedule.Curve, epochs: Int?, warmup: Int, setting: String)] = [
            (.step(gamma: 0, epochs: 5), nil, 0, "gamma"), (.step(gamma: -1, epochs: 5), nil, 0, "gamma"),
            (.exponential(gamma: 1.1), nil, 0, "gamma"), (.exponential(gamma: .nan), nil, 0, "gamma"),
            (.step(gamma: 0.5, epochs: 0), nil, 0, "step epochs"), (.cosine(minimum: -1), 5, 0, "min rate"),
            (.cosine(minimum: 0.2), 5, 0, "min rate"), (.cosine(minimum: .nan), 5, 0, "min rate"),
            (.constant, nil, -1, "warmup"), (.constant, 5, 0, "schedule epochs"),
            (.cosine(minimum: 0), nil, 0, "schedule epochs"), (.cosine(minimum: 0), 1, 0, "schedule epochs"),
            (.cosine(minimum: 0), 6, 5, "schedule epochs"), (.exponential(gamma: 0.5), 5, 5, "schedule epochs"),
            (.exponential(gamma: 0.5), 0, 0, "schedule epochs"), (.exponential(gamma: 0.5), .min, 5, "schedule epochs"),
            (.step(gamma: 0.5, epochs: 2), 5, .max, "schedule epochs"),
        ]
        for (curve, epochs, warmup, setting) in wrong {
            let error = #expect(throws: CoreError.self) {
                try Schedule(curve, epochs: epochs, warmup: warmup, learningRate: 0.1)
            }
            guard case .scheduleSetting(setting, _, _)? = error else {
                Issue.record("\(curve) over \(String(describing: epochs)) epochs: \(String(describing: error))")
                continue
            }
        }
        _ = try Schedule(.cosine(minimum: 0.1), epochs: 7, warmup: 5, learningRate: 0.1)
        _ = try Schedule(.exponential(gamma: 1), epochs: 6, warmup: 5, learningRate: 0.1)
    }
}
