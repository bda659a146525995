import Testing
import TestSupport

/// An option is used or refused.
@Suite("Options without an effect")
struct NoEffectTests {
    @Test("are refused, with the option and the reason")
    func refused() throws {
        let bench = try Bench()
        try bench.copy("iris.csv")
        #expect(try bench.run("train", "iris.csv", "--target", "species", "--epochs", "2").status == 0)
        #expect(try bench.run("pin", "1@epoch:1").status == 0)
        let cases: [(words: String, option: String)] = [
            ("train iris.csv --target species --hidden none --activation relu", "--activation relu"),
            ("gradcheck iris.csv --target species --hidden none --activation relu", "--activation relu"),
            ("train --from 1 --epochs 4 --type petal_length=f64", "--type petal_length=f64"),
            ("evaluate 1 --labels x", "--labels x"), ("evaluate 1 --format csv", "--format csv"),
            ("evaluate 1 --features x", "--features x"), ("compare 1 1@last --labels x", "--labels x"),
            ("compare 1 1@last --format csv", "--format csv"), ("predict 1 iris.csv --labels x", "--labels x"),
            ("pin 1@epoch:1 --remove --name good", "--remove --name good"),
            ("pin 1@epoch:1 --remove --data x", "--data x"),
            ("pin 1 --data x", "--data x"), ("pin 1 --labels x", "--labels x"),
            ("version iris:1 --model other --data x", "--data x"), ("tag 1 a=1 a=2", "a=1 a=2"),
            ("tag 1 a=1 --remove a", "a=1 --remove a"), ("compare 1 1@last --json --all", "--all"),
        ]
        for (words, option) in cases {
            let result = try bench.run(words.split(separator: " ").map(String.init))
            #expect(result.status == 64, "\(words): \(result.errors)")
            #expect(result.errors.contains("  at: " + option), "\(words): \(result.errors)")
        }
        #expect(try bench.run("tag", "1", "--json").json == [])
        #expect(try bench.run("runs", "--json").json.array?.count == 1)
    }

    @Test("a column that is ignored twice is ignored once")
    func ignoredTwice() throws {
        let bench = try Bench()
        try bench.copy("iris.csv")
        let twice = ["--ignore", "petal_width", "--ignore", "petal_width"]
        #expect(try bench.run(["train", "iris.csv", "--target", "species", "--epochs", "2"] + twice).status == 0)
        // They agree with the run's own.
        let resumed = try bench.run(["train", "--resume", "1", "--epochs", "3"] + twice)
        #expect(resumed.status == 0, "\(resumed.errors)")
    }
}
