import BPCore
import BPData
import BPInterchange
import BPRegistry
@testable import BPTraining
import Testing

@testable import BPReport

@Suite("Errors become three lines and an exit code")
struct FailureTests {
    typealias Status = BPReport.ExitStatus

    static let owner = Owner(host: "desk", boot: "b", pidNamespace: "n", pid: 4711, processStart: 9)
    static let change = SettingChange(name: "learning rate", recorded: "0.1", asked: "0.2")
    static let option = RegistryLocation(given: "my runs.sqlite")

    /// Every case of every library's error with its exit code.
    static let registry: [(RegistryError, Status)] = [
        (.none(path: "p"), .noRegistry), (.unusable(path: "p", reason: "it is a folder"), .noRegistry),
        (.readOnly(path: "p"), .storage), (.alive(run: 7, owner: owner, sign: .process(isOwn: true)), .runAlive),
        (.alive(run: 7, owner: owner, sign: .process(isOwn: false)), .runAlive),
        (.alive(run: 7, owner: owner, sign: .lease(until: 1, seconds: 42)), .runAlive),
        (.replaced(path: "p", what: "p was deleted or moved", run: 7, rescue: .saved(path: "q", log: nil)), .storage),
        (.replaced(path: "p", what: "p was deleted or moved", run: 7, rescue: .moved(path: "q")), .storage),
        (.replaced(path: "p", what: "p was deleted", run: nil, rescue: .impossible(reason: "full")), .storage),
        (.log(path: "p", .withoutFile(bytes: 9)), .noRegistry), (.log(path: "p", .leftBehind), .noRegistry),
        (.log(path: "p", .notReplayed(bytes: 9)), .storage), (.log(path: "p", .deleted(processes: [7, 9])), .storage),
        (.schemaNewer(path: "p", found: 9, known: 1), .schema), (.schemaOlder(path: "p", found: 0, needed: 1), .schema),
        (.schemaEdited(path: "p", what: "V0001"), .schema), (.foreign(path: "p", what: "text"), .schema),
        (.damaged(path: "p", place: "run 7", what: "its seal"), .damaged),
        (.notFound(reference: "9", what: "no such run", exists: "1 to 3", near: ["3"]), .failed),
        (.badReference(text: "7@", reason: "empty"), .usage), (.badName(name: "7up", reason: "digit"), .usage),
        (.conflict(place: "run 7", what: "gap"), .failed), (.fencingLost(run: 7, held: 1, found: 2), .runAlive),
        (.diskFull(path: "p", message: "m"), .storage), (.inputOutput(path: "p", message: "m"), .storage),
        (.inUse(what: "run 7", by: ["run 9, a fork of run 7"]), .failed),
        (.freed(place: "7.1@last", kept: nil), .failed), (.freed(place: "7.1@last", kept: "7.1@iteration:9"), .failed),
        (.busy(path: "p", message: "m"), .storage), (.internalFailure(path: "p", message: "m"), .failed),
    ]

    static let core: [(CoreError, Status)] = [
        (.noLayers, .badData), (.layerSize(layer: 0, units: 0), .badData), (.layerSize(layer: 1, units: 0), .usage),
        (.tooLarge("a layer"), .usage), (.softmaxInside(layer: 1), .usage), (.softmaxUnits(1), .usage),
        (.lossNeedsOutput(loss: .crossEntropy, activation: .tanh), .usage),
        (.optimizerSetting(rule: "sgd", setting: "learning rate", value: -1, allowed: "positive"), .usage),
        (.outOfRange(what: "threads", value: 0, least: 1, greatest: 256), .usage),
        (.memory(needed: 9, physical: 1), .usage), (.allocation(bytes: 9), .failed),
        (.shape(what: "inputs", expected: 2, found: 3), .failed), (.threadStart(code: 11), .failed),
        (.instructionSet(.neon), .usage), (.floatEnvironment, .notReproducible),
        (.numericsVersion(9), .notReproducible),
    ]

