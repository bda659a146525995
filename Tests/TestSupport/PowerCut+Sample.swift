import Foundation

extension PowerCut {
    /// The distance between the images of a sample: `normal`, or `BPREG_POWER_CUTS`, which is 1 for every image:
    ///
    ///     BPREG_POWER_CUTS=1 swift test -c release …
    public static func stride(_ normal: Int) -> Int {
        ProcessInfo.processInfo.environment["BPREG_POWER_CUTS"].flatMap(Int.init) ?? normal
    }

    /// Calls `body` with every `stride`-th image of a recording, from one that depends on the seed, and prints their number.
    /// - Parameters:
    ///   - what: the recorded work, to be printed.
    ///   - stride: the normal distance; `stride(_:)` applies to it.
    /// - Returns: the number of images in the sample.
    @discardableResult
    public static func forEachSample(
        of recording: Recording, _ what: String, seed: UInt64, every stride: Int, _ body: (Image) throws -> Void
    ) rethrows -> Int {
        let stride = self.stride(stride)
        let images = ScratchDirectory()
        var (number, count) = (0, 0)
        try PowerCut(recording, seed: seed, randomImages: 1).forEachImage(in: images.files) { image in
            number += 1
            guard number % stride == Int(seed % UInt64(stride)) else { return }
            count += 1
            try body(image)
        }
        print("\(count) of \(number) images of \(what), seed \(seed)")
        return count
    }
}

extension PowerCut.Image {
    /// The path of the registry's file.
    public var registry: String { files.path("registry.sqlite") }
}

extension Recorder {
    /// Calls `body` with the path of a file again and again: first its first write fails, then a later one, until it has
    /// no such write. The failures are a full disk and an input/output error by turns.
    /// - Parameters:
    ///   - bytes: the content of the file before each call.
    ///   - next: the number of the write to fail after this one.
    ///   - check: called after each call of `body`, with the path and the number of the write.
    /// - Returns: the number of calls.
    public static func forEachFailingWrite(
        on bytes: [UInt8], next: (Int) -> Int, _ body: (String) throws -> Void, check: (String, Int) throws -> Void
    ) rethrows -> Int {
        var (nth, count) = (1, 0)
        var isMet = true
        while isMet {
            let scratch = ScratchDirectory()
            scratch.files.write(bytes, to: "registry.sqlite")
            // SQLITE_FULL, SQLITE_IOERR_WRITE
            run(in: scratch.path, faults: FaultPlan([.write], nth: nth, code: nth % 2 == 0 ? 13 : 778)) {
                try? body(scratch.file())
                isMet = failures > 0
            }
            try check(scratch.file(), nth)
            count += 1
            nth = next(nth)
        }
        return count
    }
}
