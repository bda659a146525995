extension SealedTable {
    /// All sealed tables, parents first.
    package static let sealed: [SealedTable] = [
        registry, dataset, datasetColumn, spec, model, run, setting, metric, segment, attempt, block, epoch, keyframe,
        keyframeTensor, version, versionTensor, alias, evaluation, pin, tag, note, event, archive, archivedTensor,
    ]

    package static let registry = RegistryRow.table
    package static let dataset = DatasetRow.table
    package static let datasetColumn = DatasetColumnRow.table
    package static let spec = SpecRow.table
    package static let model = ModelRow.table
    package static let run = RunRow.table
    package static let setting = SettingRow.table
    package static let metric = MetricRow.table
    package static let segment = SegmentRecord.table
    package static let attempt = AttemptRow.table
    package static let block = BlockRow.table
    package static let epoch = EpochRow.table
    package static let keyframe = KeyframeRow.table
    package static let keyframeTensor = KeyframeTensorRow.table
    package static let version = VersionRow.table
    package static let versionTensor = VersionTensorRow.table
    package static let alias = AliasRow.table
    package static let evaluation = EvaluationRow.table
    package static let pin = PinRecord.table
    package static let tag = TagRecord.table
    package static let note = NoteRecord.table
    package static let event = EventRecord.table
    package static let archive = ArchiveRecord.table
    package static let archivedTensor = ArchivedTensorRow.table
}
