import BPRegistry
import BPStore
import BPJSON

/// A rollback of a run, or the undoing of one, by the segment that the rollback made: so it is the same in every
/// registry, whatever numbers its events have there.
struct RollbackMove: Hashable {
    let segment: Int
    let isUndoing: Bool

    /// The move of an event, of which `events` holds those that it refers to; nil if it is none.
    init?(_ event: TransferContents.Event, in events: [TransferContents.Event]) {
        switch event.kind {
        case .rolledBack: self.init(event.detail, isUndoing: false)
        case .rollbackUndone:
            let undone = event.detail["event"]?.int
            guard let rollback = events.first(where: { $0.id == undone && $0.kind == .rolledBack }) else { return nil }
            self.init(rollback.detail, isUndoing: true)
        default: return nil
        }
    }

    private init?(_ rollback: JSONValue, isUndoing: Bool) {
        guard let segment = rollback["to"]?["segment"]?.int else { return nil }
        (self.segment, self.isUndoing) = (segment, isUndoing)
    }

    /// The moves of a run here, with the numbers of their events.
    static func all(of run: Int, in store: Store) throws -> [RollbackMove: Int] {
        let events = try store.events.all(of: .run(run)).map { event in
            TransferContents.Event(
                id: event.id, at: event.at, kind: event.kind,
                detail: (try? JSONValue(parsing: event.detailJSON)) ?? .null)
        }
        var moves: [RollbackMove: Int] = [:]
        for event in events { if let move = RollbackMove(event, in: events) { moves[move] = event.id } }
        return moves
    }
}
