/// The exit codes of every command; the table in the help, the docs and the tests comes from here.
package enum ExitStatus: Int32, CaseIterable {
    case done = 0
    case failed = 1
    case diverged = 2
    case noRegistry = 10
    case runAlive = 11
    case schema = 12
    case damaged = 13
    case notReproducible = 14
    case storage = 15
    case usage = 64
    case badData = 65
    case hangup = 129
    case interrupt = 130
    case terminate = 143

    /// The meaning of the code, in a few words.
    package var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .diverged: "training diverged"
        case .noRegistry: "no registry"
        case .runAlive: "run in use by another process"
        case .schema: "incompatible registry"
        case .damaged: "damaged registry"
        case .notReproducible: "recomputed bits differ"
        case .storage: "disk or file error"
        case .usage: "wrong command line"
        case .badData: "wrong data"
        case .hangup: "stopped by SIGHUP"
        case .interrupt: "stopped by SIGINT (Ctrl-C)"
        case .terminate: "stopped by SIGTERM"
        }
    }

    /// The code after a clean stop by signal `number`.
    package init?(signal number: Int32) {
        self.init(rawValue: 128 + number)
    }
}
