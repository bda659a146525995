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
    var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .diverged: "the run diverged: a loss or gradient was not finite"
        case .noRegistry: "no registry at the path (--registry, BPREG_REGISTRY)"
        case .runAlive: "the run is alive in another process"
        case .schema: "registry is newer, older than understood, edited, or not bpreg's"
        case .damaged: "registry is damaged"
        case .notReproducible: "recomputing gave other bits, or needs another numerics version"
        case .storage: "disk full, reading or writing failed, or the registry's file was lost"
        case .usage: "the command line is wrong"
        case .badData: "the data are wrong"
        case .hangup: "stopped by SIGHUP, all committed"
        case .interrupt: "stopped by SIGINT (Ctrl-C), all committed"
        case .terminate: "stopped by SIGTERM, all committed"
        }
    }

    /// The code after a clean stop by signal `number`.
    package init?(signal number: Int32) {
        self.init(rawValue: 128 + number)
    }

    /// The table as the help shows it.
    package static var table: String {
        allCases.map { status in
            DisplayWidth.padded(String(status.rawValue), to: 5, alignment: .right) + "  " + status.meaning
        }.joined(separator: "\n")
    }
}