    static let training: [(TrainingError, Status)] = [
        (.setting(name: "batch size", value: "0", allowed: "at least 1"), .usage),
        (.specChanged(run: 7, changes: [change]), .usage), (.nothingResumable, .failed),
        (.notResumable(run: 7, status: .diverged, reason: "nan"), .failed),
        (.notReproducible(run: 7, iteration: 9, recorded: 1, recomputed: 2), .notReproducible),
        (.numericsVersion(run: 7, needed: 9), .notReproducible), (.badSpec(run: 7, what: "w"), .damaged),
        (.dataUnavailable(run: 7, path: "a b.csv", what: "gone"), .badData),
        (.otherData(run: 7, path: "a b.csv", what: "other", isStored: true), .badData),
        (.otherData(run: 7, path: "a b.csv", what: "other", isStored: false), .badData),
        (.otherModel(model: "d", run: 7, what: "w", free: "e"), .usage),
        (.noSplit(run: 7, split: "test"), .usage), (.lowSpace(path: "p", free: 1, reserve: 2), .storage),
    ]

    @Test("of the registry", arguments: registry)
    func registryErrors(_ error: RegistryError, _ status: Status) { check(error, status) }

    @Test("of the core", arguments: core)
    func coreErrors(_ error: CoreError, _ status: Status) { check(error, status) }

    @Test("of training", arguments: training)
    func trainingErrors(_ error: TrainingError, _ status: Status) { check(error, status) }

    @Test("of data", arguments: DataError.Kind.allCases)
    func dataErrors(_ kind: DataError.Kind) {
        let error = DataError(kind, "m", file: "my data.csv", line: 5, columnName: "c", columnNumber: 3, value: "v")
        check(error, kind == .corrupt ? .damaged : .badData)
        #expect(Failure(error, registry: nil).place == "my data.csv, line 5, column 3 (c), value \"v\"")
    }

    @Test("a file that cannot be imported, and a format that cannot hold a model")
    func exchange() {
        let malformed = FormatError(.malformed, file: "m.npz", "it is cut off", at: "the header")
        let imported = Failure(malformed, registry: nil, typed: ["import", "m.npz"])
        #expect(imported.status == .badData && imported.place == "m.npz, the header")
        #expect(imported.next == "bpreg import --help   # says what can be imported")
        let large = FormatError(.unsuitable, file: "m.onnx", "it is too large")
        let exported = Failure(large, registry: nil, typed: ["export", "1", "m.onnx"])
        #expect(exported.status == .failed && exported.next == "bpreg export 1 m.onnx --format safetensors")
    }

