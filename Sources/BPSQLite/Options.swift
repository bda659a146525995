extension Connection {
    /// The durability of a commit.
    package enum Durability: String, CaseIterable, Sendable {
        /// A commit that returned survives a power cut (synchronous=FULL).
        case full
        /// A power cut may lose the last commits, but does not damage the file (synchronous=NORMAL).
        case normal
        /// A power cut may damage the file (synchronous=OFF); a killed process loses nothing.
        case off
    }

    /// Settings of a connection; the defaults suit a file that other processes use too.
    package struct Options: Sendable {
        /// The application's own number in the file's header; a file with another is refused.
        package var applicationID: Int32
        /// The newest version of the schema that the program supports; a newer file is refused.
        package var newestVersion: Int
        /// The durability of a commit.
        package var durability: Durability = .full
        /// Bytes of a page, fixed when the file is created.
        package var pageSize = 16384
        /// The maximum time to wait for another connection's lock.
        package var busyTimeout: Duration = .seconds(30)
        /// The size of the write-ahead log, in bytes, above which a passive checkpoint follows a commit.
        package var checkpointThreshold = 16 << 20
        /// The number of prepared statements in the cache.
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
