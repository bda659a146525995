/// What is wrong with a file of another program, or with an archive: in words, with the place in the file.
public struct FormatError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Kind: Sendable, Equatable {
        /// The file is not what its format says it must be.
        case malformed
        /// bpreg exported the file, and its content is not the exported one: a hash or a text that it has twice differs.
        case changed
        /// A newer bpreg made it.
        case newer
        /// It is sound, and holds nothing that can be used for what was asked.
        case unsuitable
    }

    /// What kind of trouble it is.
    public let kind: Kind
    /// The file.
    public let file: String
    /// What is wrong, with the value.
    public let what: String
    /// Where in the file.
    public let place: String?

    /// An error in `file`.
    public init(_ kind: Kind, file: String, _ what: String, at place: String? = nil) {
        (self.kind, self.file, self.what, self.place) = (kind, file, what, place)
    }

    /// In one line.
    public var description: String { "\(file): \(place.map { "\($0): " } ?? "")\(what)" }
}
