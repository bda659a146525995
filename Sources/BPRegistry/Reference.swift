public import BPStore

/// The name that a person types for a run, a point of it, or a version:
///
///     7   7@last   7@best   7@epoch:50   7@iteration:1234   7.2@iteration:900
///     iris   iris:3   iris@production   019a…-… (a UUID)
public enum Reference: Sendable, Equatable {
    /// A run, on the line that ends in its head, or in `segment`.
    case run(Int, segment: Int?, point: PointName?)
    /// A model's current version.
    case model(String)
    /// A version of a model.
    case version(model: String, number: Int)
    /// The version that an alias of a model names.
    case alias(model: String, alias: String)
    /// A run or a version by its UUID.
    case uuid(UUIDv7)

    /// The name of a point of a run.
    public enum PointName: Sendable, Equatable {
        case last
        case best
        case epoch(Int)
        case iteration(Int)
    }

    /// Reads a reference.
    /// - Throws: `RegistryError.badReference` with the fault.
    public init(_ text: String) throws(RegistryError) {
        if let uuid = UUIDv7(text) {
            self = .uuid(uuid)
            return
        }
        guard let first = text.utf8.first else { throw .badReference(text: text, reason: "it is empty") }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        self = try digits.contains(first) ? Reference.readRun(text) : Reference.readModel(text)
    }

    private static func readRun(_ text: String) throws(RegistryError) -> Reference {
        let (head, tail) = split(text, at: "@")
        let (runText, segmentText) = split(head, at: ".")
        let run = try number(runText, "the run's number", in: text)
        guard run > 0 else { throw .badReference(text: text, reason: "runs are numbered from 1") }
        var segment: Int?
        if let segmentText {
            segment = try number(segmentText, "the segment's number", in: text)
            guard segment != 0 else { throw .badReference(text: text, reason: "segments are numbered from 1") }
        }
        guard let tail else { return .run(run, segment: segment, point: nil) }
        return .run(run, segment: segment, point: try readPoint(tail, in: text))
    }

    private static func readPoint(_ point: String, in text: String) throws(RegistryError) -> PointName {
        let (name, value) = split(point, at: ":")
        switch (name, value) {
        case ("last", nil): return .last
        case ("best", nil): return .best
        case ("epoch", let value?): return .epoch(try number(value, "the epoch", in: text))
        case ("iteration", let value?): return .iteration(try number(value, "the iteration", in: text))
        default:
            throw .badReference(
                text: text, reason: "\"@\(point)\" is not one of @last, @best, @epoch:N, @iteration:N")
        }
    }

    private static func readModel(_ text: String) throws(RegistryError) -> Reference {
        let (beforeAlias, alias) = split(text, at: "@")
        let (model, version) = split(beforeAlias, at: ":")
        do {
            _ = try ModelName(model)
            if let alias { _ = try ModelName.alias(alias) }
        } catch .badName(let name, let reason) {
            throw .badReference(text: text, reason: "\"\(name)\": \(reason)")
        }
        switch (version, alias) {
        case (nil, nil): return .model(model)
        case (nil, let alias?): return .alias(model: model, alias: alias)
        case (let version?, nil):
            let number = try number(version, "the version's number", in: text)
            guard number > 0 else { throw .badReference(text: text, reason: "versions are numbered from 1") }
            return .version(model: model, number: number)
        default: throw .badReference(text: text, reason: "it names both a version and an alias")
        }
    }

    /// The text before and after the first `mark`; nil after it if there is no mark.
    private static func split(_ text: String, at mark: Character) -> (String, String?) {
        guard let index = text.firstIndex(of: mark) else { return (text, nil) }
        return (String(text[..<index]), String(text[text.index(after: index)...]))
    }

    private static func number(_ digits: String, _ what: String, in text: String) throws(RegistryError) -> Int {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw .badReference(text: text, reason: "\(what) is \"\(digits)\", not a whole number")
        }
        guard let value = Int(digits), value <= 1 << 53 else {
            throw .badReference(text: text, reason: "\(what) is too large: \(digits)")
        }
        return value
    }
}

extension Reference: CustomStringConvertible {
    /// The reference as a person types it.
    public var description: String {
        switch self {
        case .run(let run, let segment, let point):
            "\(run)" + (segment.map { ".\($0)" } ?? "") + (point.map { "@\($0)" } ?? "")
        case .model(let model): model
        case .version(let model, let number): "\(model):\(number)"
        case .alias(let model, let alias): "\(model)@\(alias)"
        case .uuid(let uuid): uuid.description
        }
    }
}

extension Reference.PointName: CustomStringConvertible {
    /// The point as a person types it, without its `@`.
    public var description: String {
        switch self {
        case .last: "last"
        case .best: "best"
        case .epoch(let epoch): "epoch:\(epoch)"
        case .iteration(let iteration): "iteration:\(iteration)"
        }
    }
}
