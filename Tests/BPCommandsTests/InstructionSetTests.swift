import Foundation
import Testing

@Suite("BPREG_ISA with a name that is none")
struct InstructionSetTests {
    static let warning = "warning: BPREG_ISA=foo is not one of"

    @Test("commands that compute say it once, those that only read do not")
    func warned() throws {
        let bench = try Bench()
        try bench.writeClasses()
        func warnings(_ words: String...) throws -> Int {
            let result = try bench.run(words, environment: ["BPREG_ISA": "foo"])
            #expect(result.status == 0, "\(words): \(result.errors)")
            return result.errors.components(separatedBy: InstructionSetTests.warning).count - 1
        }
        #expect(try warnings("train", "points.csv", "--target", "side", "--epochs", "3") == 1)
        #expect(try warnings("train", "--resume", "1", "--epochs", "4") == 1)
        #expect(try warnings("predict", "points", "points.csv") == 1)
        #expect(try warnings("evaluate", "points") == 1)
        #expect(try warnings("gradcheck", "points.csv", "--target", "side") == 1)
        #expect(try warnings("show", "1@iteration:1", "--weights", "w.bin") == 1)
        #expect(try warnings("show", "1@last") == 0)
        #expect(try warnings("runs") == 0)
    }
}
