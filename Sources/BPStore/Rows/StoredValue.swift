import BPSQLite

/// A type whose values can be stored in a column.
protocol StoredValue: Sendable {
    /// The value of a column; nil if the column holds a value of another kind or range.
    init?(stored: SQLiteValue)
    var stored: SQLiteValue { get }
}

/// A count, a number or a size. No row holds one of 2⁶² or more, so that adding to one, or adding two, never traps.
extension Int: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .integer(let value) = stored, value.magnitude < 1 << 62 else { return nil }
        self.init(value)
    }
    var stored: SQLiteValue { .integer(Int64(self)) }
}

extension Int64: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .integer(let value) = stored else { return nil }
        self = value
    }
    var stored: SQLiteValue { .integer(self) }
}

extension Int32: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .integer(let value) = stored else { return nil }
        self.init(exactly: value)
    }
    var stored: SQLiteValue { .integer(Int64(self)) }
}

extension UInt32: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .integer(let value) = stored else { return nil }
        self.init(exactly: value)
    }
    var stored: SQLiteValue { .integer(Int64(self)) }
}

extension Bool: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .integer(let value) = stored else { return nil }
        self = value != 0
    }
    var stored: SQLiteValue { .integer(self ? 1 : 0) }
}

extension Double: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .real(let value) = stored else { return nil }
        self = value
    }
    var stored: SQLiteValue { .real(self) }
}

extension String: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .text(let value) = stored else { return nil }
        self = value
    }
    var stored: SQLiteValue { .text(self) }
}

extension [UInt8]: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .blob(let value) = stored else { return nil }
        self = value
    }
    var stored: SQLiteValue { .blob(self) }
}

extension SHA256Digest: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .blob(let value) = stored else { return nil }
        self.init(bytes: value)
    }
    var stored: SQLiteValue { .blob(bytes) }
}

extension UUIDv7: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .blob(let value) = stored else { return nil }
        self.init(bytes: value)
    }
    var stored: SQLiteValue { .blob(bytes) }
}

extension Subject: StoredValue {
    init?(stored: SQLiteValue) {
        guard case .text(let value) = stored else { return nil }
        self.init(text: value)
    }
    var stored: SQLiteValue { .text(text) }
}

/// NULL is nil.
extension Optional: StoredValue where Wrapped: StoredValue {
    init?(stored: SQLiteValue) {
        if stored == .null {
            self = .none
        } else {
            guard let value = Wrapped(stored: stored) else { return nil }
            self = value
        }
    }
    var stored: SQLiteValue { map(\.stored) ?? .null }
}

extension RawRepresentable where Self: StoredValue, RawValue == String {
    init?(stored: SQLiteValue) {
        guard case .text(let value) = stored else { return nil }
        self.init(rawValue: value)
    }
    var stored: SQLiteValue { .text(rawValue) }
}

extension RunStatus: StoredValue {}
extension KeyframeKind: StoredValue {}
extension KeyframeRole: StoredValue {}
extension KeyframeRow.State: StoredValue {}
extension Durability: StoredValue {}
extension StoredColumnType: StoredValue {}
extension EventKind: StoredValue {}
extension SettingKind: StoredValue {}
