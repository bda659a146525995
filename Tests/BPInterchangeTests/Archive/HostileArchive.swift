import BPJSON
import Foundation
import TestSupport

@testable import BPInterchange

/// A file made to harm whoever believes it.
struct HostileArchive: CustomStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// How many bytes the file is said to have beyond these; they are a hole that takes no room.
    var hole = 0
    /// Whether its contents fit their names, so that only who restores it can tell what is wrong.
    var isForRestore = false

    var description: String { name }

    /// Writes it as `directory/name`.
    func write(to files: Files) {
        files.write(bytes, to: name)
        if hole > 0 { truncate(files.path(name), off_t(bytes.count + hole)) }
    }

    /// The files, made of a sound archive of one run.
    static func all(from sound: [UInt8]) throws -> [HostileArchive] {
        let archive = ArchiveBytes(sound)
        return try lengths(sound, archive) + headers(archive) + records(archive) + layers(archive) + contents(archive)
    }

    /// The first eight bytes lie, or the file ends somewhere.
    private static func lengths(_ sound: [UInt8], _ archive: ArchiveBytes) -> [HostileArchive] {
        let size = UInt64(sound.count)
        let header = UInt64(archive.header.utf8.count)
        let said: [(String, UInt64)] = [
            ("zero", 0), ("one", 1), ("top-bit", 1 << 63), ("all-bits", .max), ("file-size", size),
            ("one-too-many", size - 7),
            ("gigabyte", 1 << 30), ("limit", 100_000_000), ("8-less", header - 8), ("8-more", header + 8),
            ("data-is-header", size - 8),
        ]
        let empty = FirstBytes.of(1 << 30) + archive.bytes()[8...]
        return said.map { HostileArchive(name: "length-\($0)", bytes: archive.bytes(length: $1)) } + [
            HostileArchive(name: "empty", bytes: []),
            HostileArchive(name: "seven-bytes", bytes: [1, 0, 0, 0, 0, 0, 0]),
            HostileArchive(name: "eight-zeros", bytes: [UInt8](repeating: 0, count: 8)),
            HostileArchive(name: "header-in-a-hole", bytes: FirstBytes.of(99_999_992), hole: 99_999_992),
            HostileArchive(name: "gigabyte-header-in-a-hole", bytes: Array(empty), hole: 1 << 30),
            HostileArchive(name: "ends-in-a-hole", bytes: sound, hole: 1 << 24),
            HostileArchive(name: "more-data", bytes: sound + [0]),
            HostileArchive(
                name: "no-data",
                bytes: {
                    var cut = archive; cut.data = []; return cut.bytes()
                }()),
        ]
    }

    /// The header's JSON is none, or tells of tensors that cannot be.
    private static func headers(_ archive: ArchiveBytes) -> [HostileArchive] {
        func made(_ name: String, _ change: (inout ArchiveBytes) -> Void) -> HostileArchive {
            var changed = archive
            change(&changed)
            return HostileArchive(name: name, bytes: changed.bytes())
        }
        func swapped(_ name: String, _ text: String, _ other: String) -> HostileArchive {
            HostileArchive(name: name, bytes: archive.replacing(text, with: other).bytes())
        }
        let bias = #""layer1.bias":{"data_offsets":["#
        let weight = #""layer1.weight":{"#
        return [
            made("not-json") { $0.header = String($0.header.dropLast(20)) },
            made("deep-header") {
                $0.header = $0.header.replacingEnd(with: ",\"a\":" + String(repeating: "[", count: 1 << 20))
            },
            made("wide-header") {
                $0.header = $0.header.replacingEnd(with: ",\"a\":[" + String(repeating: "[],", count: 1 << 18) + "1]}")
            },
            made("spaces") { $0.header += String(repeating: " ", count: 1 << 20) },
            made("padding-of-tabs") { $0.header += "\t\t\t\t\t\t\t\t" },
            swapped("white-space", #","layer1.bias""#, #", "layer1.bias""#),
            swapped("name-twice", #""layer1.weight":{"#, #""layer1.bias":{"#),
            swapped("key-twice", #""bpreg.subject":"#, #""bpreg.subject":"x","bpreg.subject":"#),
            swapped("one-more-key", #""bpreg.subject":"#, #""bpreg.other":"x","bpreg.subject":"#),
            swapped("no-subject", #""bpreg.subject":"run:1","#, ""),
            swapped("subject-is-a-number", #""bpreg.subject":"run:1""#, #""bpreg.subject":1"#),
            swapped("no-record", #""bpreg.record":"#, #""bpreg.recorD":"#),
            swapped("hole", bias, #""layer1.bias":{"data_offsets":[1"#),
            swapped("negative-offset", bias, #""layer1.bias":{"data_offsets":[-"#),
            swapped("offset-nan", bias, #""layer1.bias":{"data_offsets":[NaN,"#),
            swapped("gigabyte-tensor", #""shape":[6]"#, #""shape":[1073741824]"#),
            swapped("shape-nan", #""shape":[6]"#, #""shape":[NaN]"#),
            swapped("shape-text", #""shape":[6]"#, #""shape":["NaN"]"#),
            swapped("shape-negative", #""shape":[6]"#, #""shape":[-6]"#),
            swapped("shape-overflows", #""shape":[6]"#, #""shape":[4294967296,4294967297]"#),
            swapped("shape-beyond-numbers", #""shape":[6]"#, #""shape":[1e300]"#),
            swapped("shape-of-ones", #""shape":[6]"#, #""shape":[6,1]"#),
            swapped("dtype-unknown", #""dtype":"F32""#, #""dtype":"F4""#),
            swapped("dtype-wider", #""dtype":"F32""#, #""dtype":"F64""#),
            swapped("dtype-other", #""dtype":"F32""#, #""dtype":"I32""#),
            swapped("name-up", weight, #""../../layer1.weight":{"#),
            swapped("name-absolute", weight, #""/etc/passwd":{"#),
            swapped("name-control", weight, #""layer1\u0000.weight":{"#),
            swapped("name-escape", weight, #""\u001b[2Jlayer1.weight":{"#),
            swapped("name-empty", weight, #""":{"#),
            swapped("name-long", weight, "\"" + String(repeating: "a", count: 1 << 20) + "\":{"),
            // Equality of texts is up to the order of such marks, which a reader must sort.
            swapped("name-of-marks", weight, "\"" + String(repeating: "\u{301}\u{316}", count: 1 << 18) + "\":{"),
            swapped("tensor-missing", weight, #""layer1.bias2":{"#),
            made("tensor-hidden") {
                let end = $0.data.count
                $0.header = $0.header.replacingEnd(
                    with: ",\"hidden\":{\"data_offsets\":[\(end),\(end + 8)],\"dtype\":\"U8\",\"shape\":[8]}}")
                $0.data += [UInt8](repeating: 7, count: 8)
            },
            swapped("format-0", #""bpreg.format":"1""#, #""bpreg.format":"0""#),
            swapped("format-negative", #""bpreg.format":"1""#, #""bpreg.format":"-1""#),
            swapped("format-beyond", #""bpreg.format":"1""#, #""bpreg.format":"99999999999999999999""#),
            swapped(
                "format-long", #""bpreg.format":"1""#, #""bpreg.format":"\#(String(repeating: "1", count: 1 << 20))""#),
        ]
    }
}

/// The first eight bytes of a safetensors file.
enum FirstBytes {
    static func of(_ length: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } }
}

extension String {
    /// The header with other text in the place of its last brace.
    fileprivate func replacingEnd(with text: String) -> String {
        var header = self
        while header.last == " " { header.removeLast() }
        return header.dropLast() + text
    }
}

extension HostileArchive {
    /// The record is none, or tells of what cannot be.
    fileprivate static func records(_ archive: ArchiveBytes) -> [HostileArchive] {
        /// The record with other text, escaped as it is in the header.
        func swapped(_ name: String, _ text: String, _ other: String, isForRestore: Bool = false) -> HostileArchive {
            func escaped(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }
            return HostileArchive(
                name: name, bytes: archive.replacing(escaped(text), with: escaped(other)).bytes(),
                isForRestore: isForRestore)
        }
        func whole(_ name: String, _ record: String) -> HostileArchive {
            let start = archive.header.firstRange(of: #""bpreg.record":""#)!.upperBound
            let end = archive.header.firstRange(of: #"","bpreg.subject""#)!.lowerBound
            var changed = archive
            changed.header.replaceSubrange(start..<end, with: record.replacing("\"", with: "\\\""))
            changed.pad()
            return HostileArchive(name: name, bytes: changed.bytes())
        }
        return [
            whole("record-empty", ""), whole("record-no-object", "[]"), whole("record-no-members", "{}"),
            whole("record-deep", String(repeating: "[", count: 1 << 20)),
            whole("record-deep-objects", String(repeating: "{\"a\":", count: 1 << 18)),
            whole("record-wide", "{\"runs\":[" + String(repeating: "{},", count: 1 << 18) + "{}]}"),
            swapped("kept-petabytes", #""kept_iterations":9"#, #""kept_iterations":9007199254740992"#),
            swapped("kept-negative", #""kept_iterations":9"#, #""kept_iterations":-9"#),
            swapped("kept-overflows", #""kept_iterations":9"#, #""kept_iterations":9223372036854775807"#),
            swapped("kept-fraction", #""kept_iterations":9"#, #""kept_iterations":9.5"#),
            swapped("tensor-negative", #"{"bytes":132,"name":"parameters""#, #"{"bytes":-132,"name":"parameters""#),
            swapped(
                "tensor-overflows", #"{"bytes":132,"name":"parameters""#,
                #"{"bytes":9223372036854775807,"name":"parameters""#),
            swapped("uuid-short", #""uuid":""#, #""uuid":"00"#, isForRestore: true),
            swapped("runs-no-list", #""runs":["#, #""runs":7,"others":["#),
            swapped("column-unknown", #""score_name":"#, #""score_namE":"#, isForRestore: true),
            swapped("text-for-number", #""fence":1"#, #""fence":"1""#, isForRestore: true),
            swapped("head-nowhere", #""head_segment":1"#, #""head_segment":9"#, isForRestore: true),
            swapped("sql-in-a-name", #""name":"points","rows""#, #""name":"x'); DROP TABLE run; --","rows":48,"rows""#),
            swapped("model-name", #""model":"points","notes""#, #""model":"../points","notes""#, isForRestore: true),
            swapped(
                "more-iterations", #""iterations":9,"iterations_per_epoch":3,"kept"#,
                #""iterations":99,"iterations_per_epoch":3,"kept"#, isForRestore: true),
            swapped("format-of-record", #""format":1,"models""#, #""format":9,"models""#, isForRestore: true),
        ]
    }

    /// What is said of the layers is not so.
    fileprivate static func layers(_ archive: ArchiveBytes) -> [HostileArchive] {
        func swapped(_ name: String, _ text: String, _ other: String) -> HostileArchive {
            HostileArchive(name: name, bytes: archive.replacing(text, with: other).bytes())
        }
        return [
            swapped("layers-overflow", #"\"n_in\":1,\"n_out\":6"#, #"\"n_in\":1,\"n_out\":9223372036854775807"#),
            swapped("layers-negative", #"\"n_in\":1,\"n_out\":6"#, #"\"n_in\":1,\"n_out\":-6"#),
            swapped("layers-do-not-meet", #"\"n_in\":6,\"n_out\":3"#, #"\"n_in\":7,\"n_out\":3"#),
            swapped("layers-nowhere", #"\"segment\":1,\"sha256\":\""#, #"\"segment\":1,\"sha256\":\"00"#),
            swapped("weights-no-json", #""bpreg.weights":""#, #""bpreg.weights":"["#),
            swapped("model-no-json", #""bpreg.model":""#, #""bpreg.model":"["#),
        ]
    }

    /// Everything fits but the bytes.
    fileprivate static func contents(_ archive: ArchiveBytes) throws -> [HostileArchive] {
        let header = try SafetensorsHeader(json: Array(archive.header.utf8), dataCount: archive.data.count, file: "")
        func changed(_ name: String, _ prefix: String, isForRestore: Bool = false) -> HostileArchive {
            var changed = archive
            if let tensor = header.tensors.first(where: { $0.name.hasPrefix(prefix) }) {
                changed.data[tensor.range.lowerBound] ^= 1
            }
            return HostileArchive(name: name, bytes: changed.bytes(), isForRestore: isForRestore)
        }
        return [
            changed("other-weights", "layer1.weight"), changed("other-content", "content."),
            changed("other-losses", "losses.", isForRestore: true),
        ]
    }
}
