import BPData
import Testing

@Suite struct NPYTests {
    @Test(
        arguments: [
            "f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "big-f2", "big-f4", "big-f8", "big-i2",
            "big-i4", "big-u8", "fortran", "version-2",
        ])
    func everyTypeAndOrder(_ name: String) throws {
        let array = try ArrayFixtures.array(name + ".npy")
        #expect(array.shape == [3, 4])
        #expect(try array.doubles() == (0..<12).map(Double.init))
        #expect(try array.floats() == (0..<12).map(Float.init))
    }

    @Test func boolsScalarsAndNothing() throws {
        #expect(try ArrayFixtures.array("bool.npy").doubles() == (0..<12).map { Double($0 % 2) })
        let scalar = try ArrayFixtures.array("scalar.npy")
        #expect(scalar.shape == [] && scalar.count == 1)
        #expect(try scalar.doubles() == [3.5])
        let empty = try ArrayFixtures.array("empty.npy")
        #expect(empty.shape == [0, 4] && empty.count == 0)
        #expect(try empty.doubles() == [])
    }

    @Test func threeDimensionsInFortranOrder() throws {
        let array = try ArrayFixtures.array("fortran-3d.npy")
        #expect(array.shape == [2, 3, 4])
        #expect(try array.doubles() == (0..<24).map(Double.init))
    }

    @Test func everyHalfHasItsValue() throws {
        #if arch(arm64) || os(Linux)
            var data: [UInt8] = []
            for bits in 0...UInt16.max { data += [UInt8(bits & 0xFF), UInt8(bits >> 8)] }
            let array = try NPYArray(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (65536,)}", data))
            for (bits, value) in zip(0...UInt16.max, try array.doubles()) {
                let expected = Double(Float16(bitPattern: bits))
                #expect(value.bitPattern == expected.bitPattern || value.isNaN && expected.isNaN, "\(bits)")
            }
        #endif
    }

    @Test func whatIsWrittenIsRead() throws {
        let values: [Float] = [1, -0.0, .infinity, .leastNonzeroMagnitude, 3.4e38, 0.1]
        for shape in [[6], [2, 3], [1, 6, 1]] {
            let bytes = NPYArray.encoded(values, shape: shape)
            let array = try NPYArray(bytes)
            #expect(array.shape == shape)
            #expect(try array.floats().map(\.bitPattern) == values.map(\.bitPattern))
            // NumPy maps files into memory where the values begin at a multiple of 64.
            #expect((bytes.count - 24) % 64 == 0)
        }
        #expect(NPYArray.encoded([0, 1, 2], shape: [3]).starts(with: NPYArray.encoded([0], shape: [3]).dropLast(4)))
        #expect(try NPYArray(NPYArray.encoded("{\"a\": 1}")).shape == [])
        #expect(try NPYArray(NPYArray.encoded("")).shape == [])
    }

    @Test func whatCannotBeReadIsSaid() throws {
        let objects = try failure { try ArrayFixtures.array("object.npy") }
        #expect(objects.message.contains("pickles, which run code"))
        #expect(try failure { try ArrayFixtures.array("complex.npy") }.message.contains("\"<c16\""))
        #expect(try failure { try ArrayFixtures.array("texts.npy").doubles() }.message == "the array holds no numbers")
        let large = try failure { try ArrayFixtures.array("large-integer.npy").doubles() }
        #expect(large.value == "9007199254740993")
    }
}

/// An NPY file of version 1 with this header.
func npy(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)]
        + Array(header.utf8) + data
}

/// What lies, or is no array: an error with a message, at once, and no memory for what is only claimed.
@Suite struct HostileNPYTests {
    @Test(
        arguments: [
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (0.5,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,",
            "{'descr': '<f4', 'fortran_order': False}",
            "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + 1",
            "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '<i3', 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '<U99999999999999999999', 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '<U0', 'fortran_order': False, 'shape': (1,)}",
            "{'descr': [], 'fortran_order': False, 'shape': (1,)}",
            "{'descr': [('a', '<f4', (2,))], 'fortran_order': False, 'shape': (1,)}",
            "{'descr': [('a', [('b', '<f4')])], 'fortran_order': False, 'shape': (1,)}",
            "{'descr': [('', '|V-4'), ('a', '<f4'), ('', '|V4')], 'fortran_order': False, 'shape': (1,)}",
            "{'descr': [('', '|V-100000000'), ('a', '<f4'), ('', '|V100000000')], 'fortran_order': False, 'shape': (1,)}",
            "{'descr': [('a', '<f4'), ('', '|V')], 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -1)}",
            "{'descr': [('', '|V99999999999')], 'fortran_order': False, 'shape': (1,)}",
            "{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '<f4\\", "{'descr': '\\ud800'}", "{'descr': '\\x", "", "{", "}", "None", "\u{0}\u{0}",
            String(repeating: "[", count: 60_000), String(repeating: "{'a':", count: 10_000),
            "{'shape': (" + String(repeating: "1,", count: 1_000) + "), 'descr': '<f4', 'fortran_order': False}",
        ])
    func headers(_ header: String) throws {
        let error = try failure { try NPYArray(npy(header, [0, 0, 0, 0])) }
        #expect(error.kind == .malformed && !error.message.isEmpty)
    }

    @Test func aHeaderLongerThanTheFile() throws {
        var bytes = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", [0, 0, 0, 0])
        (bytes[8], bytes[9]) = (0xFF, 0xFF)
        #expect(try failure { try NPYArray(bytes) }.kind == .malformed)
        (bytes[6], bytes[10], bytes[11]) = (2, 0xFF, 0xFF)
        #expect(try failure { try NPYArray(bytes) }.kind == .malformed)
    }

    @Test func cutOffAnywhereAndLonger() throws {
        for name in ["f4.npy", "structure.npy", "version-2.npy", "texts.npy"] {
            let bytes = try ArrayFixtures.bytes(name)
            for length in 0..<bytes.count {
                #expect(try failure { try NPYArray(Array(bytes[..<length])) }.kind == .malformed, "\(length)")
            }
            #expect(try failure { try NPYArray(bytes + [0]) }.message.contains("follow the header"))
        }
    }

    @Test func everyBitFlipped() throws {
        for name in ["f4.npy", "structure.npy", "fortran-3d.npy"] {
            let bytes = try ArrayFixtures.bytes(name)
            var read = 0
            for bit in 0..<8 * bytes.count {
                let flipped = replacing(bytes, at: bit / 8, with: bytes[bit / 8] ^ 1 << UInt8(bit % 8))
                do {
                    let array = try NPYArray(flipped)
                    _ = try? array.doubles()
                    read += 1
                } catch { #expect(error.kind == .malformed && !error.message.isEmpty) }
            }
            // The values themselves have no check: that is the format's.
            #expect(read > 0 && read < 8 * bytes.count)
        }
    }
}
