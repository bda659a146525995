public import Foundation

/// The checkout that the tests belong to.
public enum Project {
    /// Its top folder.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The URL of a path inside the checkout.
    public static func file(_ path: String) -> URL { root.appending(path: path) }
}
