/// Why a run is to stop before its end.
public enum StopRequest: Sendable, Equatable {
    /// A signal asked for it.
    case signal(Int32)
    /// The program that embeds the trainer asked for it.
    case program
    /// Free space fell under the reserve.
    case lowSpace

    private static let signalNames: [Int32: String] = [1: "SIGHUP", 2: "SIGINT", 15: "SIGTERM"]

    /// The reason, as the run records it.
    var reason: String {
        switch self {
        case .signal(let number): "stopped by \(StopRequest.signalNames[number] ?? "signal \(number)")"
        case .program: "stopped by the program"
        case .lowSpace: "free space fell under the reserve of \(FreeSpace.reserve >> 20) MiB and a keyframe"
        }
    }
}
