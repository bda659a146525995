/// Why a run is to stop before its end.
public enum StopRequest: Sendable, Equatable {
    /// A signal asked for it.
    case signal(Int32)
    /// The program that embeds the trainer asked for it.
    case program
    /// Free space fell under the reserve.
    case lowSpace

    /// The reason, as the run records it.
    var reason: String {
        switch self {
        case .signal(let number): "stopped by signal \(number)"
        case .program: "stopped by the program"
        case .lowSpace: "free space fell under the reserve of \(FreeSpace.reserve >> 20) MiB and a keyframe"
        }
    }
}
