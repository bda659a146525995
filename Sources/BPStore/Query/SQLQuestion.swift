import BPQuery
import BPSQLite

/// An SQL statement that a person wrote, with limits on its time and rows.
public struct SQLQuestion: Sendable {
    /// One statement that only reads.
    public var sql: String
    /// The maximum time that SQLite may work on it.
    public var timeout: Duration
    /// The maximum number of rows; nil for all.
    public var limit: Int?

    /// A question; by default with a limit of 10 seconds and 1,000 rows.
    public init(_ sql: String, timeout: Duration = .seconds(10), limit: Int? = 1_000) {
        (self.sql, self.timeout, self.limit) = (sql, timeout, limit)
    }
}

/// A value of an answer.
public enum SQLCell: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

extension Store {
    /// Answers a question. `isCut` is true if it has more rows than its limit; `thrown` keeps an error of the bodies.
    package func answer(
        _ question: SQLQuestion, columns: ([String]) throws -> Void, row: ([SQLCell]) throws -> Void,
        isCut: inout Bool, thrown: inout (any Error)?
    ) throws {
        func theirs(_ body: () throws -> Void) throws {
            do { try body() } catch {
                thrown = error
                throw error
            }
        }
        var count = 0
        try connection.addFloat32Function()
        do {
            try connection.inquire(
                question.sql, within: InquiryLimits(timeout: question.timeout), views: Store.fastViews,
                columns: { names in try theirs { try columns(names) } },
                row: { values in
                    if let limit = question.limit, count >= limit {
                        isCut = true
                        return false
                    }
                    count += 1
                    let cells = try (0..<values.count).map { try SQLCell(values, $0) }
                    try theirs { try row(cells) }
                    return true
                })
        } catch let error as SQLiteError where thrown == nil && (error.isInterrupted || error.isQuestion) {
            if error.isInterrupted { throw RegistryError.tooLong(seconds: question.timeout / .seconds(1)) }
            throw QueryError(sql: question.sql, error)
        }
    }
}

extension Store {
    /// The views `all_iterations` and `iterations` of the schema, based on a function that decodes each block once.
    /// They are several times as fast as the schema's own, which use plain SQL that any shell understands, and hide
    /// those on this connection. `runs` leaves out a best epoch with an infinite loss, which earlier versions of bpreg
    /// recorded, as the commands do.
    private static let fastViews = """
        CREATE TEMP VIEW all_iterations AS
        SELECT b.run, b.segment, b.first_iteration + f.position AS iteration,
            s.first_epoch + (b.first_iteration + f.position - 1 - s.epoch_start) / s.iterations_per_epoch AS epoch,
            f.value AS loss, f.bits AS loss_bits
        FROM main.iteration_block AS b JOIN main.segment AS s ON s.run = b.run AND s.number = b.segment
            JOIN float32(b.losses) AS f
        WHERE EXISTS (SELECT 1 FROM main.run WHERE run.id = b.run);
        CREATE TEMP VIEW iterations AS
        SELECT line.run, line.part_run, i.segment, i.iteration, i.epoch, i.loss, i.loss_bits
        FROM main.line JOIN temp.all_iterations AS i ON i.run = line.part_run AND i.segment = line.segment
        WHERE i.iteration <= line.last_iteration;
        CREATE TEMP VIEW runs AS
        SELECT run, model, status, iterations, epochs, loss, val_loss, val_score, score_name,
            CASE WHEN abs(best_val_loss) = 9e999 THEN NULL ELSE best_epoch END AS best_epoch,
            CASE WHEN abs(best_val_loss) = 9e999 THEN NULL ELSE best_iteration END AS best_iteration,
            CASE WHEN abs(best_val_loss) = 9e999 THEN NULL ELSE best_val_loss END AS best_val_loss,
            seconds, reason, segment, segments, attempts, parent_run, parent_iteration, spec, dataset, created, ended
        FROM main.runs;
        """
}

extension SQLCell {
    fileprivate init(_ row: Row, _ column: Int) throws(SQLiteError) {
        switch try row.kind(column) {
        case .null: self = .null
        case .integer: self = .integer(try row.get(column))
        case .real: self = .real(try row.get(column))
        case .text: self = .text(try row.shownText(column))
        case .blob: self = .blob(try row.get(column))
        }
    }
}

extension SQLiteError {
    /// Whether the fault is in the SQL, not in the file.
    fileprivate var isQuestion: Bool {
        !(isDamage || isIOError || isBusy || isFull || isCannotOpen || isReadOnly)
    }
}

extension QueryError {
    fileprivate init(sql: String, _ error: SQLiteError) {
        let place = error.offset.map { sql.utf8.prefix($0) }.map {
            String(decoding: $0, as: UTF8.self).unicodeScalars.count
        }
        let word = place.map { place in
            sql.unicodeScalars.dropFirst(place).prefix {
                $0.properties.isAlphabetic || $0 == "_" || $0.properties.numericType != nil
            }
            .count
        }
        self.init(.sql, sql, at: place, length: word ?? 1, error.message)
    }
}
