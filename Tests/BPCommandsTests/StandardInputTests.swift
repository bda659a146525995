import Foundation
import Testing

@Suite("Tables from standard input")
struct StandardInputTests {
    @Test("`-` is standard input")
    func dash() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let table = bench.folder.appending(path: "points.csv")
        let options = ["--target", "side", "--epochs", "20", "--model", "piped"]
        let trained = try bench.run(["train", "-"] + options, input: table)
        #expect(trained.status == 0, "\(trained.errors)")
        let piped = try bench.run(["predict", "piped", "-"], input: table)
        let named = try bench.run("predict", "piped", "points.csv")
        #expect(piped.status == 0 && piped.output == named.output, "\(piped.errors)")
        let evaluation = try bench.run(["evaluate", "piped", "-"], input: table)
        #expect(evaluation.status == 0 && evaluation.output.contains("60 (standard input)"), "\(evaluation.errors)")
        let check = try bench.run(["gradcheck", "-", "--target", "side"], input: table)
        #expect(check.status == 0, "\(check.errors)")
        try bench.write("bad.csv", "x,height\n1,2\n1,z\n")
        let bad = try bench.run(["predict", "piped", "-"], input: bench.folder.appending(path: "bad.csv"))
        #expect(bad.status == 65 && bad.errors.contains("line 3"), "\(bad.errors)")
        #expect(!bad.errors.contains("sed "), "\(bad.errors)")
    }
}
