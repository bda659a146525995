package import BPJSON

/// Members of a JSON object from outside, read with errors that name their place.
package struct JSONMembers: Sendable {
    private let members: [String: JSONValue]
    /// The place of the object, for errors.
    package let place: String

    package init(_ members: [String: JSONValue], place: String) { (self.members, self.place) = (members, place) }

    /// A text; nil if the member is missing.
    package func text(_ name: String) throws(RegistryError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string else { throw unsound("\(name) is not a text") }
        return text
    }

    /// A UUID of 32 lower-case hex digits; nil if the member is missing.
    package func uuid(_ name: String) throws(RegistryError) -> UUIDv7? {
        guard let text = try text(name) else { return nil }
        guard let bytes = lowerCaseHexBytes(text), let uuid = UUIDv7(bytes: bytes) else {
            throw unsound("\(name) is not a UUID")
        }
        return uuid
    }

    /// The elements of a list, which is required.
    package func elements(_ name: String) throws(RegistryError) -> [JSONValue] {
        guard let elements = members[name]?.array else { throw unsound("\(name) is missing or not a list") }
        return elements
    }

    package func unsound(_ what: String) -> RegistryError { .unsound(place: place, what: what) }
}
