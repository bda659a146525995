import Foundation
import TestSupport
import Testing

/// The files of Tests/Fixtures that `tools/record-fixtures` writes.
enum Fixtures {
    static let folder = Project.file("Tests/Fixtures")

    /// The newest schema among the registries.
    static let newestSchema = 6

    /// The schema of the registry of which the texts are recorded; it is brought to the newest.
    static let textSchema = 4

    /// The bytes of a file in the folder.
    static func bytes(_ path: String) throws -> Data { try Data(contentsOf: folder.appending(path: path)) }

    /// The registry that the bpreg of this schema wrote.
    static func registry(schema: Int) throws -> Data { try unpacked("registries/schema-\(schema).sqlite.gz") }

    /// The bytes of a gzipped file in the folder.
    static func unpacked(_ path: String) throws -> Data {
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", folder.appending(path: path).path]
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "gzip -dc \(path)")
        return bytes
    }

    /// Compares with a recorded file. Set `BPREG_RECORD_SNAPSHOTS=1` to write the file instead.
    static func expect(
        _ bytes: Data, recordedAs path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = folder.appending(path: path)
        if ProcessInfo.processInfo.environment["BPREG_RECORD_SNAPSHOTS"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try bytes.write(to: file)
        }
        let recorded = try Data(contentsOf: file)
        guard bytes != recorded else { return }
        let found = FileManager.default.temporaryDirectory.appending(path: "bpreg-found-" + file.lastPathComponent)
        try bytes.write(to: found)
        Issue.record("diff \(file.path) \(found.path)", sourceLocation: sourceLocation)
    }

    /// Compares text with a recorded file.
    static func expect(
        _ text: String, recordedAs path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try expect(Data(text.utf8), recordedAs: path, sourceLocation: sourceLocation)
    }
}

extension Bench {
    /// A folder with the registry of which the texts are recorded, brought to the newest schema.
    static func recorded() throws -> Bench {
        let bench = try recorded(schema: Fixtures.textSchema)
        try #require(try bench.run("migrate").status == 0)
        let backup = bench.folder.appending(path: "bpreg.sqlite.schema-\(Fixtures.textSchema).backup")
        try FileManager.default.removeItem(at: backup)
        return bench
    }

    /// A folder with the registry of an older or the newest schema, and the data that its runs were trained on.
    static func recorded(schema: Int) throws -> Bench {
        let bench = try Bench()
        try Fixtures.registry(schema: schema).write(to: bench.folder.appending(path: "bpreg.sqlite"))
        try bench.copySample("iris")
        try bench.writeParabola()
        return bench
    }

    /// Copies a table of tools/data into the folder.
    func copySample(_ name: String) throws {
        let tools = Project.file("tools/data/\(name).csv")
        try FileManager.default.copyItem(at: tools, to: folder.appending(path: "\(name).csv"))
    }

    /// Copies a file of Tests/Fixtures into the folder, under its own name.
    func copyFixture(_ path: String) throws {
        try Fixtures.bytes(path).write(to: folder.appending(path: (path as NSString).lastPathComponent))
    }

    /// square.csv as tools/record-fixtures makes it: y = x², 100 rows, numbers with six digits as awk prints them.
    func writeParabola() throws {
        let rows = (0..<100).map { index in
            let x = Double(index) / 50 - 1
            return String(format: "%.6g,%.6g\n", x, x * x)
        }
        try write("square.csv", "x,y\n" + rows.joined())
    }
}