    @Test("what to type next carries the registry on, quoted")
    func hints() {
        let older = Failure(RegistryError.schemaOlder(path: "p", found: 0, needed: 1), registry: FailureTests.option)
        #expect(older.next == "bpreg migrate --registry 'my runs.sqlite'")
        #expect(older.place == "--registry 'my runs.sqlite'")
        let typed = ["history", "irsi", "--csv"]
        let near = RegistryError.notFound(reference: "irsi", what: "no", exists: "iris", near: ["iris"])
        #expect(Failure(near, registry: nil, typed: typed).next == "bpreg history iris --csv")
        #expect(Failure(near, registry: nil).hint == "did you mean iris?")
        let left = TrainingError.setting(name: "momentum", value: "0.9", allowed: "left out, since adam has none")
        #expect(Failure(left, registry: nil).hint == "leave out --momentum")
        #expect(
            Failure(left, registry: nil, typed: ["train", "a.csv", "--momentum=0.9", "--epochs", "3"]).next
                == "bpreg train a.csv --epochs 3")
        let space = Failure(TrainingError.lowSpace(path: "p", free: 5 << 20, reserve: 1 << 30), registry: nil)
        #expect(space.what == "5.0 MiB are free for p, under the reserve of 1.0 GiB")
        let setting = Failure(
            TrainingError.setting(name: "batch size", value: "-3", allowed: "at least 1"), registry: nil)
        #expect(setting.place == "--batch-size -3")
        #expect(setting.what == "batch size is -3; it must be at least 1")
    }

    @Test("the typed command is corrected where its options are, and words with line ends are quoted for a shell")
    func corrections() {
        func next(_ correction: Correction, _ typed: [String]) -> String? {
            Failure(.usage, "w", next: "do it", correction: correction).corrected(typed).next
        }
        #expect(next(.removing("--data"), ["x", "--data=a b", "-v"]) == "bpreg x -v")
        #expect(next(.removing("--data"), ["x", "--data", "a", "-v", "--data"]) == "bpreg x -v")
        #expect(next(.removing("--data"), ["x"]) == nil && next(.removing("--data"), []) == nil)
        #expect(next(.setting([("--rows", "3")]), ["x", "--", "-1"]) == "bpreg x --rows 3 -- -1")
        #expect(next(.setting([("--rows", "3")], remark: "r"), ["x", "--rows=0"]) == "bpreg x --rows=3   # r")
        #expect(next(.replacing("a", with: "b c"), ["x", "a"]) == "bpreg x 'b c'")
        #expect(next(.replacing("a", with: nil), ["x", "a", "a"]) == nil)
        #expect(Failure.again(["x", "--", "-1"], "--force   # r") == "bpreg x --force -- -1   # r")
        #expect(ShellText.quoted("a\n'b\u{1}") == "$'a\\n\\'b\\001'")
        let long = Failure(.usage, "w", next: "bpreg x " + String(repeating: "y", count: 5_000))
        #expect(long.lines.last?.hasPrefix("  hint: ") == true, "a command that is cut off cannot be pasted")
        #expect(Failure(.usage, "w", next: "leave it out").lines.last == "  hint: leave it out")
    }

    @Test("settings that do not suit are answered with the typed command and settings that do")
    func unsuitable() {
        let error = TrainingError.unsuitable(
            [.init("loss", "cross-entropy"), .init("output activation", "tanh")], what: "no",
            instead: [.init("output activation", "identity"), .init("loss", "half-squared-error")])
        let failure = Failure(
            error, registry: nil, typed: ["train", "a b.csv", "--output-activation=tanh", "--loss", "cross-entropy"])
        #expect(failure.status == .usage && failure.what == "no")
        #expect(failure.place == "--loss cross-entropy --output-activation tanh")
        #expect(
            failure.next == "bpreg train 'a b.csv' --output-activation=identity --loss half-squared-error")
        let short = Failure(error, registry: nil, typed: ["train", "a.csv"])
        #expect(short.next == "bpreg train a.csv --output-activation identity --loss half-squared-error")
    }

    @Test("weights that are not finite are the fault of the training, of the file or of the point")
    func notFinite() {
        let error = TrainingError.weightsNotFinite(of: "run 1 after epoch 2")
        #expect(Failure(error, registry: nil, typed: ["train"]).status == .diverged)
        #expect(Failure(error, registry: nil, typed: ["import"]).status == .badData)
        #expect(Failure(error, registry: nil, typed: ["export"]).status == .failed)
        #expect(Failure(error, registry: nil).place == "run 1 after epoch 2")
    }

    @Test("hostile text in an error cannot move the cursor or fill the screen")
    func hostile() {
        let failure = Failure(
            .badData, "bad\n\u{1B}[2J" + String(repeating: "x", count: 100_000), at: "a\u{9B}b", next: "c\rd")
        let lines = failure.lines.joined(separator: "\n")
        #expect(
            lines.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)) })
        #expect(lines.split(separator: "\n").count == 3)
        #expect(lines.count < 1000)
    }

    private func check(_ error: any Error, _ status: Status, sourceLocation: SourceLocation = #_sourceLocation) {
        let failure = Failure(error, registry: FailureTests.option)
        #expect(failure.status == status, sourceLocation: sourceLocation)
        #expect(!failure.what.isEmpty && !failure.what.hasSuffix("."), sourceLocation: sourceLocation)
        #expect(failure.place?.isEmpty == false, sourceLocation: sourceLocation)
        #expect(failure.advice?.isEmpty == false, sourceLocation: sourceLocation)
        // A command can be pasted as it is: nothing in it stands for something else.
        let words = (failure.next ?? "").split(separator: " ")
        let placeholders: Set<Substring> = [
            "FILE", "DATA", "COLUMN", "COL", "REF", "NAME", "ID", "PATH", "MEMBER", "RUN",
        ]
        #expect(words.allSatisfy { !placeholders.contains($0) }, "\(failure)", sourceLocation: sourceLocation)
    }
}
