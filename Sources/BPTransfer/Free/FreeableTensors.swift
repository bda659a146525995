import BPRegistry
import BPStore

/// The tensors of a selection with bytes that may be freed, because an archive holds them and nothing else needs them.
struct FreeableTensors {
    private(set) var tensors: [Tensor] = []
    /// The number of tensors of the selection that must stay.
    private(set) var kept = 0

    struct Tensor {
        let digest: SHA256Digest
        let bytes: Int
    }

    /// - Parameter contents: the tensors that the archive holds.
    /// - Throws: `RegistryError.notFound`; `alive` if the process of a run is alive.
    init(_ subject: Subject, heldByArchive contents: Set<SHA256Digest>, in store: Store) throws {
        let selection = try RunSelection(subject, in: store)
        for number in selection.runs {
            try RunRow(named: number, in: store).refuseIfAlive(in: store)
        }
        let named = try NamedTensors(subject, selection, in: store)
        for digest in named.tensors.sorted(by: { $0.hex < $1.hex }) {
            if try store.archives.tombstone(of: digest) != nil { continue }
            guard contents.contains(digest), try !named.isNeededElsewhere(digest, in: store) else {
                kept += 1
                continue
            }
            guard let bytes = try store.tensors.size(of: digest) else {
                throw store.damaged("tensor \(digest.short)", "the row is missing")
            }
            tensors.append(Tensor(digest: digest, bytes: bytes))
        }
    }
}

/// The tensors that a selection itself names; the other tensors in its archive are not freed.
private struct NamedTensors {
    private(set) var tensors: Set<SHA256Digest> = []
    private var versions: Set<Int> = []
    /// The runs with keyframes that may lose these tensors: for a version, its run too.
    private var runs: Set<Int>

    init(_ subject: Subject, _ selection: RunSelection, in store: Store) throws {
        var (named, versions) = ([Int](), [VersionRow]())
        switch subject {
        case .run(let number): named = [number]
        case .version(let name, let number):
            let model = try Models(store).model(name).id
            versions = try [store.versions.find(model: model, number: number)].compactMap { $0 }
        case .model(let name):
            let model = try Models(store).model(name).id
            versions = try store.versions.all(ofModel: model)
            named = try store.runs.numbers(ofModel: model)
        case .dataset: break
        case .all: named = selection.runs
        }
        var holders = Set(named)
        if case .version = subject { holders.formUnion(versions.map(\.run)) }
        runs = holders
        for run in named {
            versions += try store.versions.all(ofRun: run)
            for keyframe in try store.keyframes.complete(ofRun: run) {
                tensors.formUnion(try store.keyframes.tensors(of: keyframe).map(\.digest))
            }
        }
        for version in versions { tensors.formUnion(try store.versions.tensors(of: version).map(\.digest)) }
        self.versions = Set(versions.map(\.id))
    }

    /// Whether anything else needs a tensor: another version, a keyframe of another run (an ancestor too), data,
    /// or a deletion that can be undone.
    func isNeededElsewhere(_ digest: SHA256Digest, in store: Store) throws -> Bool {
        if try !runs.isSuperset(of: store.keyframes.runs(with: digest)) { return true }
        if try !versions.isSuperset(of: store.versions.ids(with: digest)) { return true }
        return try store.datasets.hasColumn(digest) || store.deletions.names(digest)
    }
}
