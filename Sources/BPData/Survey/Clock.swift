/// Dates and times of day in the ways that people and programs write them.
enum Clock {
    /// `date` or `time`, or nil.
    static func dress(of bytes: [UInt8]) -> Dress? {
        guard let first = bytes.first, isDigit(first) || bytes.count >= 8 else { return nil }
        if isTime(bytes[...]) { return .time }
        if let end = numericDate(bytes) { return isRest(bytes[end...]) ? .date : nil }
        return isNamedDate(bytes) ? .date : nil
    }

    /// Where a date in digits ends.
    private static func numericDate(_ bytes: [UInt8]) -> Int? {
        var position = 0
        var numbers: [(value: Int, digits: Int)] = []
        var separator: UInt8?
        while numbers.count < 3 {
            let start = position
            var value = 0
            while position < bytes.count, isDigit(bytes[position]), position - start < 4 {
                value = value * 10 + Int(bytes[position] - UInt8(ascii: "0"))
                position += 1
            }
            guard position > start else { return nil }
            numbers.append((value, position - start))
            if numbers.count == 3 { break }
            guard position < bytes.count,
                [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ".")].contains(bytes[position]),
                separator == nil || separator == bytes[position]
            else { return nil }
            separator = bytes[position]
            position += 1
        }
        if position < bytes.count, isDigit(bytes[position]) { return nil }
        let (a, b, c) = (numbers[0], numbers[1], numbers[2])
        if a.digits == 4 { return isDay(b, c) ? position : nil }
        guard c.digits == 4 || c.digits == 2, isDay(a, b) || isDay(b, a) else { return nil }
        return position
    }

    private static func isDay(_ month: (value: Int, digits: Int), _ day: (value: Int, digits: Int)) -> Bool {
        (1...12).contains(month.value) && (1...31).contains(day.value) && month.digits <= 2 && day.digits <= 2
    }

    /// Nothing, or a time of day behind `T` or a space.
    private static func isRest(_ rest: ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first else { return true }
        guard first == UInt8(ascii: " ") || first == UInt8(ascii: "T") else { return false }
        return isTime(rest.dropFirst())
    }

    /// `10:30`, `10:30:15.5`, with `am`, `Z` or an offset behind it.
    private static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        let body = bytes.prefix { isDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
        let parts = body.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), (1...2).contains(parts[0].count), parts[1].count == 2,
            parts[1].allSatisfy(isDigit), let hour = Int(String(decoding: parts[0], as: UTF8.self)), hour < 25,
            parts.count == 2 || parts[2].count >= 2 && parts[2].prefix(2).allSatisfy(isDigit)
        else { return false }
        let rest = String(decoding: bytes.dropFirst(body.count), as: UTF8.self).lowercased()
            .filter { $0 != " " }
        return rest.isEmpty || ["am", "pm", "z", "utc"].contains(rest)
            || (rest.hasPrefix("+") || rest.hasPrefix("-")) && rest.dropFirst().allSatisfy { $0.isNumber || $0 == ":" }
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// `5 Jan 2024`, `Jan 5, 2024`, `05-January-2024`.
    private static func isNamedDate(_ bytes: [UInt8]) -> Bool {
        let words = String(decoding: bytes, as: UTF8.self).lowercased()
            .split { " ,-/.".contains($0) }
        guard (2...4).contains(words.count),
            let year = words.dropFirst().first(where: { $0.count == 4 && Int($0) != nil })
        else { return false }
        let named = words.filter { word in word.count >= 3 && months.contains { word.hasPrefix($0) } && Int(word) == nil
        }
        return named.count == 1
            && words.allSatisfy { word in word == year || named[0] == word || Int(word).map { 1...31 ~= $0 } == true }
    }
}
