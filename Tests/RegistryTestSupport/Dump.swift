import BPRegistry

/// Everything that readers return, or the error that they end with.
package func registryDump(_ path: String) -> String {
    var text = ""
    func add(_ name: String, _ read: () throws -> Any) {
        do { text += "\(name): \(try read())\n" } catch { text += "\(name): error \(error)\n" }
    }
    do {
        // Processes and the clock do not change, so the text is a function of the file.
        let registry = try Registry.open(at: path, for: .reading, environment: World().environment)
        add("runs") { try registry.runs() }
        add("models") { try registry.models() }
        add("versions") { try registry.versions() }
        add("events") { try registry.events() }
        add("datasets") { try registry.datasets() }
        add("aliases") { try registry.aliases() }
        add("version tags") { try registry.tags(of: .version(model: "iris", number: 1)) }
        add("version notes") { try registry.notes(of: .version(model: "iris", number: 1)) }
        for run in 1...3 {
            add("line") { try registry.line(ofRun: run) }
            add("metrics") { try registry.metrics(ofRun: run) }
            add("pins") { try registry.pins(ofRun: run) }
            add("versions of run") { try registry.versions(ofRun: run) }
            add("tags") { try registry.tags(of: .run(run)) }
            add("notes") { try registry.notes(of: .run(run)) }
            add("spec") { try registry.spec(ofRun: run) }
            add("settings") { try registry.settings(ofRun: run) }
            add("segments") { try registry.segments(ofRun: run) }
            add("attempts") { try registry.attempts(ofRun: run) }
            add("evaluations") { try registry.evaluations(ofRun: run) }
            add("epochs") { try registry.epochs(ofRun: run) }
            add("losses") {
                SHA256.hash(try registry.losses(ofRun: run).map { "\($0.bitPattern)" }.joined(separator: " "))
            }
            let keyframes = (try? registry.keyframes(ofRun: run)) ?? []
            add("keyframes") { try registry.keyframes(ofRun: run) }
            for tensor in keyframes.flatMap(\.tensors) {
                add("tensor") { SHA256.hash(try registry.tensor(tensor.digest)) }
            }
            for name in ["\(run)@last", "\(run)@best", "\(run)@epoch:2", "\(run)@iteration:15"] {
                add(name) { try registry.resolve(Reference(name)) }
            }
        }
        for name in ["iris", "iris:1", "iris@production"] { add(name) { try registry.resolve(Reference(name)) } }
        for dataset in (try? registry.datasets()) ?? [] {
            for index in dataset.columns.indices {
                add("column") { try registry.columnBytes(dataset.hash, column: index) }
            }
        }
    } catch {
        text += "opening: \(error)"
    }
    return text
}
