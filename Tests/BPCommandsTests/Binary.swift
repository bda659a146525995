import BPJSON
import BPRegistry
import Foundation
import TestSupport
import Testing

/// A folder of its own for a test, with the `bpreg` that was built beside the tests.
final class Bench {
    private let directory = ScratchDirectory(inMemory: false)
    let folder: URL

    init() throws { folder = URL(filePath: directory.path, directoryHint: .isDirectory) }

    /// What a run of the binary gave.
    struct Result {
        let status: Int32
        let output: String
        let errors: String

        /// The output as JSON.
        var json: JSONValue { get throws { try JSONValue(parsing: output) } }
    }

    /// The binary under test: `BPREG_BINARY`, else the one that lies in the folder of the test bundle.
    static let binary: URL = {
        if let path = ProcessInfo.processInfo.environment["BPREG_BINARY"] { return URL(filePath: path) }
        return URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "bpreg")
    }()

    /// Runs `bpreg` with these words and waits for it.
    @discardableResult
    func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
        try run(arguments, environment: environment)
    }

    /// Runs `bpreg` with these words and waits for it.
    @discardableResult
    func run(_ arguments: [String], environment: [String: String] = [:], input: URL? = nil) throws -> Result {
        let (process, output, errors) = try start(arguments, environment: environment, input: input)
        process.waitUntilExit()
        let result = Bench.result(process, output, errors)
        let advice = PastedAdvice(result)
        if let next = advice.next {
            #expect(PastedAdvice.isWhole(next), "\(arguments): \(next)")
            if Bench.runsNext, result.status != 0, environment.isEmpty, input == nil {
                try advice.paste(in: self, "\(arguments)")
            }
        }
        return result
    }

    /// Starts `bpreg`; its output goes to files, so that no pipe fills up.
    func start(
        _ arguments: [String], environment: [String: String] = [:], input: URL? = nil
    ) throws -> (Process, URL, URL) {
        let name = UUID().uuidString
        let (output, errors) = (folder.appending(path: name + ".out"), folder.appending(path: name + ".err"))
        for file in [output, errors] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        let process = Process()
        process.executableURL = Bench.binary
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "LANG": "C.UTF-8",
        ].merging(environment) { $1 }
        process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        return (process, output, errors)
    }

    /// What an ended process gave; a death by a signal counts as 128 + its number, as in a shell.
    static func result(_ process: Process, _ output: URL, _ errors: URL) -> Result {
        let status = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
        func text(_ file: URL) -> String { String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self) }
        return Result(status: status, output: text(output), errors: text(errors))
    }

    /// The folder's registry, for changes that a test makes without the binary.
    func registry() throws -> Registry {
        try Registry.open(at: folder.appending(path: "bpreg.sqlite").path, for: .writing)
    }

    /// Rolls a run back to the point that `reference` names.
    func rollBack(_ reference: String) throws {
        let registry = try registry()
        guard case .point(let point) = try registry.resolve(Reference(reference)) else {
            throw Failed(what: "\(reference) is no point")
        }
        _ = try registry.rollback(to: point)
    }

    private struct Failed: Error { let what: String }

    /// Writes a file into the folder.
    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    /// Copies a file of tools/data into the folder.
    func copy(_ name: String) throws { try copy(Project.file("tools/data/\(name)")) }

    /// Copies a file into the folder.
    func copy(_ file: URL) throws {
        try FileManager.default.copyItem(at: file, to: folder.appending(path: file.lastPathComponent))
    }

    /// Copies a file into the folder, under another name.
    func copy(_ file: URL, as name: String) throws {
        try FileManager.default.copyItem(at: file, to: folder.appending(path: name))
    }

    /// A folder with points.csv, on which run 1 of model points was trained.
    static func trained(_ options: String...) throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        let result = try bench.run(["train", "points.csv", "--target", "side"] + options)
        #expect(result.status == 0, "\(result.errors)")
        return bench
    }

    /// The bytes of a file in the folder, or nil.
    func bytes(_ name: String) -> Data? { try? Data(contentsOf: folder.appending(path: name)) }

    /// Whether the folder has a file of this name.
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.appending(path: name).path) }

    /// A small table of two classes that a small network learns: 60 rows, two features.
    func writeClasses(_ name: String = "points.csv", rows: Int = 60) throws {
        var text = "x,height,side\n"
        for row in 0..<rows {
            let angle = Double(row) * 0.7
            let x = (angle.truncatingRemainder(dividingBy: 2) - 1) * (row % 2 == 0 ? 1 : 0.9)
            text += "\(x),\(Double(row % 7) / 7 - 0.5),\(x > 0 ? "right" : "left")\n"
        }
        try write(name, text)
    }

    /// A small table of numbers: y = 3x − 2 with a little noise, 50 rows.
    func writeNumbers(_ name: String = "line.csv", rows: Int = 50) throws {
        var text = "x,y\n"
        for row in 0..<rows {
            let x = Double(row) / 10
            text += "\(x),\(3 * x - 2 + Double(row % 3) * 0.01)\n"
        }
        try write(name, text)
    }
}
