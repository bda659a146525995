import BPData
import Foundation
import TestSupport
import Testing

/// Files that NumPy wrote (Tests/Fixtures/data/make_arrays.py).
enum ArrayFixtures {
    static let folder = Project.file("Tests/Fixtures/data").path

    static func path(_ name: String) -> String { folder + "/" + name }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    static func array(_ name: String) throws -> NPYArray { try NPYArray(bytes(name)) }
}

/// Bytes with one changed.
func replacing(_ bytes: [UInt8], at position: Int, with byte: UInt8) -> [UInt8] {
    var bytes = bytes
    bytes[position] = byte
    return bytes
}
