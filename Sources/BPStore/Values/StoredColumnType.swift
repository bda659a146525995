/// What the canonical bytes of a dataset's column hold.
public enum StoredColumnType: String, Sendable, CaseIterable {
    case f64, f32, u8, text
}
