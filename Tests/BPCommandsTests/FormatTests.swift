import Foundation
import TestSupport
import Testing

/// Tables that are no CSV, from the command line; the files are NumPy's (Tests/Fixtures/data).
@Suite("Data in other formats")
struct FormatTests {
    private static let fixtures = Project.file("Tests/Fixtures/data")

    /// A folder with copies of these files.
    private func bench(_ names: String...) throws -> Bench {
        let bench = try Bench()
        for name in names {
            try FileManager.default.copyItem(
                at: FormatTests.fixtures.appending(path: name), to: bench.folder.appending(path: name))
        }
        return bench
    }

    private static let all = ["--epochs", "3", "--validation", "0", "--test", "0"]

    @Test("images and their labels: trained, predicted, evaluated, audited")
    func images() throws {
        let bench = try bench(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz")
        let trained = try bench.run(
            ["train", "train-images-idx3-ubyte", "--model", "digits"] + FormatTests.all)
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.errors.contains("the labels are read from train-labels-idx1-ubyte, as its name shows"))
        // The same data, gzipped, are the same dataset and give the same weights.
        let again = try bench.run(["train", "t10k-images-idx3-ubyte.gz", "--model", "again"] + FormatTests.all)
        #expect(again.output.split(separator: "\n").last == trained.output.split(separator: "\n").last)
        #expect(try bench.run("datasets", "--json").json.array?.count == 1)
        let predicted = try bench.run("predict", "digits", "train-images-idx3-ubyte")
        #expect(predicted.status == 0 && predicted.output.split(separator: "\n").count == 7, "\(predicted.errors)")
        let image = bench.folder.appending(path: "t10k-images-idx3-ubyte.gz")
        #expect(try bench.run(["predict", "digits", "-"], input: image).output == predicted.output)
        let evaluated = try bench.run("evaluate", "digits", "t10k-images-idx3-ubyte.gz")
        #expect(evaluated.status == 0 && evaluated.output.contains("rows      6"), "\(evaluated.errors)")
        let labels = ["--labels", "train-labels-idx1-ubyte"]
        let piped = try bench.run(["evaluate", "digits", "-"] + labels, input: image)
        #expect(piped.status == 0 && piped.output.contains("6 (standard input)"), "\(piped.errors)")
        let compared = try bench.run("compare", "digits", "again", "--data", "t10k-images-idx3-ubyte.gz")
        #expect(compared.status == 0, "\(compared.errors)")
        #expect(try bench.run("audit", "1").status == 0)
    }

    @Test("an archive of arrays: the part for training is trained on, the part for the test measured")
    func archive() throws {
        let bench = try bench("deflated.npz", "stored.npz")
        let trained = try bench.run(["train", "deflated.npz"] + FormatTests.all)
        #expect(trained.status == 0 && trained.errors.contains("member x_train, their labels y_train"))
        let evaluated = try bench.run("evaluate", "deflated", "deflated.npz")
        #expect(evaluated.status == 0 && evaluated.output.contains("rows      1 "), "\(evaluated.errors)")
        let said = ["evaluate", "deflated", "deflated.npz", "--features", "x_train", "--labels", "y_train"]
        #expect(try bench.run(said).output.contains("rows      4 "))
        let wrong = try bench.run("evaluate", "deflated", "stored.npz", "--features", "X", "--labels", "yy")
        #expect(wrong.status == 65, "\(wrong.errors)")
        #expect(wrong.errors.contains("there is no member \"yy\"; the archive has: X, y"))
        #expect(wrong.errors.contains("next: bpreg evaluate deflated stored.npz --features X --labels y\n"))
    }

    @Test("a run of which only the hash of the data is kept goes on from files that were moved")
    func keptElsewhere() throws {
        let bench = try bench("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
        let trained = try bench.run(
            ["train", "train-images-idx3-ubyte", "--model", "digits", "--dataset-limit", "1"] + FormatTests.all)
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(try bench.run("audit", "1").status == 0, "the recorded path, and the labels beside it")
        for (from, to) in [("train-images-idx3-ubyte", "pictures"), ("train-labels-idx1-ubyte", "classes")] {
            try FileManager.default.moveItem(
                at: bench.folder.appending(path: from), to: bench.folder.appending(path: to))
        }
        let gone = try bench.run("audit", "1")
        #expect(gone.status == 65 && gone.errors.contains("No such file"), "\(gone.errors)")
        let lost = try bench.run("train", "--resume", "1", "--epochs", "5", "--data", "pictures")
        #expect(lost.status == 65, "\(lost.errors)")
        let files = ["--data", "pictures", "--labels", "classes"]
        #expect(try bench.run(["audit", "1"] + files).status == 0)
        let resumed = try bench.run(["train", "--resume", "1", "--epochs", "5"] + files)
        #expect(resumed.status == 0, "\(resumed.errors)")
        let forked = try bench.run(["train", "--from", "1", "--epochs", "7", "--learning-rate", "0.01"] + files)
        #expect(forked.status == 0, "\(forked.errors)")
    }

    @Test("what cannot be read says what it is, and what to type")
    func refused() throws {
        let bench = try bench("train-images-idx3-ubyte", "object.npy", "t10k-images-idx3-ubyte.gz", "f4.npy")
        try bench.write("short.csv", "kind\nx\ny\n")
        func errors(_ arguments: String..., status: Int32 = 65) throws -> String {
            let result = try bench.run(["train"] + arguments)
            #expect(result.status == status, "\(result.errors)")
            return result.errors
        }
        #expect(try errors("object.npy", "--target", "p0").contains("pickles, which run code"))
        let matrix = try errors("train-images-idx3-ubyte", status: 64)
        #expect(matrix.contains("hint: name the labels with --labels"))
        #expect(try errors("f4.npy", "--format", "idx").contains("does not begin as an IDX file does"))
        #expect(try errors("f4.npy", "--format", "ubj", status: 64).contains("--format does not know \"ubj\""))
        #expect(try errors("f4.npy", "--labels", "f4.npy").contains("labels are one a row, and here are 4 columns"))
        let few = try errors("train-images-idx3-ubyte", "--labels", "short.csv")
        #expect(few.contains("6 rows and 2 labels") && few.contains("hint: name the labels with --labels"), "\(few)")
        let cut = try #require(bench.bytes("t10k-images-idx3-ubyte.gz")).dropLast(10)
        try cut.write(to: bench.folder.appending(path: "cut.gz"))
        #expect(try errors("cut.gz").contains("the compressed data end"))
        #expect(!bench.has("bpreg.sqlite"))
    }
}
