import BPSystem

/// The space that is left in the folder of the registry.
enum FreeSpace {
    /// A run is not begun, and a running one stops, if fewer bytes than these and a keyframe's are free.
    static let reserve = 64 << 20

    /// Bytes free for this user beside `path`; nil if the system does not report them.
    static func bytes(beside path: String) -> Int? { FilePath.freeBytes(in: FilePath.folder(of: path)) }
}
