#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

// Foundation is imported here and for the errors alone: the libraries below do without it. A Date is a Double, which keeps
// a microsecond of our century.

extension RunRecord {
    /// When the run was created.
    public var creationDate: Date { Date(microseconds: created) }
    /// When the run last committed.
    public var commitDate: Date { Date(microseconds: updated) }
    /// When the run ended; nil while it has no end.
    public var endDate: Date? { ended.map(Date.init(microseconds:)) }
}

extension AttemptRecord {
    /// When the attempt started.
    public var startDate: Date { Date(microseconds: started) }
    /// When the attempt ended; nil while it has no end.
    public var endDate: Date? { ended.map(Date.init(microseconds:)) }
}

extension SegmentRecord {
    /// When the segment was created.
    public var creationDate: Date { Date(microseconds: created) }
}

extension KeyframeRecord {
    /// When the keyframe was recorded.
    public var creationDate: Date { Date(microseconds: created) }
}

extension EvaluationRecord {
    /// When the measurement was recorded.
    public var creationDate: Date { Date(microseconds: created) }
}

extension ModelRecord {
    /// When the model was created.
    public var creationDate: Date { Date(microseconds: created) }
}

extension VersionRecord {
    /// When the version was created.
    public var creationDate: Date { Date(microseconds: created) }
}

extension AliasRecord {
    /// When the alias was last moved.
    public var moveDate: Date { Date(microseconds: moved) }
}

extension PinRecord {
    /// When the pin was set.
    public var creationDate: Date { Date(microseconds: created) }
}

extension TagRecord {
    /// When the tag was last set.
    public var creationDate: Date { Date(microseconds: created) }
}

extension NoteRecord {
    /// When the note was first written.
    public var creationDate: Date { Date(microseconds: created) }
}

extension DatasetRecord {
    /// When the dataset was stored.
    public var creationDate: Date { Date(microseconds: created) }
}

extension ArchiveRecord {
    /// When the archive was recorded.
    public var creationDate: Date { Date(microseconds: created) }
}

extension Deletion {
    /// The time from which the deletion cannot be undone any more; nil if it cannot be undone.
    public var undoDeadline: Date? { undoableUntil.map(Date.init(microseconds:)) }
}

extension KeptDeletion {
    /// When it was deleted.
    public var deletionDate: Date { Date(microseconds: deleted) }
    /// The time from which the deletion cannot be undone any more.
    public var undoDeadline: Date { Date(microseconds: until) }
}

extension EventRecord {
    /// When the event happened.
    public var date: Date { Date(microseconds: at) }
}

extension Date {
    /// The time that the registry stores as microseconds since 1970.
    fileprivate init(microseconds: Int64) { self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
}
