extension SealedTable {
    /// All sealed tables, parents first.
    static let sealed: [SealedTable] = [
        registry, dataset, datasetColumn, spec, model, run, setting, metric, segment, attempt, block, epoch, keyframe,
        keyframeTensor, version, versionTensor, alias, evaluation, pin, tag, note, event, archive, archivedTensor,
        deletion, deletedRun, deletedPiece, deletedTensor,
    ]

    static let registry = RegistryRow.table
    static let dataset = DatasetRow.table
    static let datasetColumn = DatasetColumnRow.table
    static let spec = SpecRow.table
    static let model = ModelRow.table
    static let run = RunRow.table
    static let setting = SettingRow.table
    static let metric = MetricRow.table
    static let segment = SegmentRecord.table
    static let attempt = AttemptRow.table
    static let block = BlockRow.table
    static let epoch = EpochRow.table
    static let keyframe = KeyframeRow.table
    static let keyframeTensor = KeyframeRow.links
    static let version = VersionRow.table
    static let versionTensor = VersionRow.links
    static let alias = AliasRow.table
    static let evaluation = EvaluationRow.table
    static let pin = PinRecord.table
    static let tag = TagRecord.table
    static let note = NoteRecord.table
    static let event = EventRecord.table
    static let archive = ArchiveRecord.table
    static let archivedTensor = ArchivedTensorRow.table
    static let deletion = DeletionRow.table
    static let deletedRun = DeletedRunRow.table
    static let deletedPiece = DeletedPieceRow.table
    static let deletedTensor = DeletedTensorRow.table
}
