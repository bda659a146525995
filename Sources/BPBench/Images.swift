import BPCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Makes an IDX pair of the shape of MNIST: ten classes of 28 × 28 pixels, mostly black, that can be learned. Each class
/// has two templates of a few soft strokes; an image is one of them, moved by up to two pixels, dimmed, with noise in the
/// strokes. The same seed makes the same files.
struct Images {
    let rows: Int
    let seed: UInt64
    private static let side = 28

    /// Writes `NAME-images-idx3-ubyte` and `NAME-labels-idx1-ubyte`.
    func write(to folder: String, name: String) throws {
        let side = Images.side
        // Templates are the same in all files; what is drawn from them is the file's own.
        var shapes = PhiloxStream(seed: 1, purpose: .split, stream: 0)
        let templates = (0..<20).map { _ in Images.template(&shapes) }
        var stream = PhiloxStream(seed: seed, purpose: .split, stream: 1)
        var images: [UInt8] = [0, 0, 8, 3] + Images.bigEndian(rows) + Images.bigEndian(side) + Images.bigEndian(side)
        var labels: [UInt8] = [0, 0, 8, 1] + Images.bigEndian(rows)
        images.reserveCapacity(images.count + rows * side * side)
        for _ in 0..<rows {
            let label = stream.integer(below: 10)
            labels.append(UInt8(label))
            let template = templates[2 * label + stream.integer(below: 2)]
            let (right, down) = (stream.integer(below: 5) - 2, stream.integer(below: 5) - 2)
            let light = 0.6 + 0.4 * stream.unit()
            for y in 0..<side {
                for x in 0..<side {
                    let (fromX, fromY) = (x - right, y - down)
                    let isInside = (0..<side).contains(fromX) && (0..<side).contains(fromY)
                    let ink = isInside ? template[fromY * side + fromX] : 0
                    let value = ink < 0.05 ? 0 : ink * light * 255 + 40 * (stream.unit() - 0.5)
                    images.append(UInt8(max(0, min(255, value))))
                }
            }
        }
        try Images.save(images, folder + "/\(name)-images-idx3-ubyte")
        try Images.save(labels, folder + "/\(name)-labels-idx1-ubyte")
    }

    /// Three to five strokes between random points, soft at their edges.
    private static func template(_ stream: inout PhiloxStream) -> [Double] {
        var ink = [Double](repeating: 0, count: side * side)
        for _ in 0..<3 + stream.integer(below: 3) {
            let from = (5 + 18 * stream.unit(), 5 + 18 * stream.unit())
            let to = (5 + 18 * stream.unit(), 5 + 18 * stream.unit())
            for step in 0...40 {
                let part = Double(step) / 40
                let (x, y) = (from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1))
                for pixel in ink.indices {
                    let (dx, dy) = (Double(pixel % side) - x, Double(pixel / side) - y)
                    ink[pixel] = max(ink[pixel], 1 - (dx * dx + dy * dy) / 4)
                }
            }
        }
        return ink
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        (0..<4).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func save(_ bytes: [UInt8], _ path: String) throws {
        guard let file = fopen(path, "w") else { throw ImagesError(path: path) }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw ImagesError(path: path) }
    }
}

extension PhiloxStream {
    fileprivate mutating func integer(below bound: UInt32) -> Int { Int(bounded(bound)) }

    /// In [0, 1).
    fileprivate mutating func unit() -> Double { Double(next()) * 0x1p-32 }
}

struct ImagesError: Error {
    let path: String
}
