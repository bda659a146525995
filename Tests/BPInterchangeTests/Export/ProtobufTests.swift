import Testing

@testable import BPInterchange

@Suite struct ProtobufTests {
    // The examples of the encoding's description by its authors.
    @Test func bytesAreThoseOfTheSpecification() {
        var number = Protobuf()
        number.add(1, 150 as Int64)
        #expect(number.bytes == [0x08, 0x96, 0x01])
        var text = Protobuf()
        text.add(2, "testing")
        #expect(text.bytes == [0x12, 0x07] + Array("testing".utf8))
        var outer = Protobuf()
        outer.add(3, number)
        #expect(outer.bytes == [0x1A, 0x03, 0x08, 0x96, 0x01])
        var negative = Protobuf()
        negative.add(1, -2 as Int64)
        #expect(negative.bytes == [0x08, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01])
    }

    @Test func aLongFieldHasALongLength() {
        var message = Protobuf()
        message.add(16, [UInt8](repeating: 7, count: 300))
        #expect(message.bytes.prefix(4) == [0x82, 0x01, 0xAC, 0x02])
        #expect(message.bytes.count == 304)
    }
}
