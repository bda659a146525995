/// The type of the values in the canonical bytes of a dataset's column.
public enum StoredColumnType: String, Sendable, CaseIterable {
    case f64, f32, u8, text
}
