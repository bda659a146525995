/// Pieces of a pass in the order of their owners: thread t, the caller being 0, owns pieces starts[t] ..< starts[t + 1].
/// An owner meets the same parameters in pass after pass and step after step, so that they stay in its cache. It is a
/// preference only: a thread that has nothing left takes pieces of the others.
struct WorkShares<Piece> {
    let pieces: UnsafeBufferPointer<Piece>
    let starts: UnsafePointer<Int>
    /// Whether the pool can count every share.
    let isCountable: Bool

    /// `shares` holds the pieces of each thread, in the order in which it takes them.
    init(_ shares: [[Piece]]) {
        let pieces = UnsafeMutableBufferPointer<Piece>.allocate(capacity: shares.reduce(0) { $0 + $1.count })
        _ = pieces.initialize(from: shares.joined())
        let starts = UnsafeMutablePointer<Int>.allocate(capacity: shares.count + 1)
        var start = 0
        for (thread, share) in shares.enumerated() {
            (starts + thread).initialize(to: start)
            start += share.count
        }
        (starts + shares.count).initialize(to: start)
        self.pieces = UnsafeBufferPointer(pieces)
        self.starts = UnsafePointer(starts)
        isCountable = shares.allSatisfy { $0.count <= Int(UInt16.max) }
    }

    func deallocate() {
        pieces.deallocate()
        starts.deallocate()
    }
}
