import CSQLite

/// The SQLite that this process is linked with.
package enum SQLiteLibrary {
    /// As in `3.40.1`.
    package static var version: String { String(cString: sqlite3_libversion()) }

    /// Its compile options, as in `THREADSAFE=1`.
    package static var options: [String] {
        var options: [String] = []
        while let option = sqlite3_compileoption_get(Int32(clamping: options.count)) {
            options.append(String(cString: option))
        }
        return options
    }

    /// Faults of this version that can harm a database used as here: in WAL mode, by several processes.
    package static var knownFaults: [String] { knownFaults(ofVersion: Int(sqlite3_libversion_number())) }

    /// As `knownFaults`, for a version number in SQLite's form: 3.40.1 is 3040001.
    static func knownFaults(ofVersion number: Int) -> [String] {
        var faults: [String] = []
        if number < 3_037_000 { faults.append("it is too old for STRICT tables; 3.37 is needed") }
        // Two releases before 3.51.3 have the fix too.
        if number < 3_051_003, ![3_044_006, 3_050_007].contains(number) {
            faults.append(
                "the WAL-reset bug (fixed in 3.51.3, 3.50.7 and 3.44.6): two checkpoints and a commit at the same moment "
                    + "may, very rarely, damage the file")
        }
        if (3_035_000..<3_037_002).contains(number) {
            faults.append("a rolled back savepoint may damage the file (fixed in 3.37.2)")
        }
        return faults
    }
}
