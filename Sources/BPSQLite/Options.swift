extension Connection {
    /// How a commit meets the disk.
    package enum Durability: String, CaseIterable, Sendable {
        /// A commit that returned survives a power cut (synchronous=FULL).
        case full
        /// A power cut may take the last commits, never the file's integrity (synchronous=NORMAL).
        case normal
        /// A power cut may damage the file (synchronous=OFF); a killed process loses nothing.
        case off
    }

    /// Settings of a connection; the defaults suit a file that other processes use too.
    package struct Options: Sendable {
        /// The application's own number in the file's header; a file with another is refused.
        package var applicationID: Int32
        /// The newest version of the schema that the program knows; a newer file is refused.
        package var newestVersion: Int
        /// How a commit meets the disk.
        package var durability: Durability = .full
        /// Bytes of a page, fixed when the file is made.
        package var pageSize = 16384
        /// How long to wait for another connection's lock.
        package var busyTimeout: Duration = .seconds(30)
        /// Bytes of write-ahead log above which a commit is followed by a passive checkpoint.
        package var checkpointThreshold = 16 << 20
        /// Statements kept prepared.
        package var statementCacheSize = 128

        /// Settings for files of one application.
        package init(applicationID: Int32, newestVersion: Int, durability: Durability = .full) {
            self.applicationID = applicationID
            self.newestVersion = newestVersion
            self.durability = durability
        }

        var synchronous: (name: String, level: Int) {
            switch durability {
            case .full: ("FULL", 2)
            case .normal: ("NORMAL", 1)
            case .off: ("OFF", 0)
            }
        }
    }
}
