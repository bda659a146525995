public import BPJSON

/// The rows of a `PortableSource`, read from its JSON.
public struct PortableRecord: Sendable {
    /// The format of the record that this bpreg writes, and the only one it reads.
    public static let format = 1

    /// The parts that must go with a record, in the order in which a source gives them: the contents by their hashes,
    /// then run by run and segment by segment the losses and the epochs.
    /// - Throws: `RegistryError.unsound` when the record is none that bpreg writes.
    public static func parts(of record: JSONValue) throws(RegistryError) -> [PortablePart] {
        throw .unsound(place: "the record", what: "reading it is not written yet")
    }
}
