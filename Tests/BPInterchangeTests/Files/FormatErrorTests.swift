import Testing

@testable import BPInterchange

@Suite struct FormatErrorTests {
    @Test func itTellsFileAndPlace() {
        let error = FormatError(.malformed, file: "a.safetensors", "a hole", at: "byte 8")
        #expect(error.description == "a.safetensors: byte 8: a hole")
    }
}
