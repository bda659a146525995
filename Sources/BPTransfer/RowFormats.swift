import BPStore

/// The JSON formats of the rows of each table in a document.
enum RowFormats {
    static let model = RowFormat<ModelRow>(
        omitted: ["id", "versions", "aliases", "runs"], references: ["current_version"], members: ["aliases", "events"])
    static let alias = RowFormat<AliasRow>(omitted: ["model"], references: ["version"])
    static let spec = RowFormat<SpecRow>()
    static let dataset = RowFormat<DatasetRow>(omitted: ["columns", "complete"], members: ["columns", "events"])
    static let datasetColumn = RowFormat<DatasetColumnRow>(
        omitted: ["dataset"], placeholders: ["dataset": .string(String(repeating: "0", count: 64))])
    static let run = RowFormat<RunRow>(
        omitted: ["segments", "attempts", "settings", "versions", "evaluations", "metrics"],
        references: ["model", "parent_run"],
        members: [
            "segments", "attempts", "settings", "metrics", "keyframes", "versions", "evaluations", "pins", "tags",
            "notes", "events",
        ])
    static let segment = RowFormat<SegmentRecord>(omitted: ["run", "keyframes"], references: ["parent_run"])
    static let attempt = RowFormat<AttemptRow>(omitted: ["run"])
    static let setting = RowFormat<SettingRow>(omitted: ["run"])
    static let metric = RowFormat<MetricRow>(omitted: ["run"])
    static let keyframe = RowFormat<KeyframeRow>(
        omitted: ["id", "run", "state", "tensors"], members: ["tensors"], placeholders: ["state": "complete"])
    static let version = RowFormat<VersionRow>(
        omitted: ["id", "run", "tensors"], references: ["model"], members: ["tensors", "tags", "notes", "events"])
    static let evaluation = RowFormat<EvaluationRow>(omitted: ["id", "run"], references: ["version"])
    static let pin = RowFormat<PinRecord>(omitted: ["run"])
    static let tag = RowFormat<TagRecord>(omitted: ["subject"], placeholders: ["subject": "all"])
    static let note = RowFormat<NoteRecord>(omitted: ["subject"], placeholders: ["subject": "all"])
    static let event = RowFormat<EventRecord>(omitted: ["subject"], placeholders: ["subject": "all"])
}
