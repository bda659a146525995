import Foundation
import TestSupport
import Testing

@testable import BPTraining

/// p-values against published ones, closed forms, and sums written out.
@Suite("Statistics of comparisons")
struct TestStatisticsTests {
    @Test("I_x(a, b) has its closed forms")
    func closedForms() {
        for x in [0.0, 1e-9, 0.01, 0.3, 0.5, 0.77, 0.999, 1] {
            #expect(near(IncompleteBeta.regularized(x, 1, 1), x))
            #expect(near(IncompleteBeta.regularized(x, 3, 1), x * x * x))
            #expect(near(IncompleteBeta.regularized(x, 1, 4), 1 - pow(1 - x, 4)))
            // The arcsine law.
            #expect(near(IncompleteBeta.regularized(x, 0.5, 0.5), 2 / Double.pi * asin(x.squareRoot()), 1e-12))
        }
        #expect(near(IncompleteBeta.regularized(0.5, 1e5, 1e5), 0.5, 1e-9))
        for (x, a, b) in [(-0.1, 1.0, 1.0), (1.1, 1, 1), (0.5, 0, 1), (0.5, 1, -1), (.nan, 1, 1), (0.5, .nan, 1)] {
            #expect(IncompleteBeta.regularized(x, a, b).isNaN)
        }
    }

    @Test("I_x(a, b) is the tail of a binomial sum, for 300 random cases")
    func binomialSums() {
        var random = SplitMix64(20_131)
        for _ in 0..<300 {
            let n = 1 + Int(random.next() % 60)
            let k = 1 + Int(random.next() % UInt64(n))
            let x = Double(random.next() >> 11) / Double(1 << 53)
            // P(X ≥ k) = I_x(k, n − k + 1), DLMF 8.17.5, each term as a product.
            let sum = (k...n).reduce(0.0) { $0 + choose(n, $1) * pow(x, Double($1)) * pow(1 - x, Double(n - $1)) }
            let found = IncompleteBeta.regularized(x, Double(k), Double(n - k + 1))
            #expect(near(found, sum, 1e-11), "seed 20131, n \(n), k \(k), x \(x)")
        }
    }

    @Test("McNemar's test has the published p-values")
    func mcNemarPublished() {
        // Fagerland, Lydersen and Laake 2013, table 1 (Bentur et al. 2009) and its text.
        let airway = McNemarTest(onlyFirstRight: 1, onlySecondRight: 7)
        #expect(near(airway.pValue, 18.0 / 256) && near(airway.midPValue, 18.0 / 256 - 8.0 / 256))
        #expect(rounded(airway.pValue) == 0.0703 && rounded(airway.midPValue) == 0.0391)
        // Their second table: 6 and 16 discordant pairs.
        let response = McNemarTest(onlyFirstRight: 6, onlySecondRight: 16)
        #expect(rounded(response.pValue) == 0.0525 && rounded(response.midPValue) == 0.0347)
        // The order of the two models changes nothing.
        #expect(McNemarTest(onlyFirstRight: 16, onlySecondRight: 6).pValue == response.pValue)
    }

    @Test("McNemar's test where nothing or little differs")
    func mcNemarSmall() {
        #expect(McNemarTest(onlyFirstRight: 0, onlySecondRight: 0).pValue == 1)
        #expect(near(McNemarTest(onlyFirstRight: 0, onlySecondRight: 0).midPValue, 0.5))
        #expect(McNemarTest(onlyFirstRight: 1, onlySecondRight: 0).pValue == 1)
        #expect(near(McNemarTest(onlyFirstRight: 0, onlySecondRight: 5).pValue, 2.0 / 32))
        #expect(near(McNemarTest(onlyFirstRight: 4, onlySecondRight: 4).midPValue, 1 - 70.0 / 256 / 2))
    }

    @Test("McNemar's test is twice the binomial sum, for all counts up to 30, and holds for large ones")
    func mcNemarSums() {
        for b in 0...30 {
            for c in 0...30 where b != c {
                let n = b + c
                let sum = (0...min(b, c)).reduce(0.0) { $0 + choose(n, $1) } / pow(2, Double(n))
                #expect(near(McNemarTest(onlyFirstRight: b, onlySecondRight: c).pValue, min(1, 2 * sum), 1e-11))
            }
        }
        // χ² with continuity correction is near for many pairs: z = (|b − c| − 1)/√n.
        let many = McNemarTest(onlyFirstRight: 501_000, onlySecondRight: 499_000)
        let z = (2000.0 - 1) / 1000
        #expect(near(many.pValue, erfc(z / 2.0.squareRoot()), 1e-4))
        #expect(McNemarTest(onlyFirstRight: 0, onlySecondRight: 2000).pValue >= 0)
    }

    @Test("the paired t test has the published values of Student's sleep data")
    func sleep() {
        // Student 1908, Cushny and Peebles' hours of additional sleep; t.test(paired = TRUE) of R: t = 4.0621, df = 9,
        // p-value = 0.002833, interval 0.7001142 to 2.4598858.
        let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
        let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
        let test = PairedTTest(zip(first, second).map { $1 - $0 })
        #expect(near(test.mean, 1.58) && test.degreesOfFreedom == 9)
        #expect(rounded(test.t) == 4.0621)
        #expect((test.pValue * 1e6).rounded() == 2833)
        #expect(near(test.mean - test.margin, 0.7001142, 1e-7) && near(test.mean + test.margin, 2.4598858, 1e-7))
    }

    @Test("Student's t has its closed forms and its table")
    func student() {
        for t in [0.0, 0.1, 1, 2.5, 12, 400] {
            #expect(near(StudentsT.bothTails(t, 1), 1 - 2 / Double.pi * atan(t), 1e-12))
            #expect(near(StudentsT.bothTails(t, 2), 1 - t / (2 + t * t).squareRoot(), 1e-11))
        }
        // Every table of Student's t, 5% two-sided.
        for (degrees, t) in [(1.0, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)] {
            #expect((StudentsT.quantile(bothTails: 0.05, degrees) * 1000).rounded() == (t * 1000).rounded())
        }
        #expect(near(StudentsT.quantile(bothTails: 0.05, 1e6), 1.959966, 1e-6))
    }

    @Test("the paired t test without what it needs")
    func pairedEdges() {
        #expect(PairedTTest([]).pValue.isNaN && PairedTTest([1]).pValue.isNaN)
        let same = PairedTTest([0, 0, 0])
        #expect(same.t == 0 && same.pValue == 1 && same.margin == 0)
        let constant = PairedTTest([2, 2, 2])
        #expect(constant.t == .infinity && constant.pValue == 0 && constant.mean == 2)
        #expect(PairedTTest([1, .nan, 2]).pValue.isNaN)
    }

    private func choose(_ n: Int, _ k: Int) -> Double {
        k == 0 ? 1 : (1...k).reduce(1.0) { $0 * Double(n - k + $1) / Double($1) }
    }

    private func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}

/// Whether `a` is `b` within a relative error, or the same absolute one near 0.
private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-13) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
}
