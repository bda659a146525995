import ArgumentParser
import BPRegistry

/// `32,16`: the units of the hidden layers, first to last; `none` for a network without any.
struct UnitList: ExpressibleByArgument, Equatable {
    let units: [Int]

    init?(argument: String) {
        if argument == "none" {
            units = []
            return
        }
        var units: [Int] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let count = Int(part) else { return nil }
            units.append(count)
        }
        self.units = units
    }
}

/// `0.05`, `1e-3`: a decimal number as in data files. Hexadecimal, `inf` and `nan` are no number that an option means.
struct DecimalNumber: ExpressibleByArgument, Equatable, CustomStringConvertible {
    let value: Double

    init(_ value: Double) { self.value = value }

    init?(argument: String) {
        let isDecimal = argument.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isDecimal, let value = Double(argument), value.isFinite else { return nil }
        // 1e-400 is not 0, though no float64 is nearer.
        let digits = argument.prefix { $0 != "e" && $0 != "E" }
        if value == 0, digits.contains(where: { ("1"..."9").contains($0) }) { return nil }
        self.value = value
    }

    var description: String { "\(value)" }
}

/// `32`, or `all` for the whole training split.
struct BatchChoice: ExpressibleByArgument, Equatable {
    let value: SettingValue

    init?(argument: String) {
        if argument == "all" {
            value = .text(argument)
        } else if let rows = Int(argument) {
            value = .integer(Int64(rows))
        } else {
            return nil
        }
    }
}

/// `on` or `off`.
enum Switch: String, ExpressibleByArgument {
    case on
    case off
}

/// `zip=text`: a column whose values are of a stated type, whatever they look like.
struct ColumnTypeChoice: ExpressibleByArgument, Equatable {
    let column: String
    let type: String

    init?(argument: String) {
        guard let mark = argument.lastIndex(of: "="), mark != argument.startIndex else { return nil }
        column = String(argument[..<mark])
        type = String(argument[argument.index(after: mark)...])
    }
}

/// `500MB`, `2GiB`, `1073741824`: a number of bytes (1 KB = 1,000 B, 1 KiB = 1,024 B).
struct ByteCount: ExpressibleByArgument, Equatable {
    let bytes: Int

    init?(argument: String) {
        let units: [(suffix: String, factor: Int)] = [
            ("KIB", 1 << 10), ("MIB", 1 << 20), ("GIB", 1 << 30), ("KB", 1000), ("MB", 1_000_000),
            ("GB", 1_000_000_000), ("B", 1), ("", 1),
        ]
        let text = argument.uppercased()
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let count = Int(text.dropLast(unit.suffix.count))
        else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.factor)
        if overflow { return nil }
        self.bytes = bytes
    }
}
