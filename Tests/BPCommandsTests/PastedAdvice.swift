import Foundation
import TestSupport
import Testing

@testable import BPReport

/// The line `next:` of a failed command: a whole command, that does not fail in the same way when it is pasted.
struct PastedAdvice {
    /// The command, nil if the line is `hint:` or there is none.
    let next: String?
    let hint: String?
    /// The line with the error.
    let error: String

    init(_ result: Bench.Result) {
        let lines = result.errors.split(separator: "\n").map(String.init)
        func last(_ label: String) -> String? {
            lines.last { $0.hasPrefix(label) }.map { String($0.dropFirst(label.count)) }
        }
        (next, hint) = (last("  next: "), last("  hint: "))
        error = lines.last { $0.hasPrefix("error: ") } ?? ""
    }

    /// Whether a command's form is that of one that can be pasted: it begins with a program and names no placeholder.
    static func isWhole(_ command: String) -> Bool {
        let words = command.components(separatedBy: "   # ")[0].split(separator: " ")
        let placeholders: Set<Substring> = [
            "FILE", "DATA", "COLUMN", "COL", "REF", "NAME", "ID", "PATH", "\"TEXT\"", "MEMBER", "SECONDS", "N", "RUN",
        ]
        return ShellText.isCommand(command) && !words.contains { placeholders.contains($0) || $0.hasSuffix(":N") }
    }

    /// Runs the command in a copy of the folder whose state provoked it. Commands about processes are not run.
    func paste(in bench: Bench, _ what: String, expecting statuses: Set<Int32>? = nil) throws {
        guard let next else { return }
        guard !["kill", "sleep", "ps", "fuser"].contains(next.prefix { $0 != " " }) else { return }
        let copy = try bench.copied()
        let result = try copy.shell(next)
        let again = PastedAdvice(result)
        if let statuses { #expect(statuses.contains(result.status), "\(what)\n→ \(next)\n\(result.errors)") }
        #expect(ExitStatus(rawValue: result.status) != nil, "\(what)\n→ \(next)\n\(result.errors)")
        #expect(
            result.status == 0 || again.error != error, "the same error returns: \(what)\n→ \(next)\n\(result.errors)")
    }
}

extension Bench {
    /// Whether every command to type next is run, which takes about as long again: `BPREG_RUN_NEXT=1`.
    static let runsNext = ProcessInfo.processInfo.environment["BPREG_RUN_NEXT"] != nil

    /// A folder with copies of this one's files.
    func copied() throws -> Bench {
        let copy = try Bench()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where !name.hasSuffix(".out") && !name.hasSuffix(".err") {
            try FileManager.default.copyItem(at: folder.appending(path: name), to: copy.folder.appending(path: name))
        }
        return copy
    }

    /// Runs a line as a person pastes it into bash, with the built `bpreg` as `bpreg`.
    func shell(_ line: String) throws -> Result {
        let bin = folder.appending(path: ".bin")
        if !FileManager.default.fileExists(atPath: bin.path) {
            try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(
                at: bin.appending(path: "bpreg"), withDestinationURL: Bench.binary)
        }
        let output = folder.appending(path: ".pasted.out"), errors = folder.appending(path: ".pasted.err")
        for file in [output, errors] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "\(bin.path):/usr/bin:/bin", "HOME": folder.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return Bench.result(process, output, errors)
    }
}
