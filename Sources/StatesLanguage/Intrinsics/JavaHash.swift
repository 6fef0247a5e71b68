import JSON

/// The hash codes and the order of Java's hash tables, in which AWS puts out the elements of `States.ArrayUnique`, the
/// members of `States.JsonMerge` and the columns of CSV rows.
enum JavaHash {
    /// `values` in the order of a table that they were put into one by one.
    static func ordered<T>(_ values: [T], by hash: (T) -> Int32) -> [T] {
        var size = 16
        while values.count * 4 > size * 3 { size *= 2 }
        let places = values.enumerated().map { index, value -> (bucket: Int, index: Int) in
            let code = UInt32(bitPattern: hash(value))
            return (Int((code ^ (code >> 16)) & UInt32(size - 1)), index)
        }
        return places.sorted { $0 < $1 }.map { values[$0.index] }
    }

    static func hash(_ text: String) -> Int32 {
        text.utf16.reduce(0) { $0 &* 31 &+ Int32($1) }
    }

    static func hash(_ value: JSON) -> Int32 {
        switch value {
        case .null: 0
        case .bool(let flag): flag ? 1231 : 1237
        case .number(let number): hash(number)
        case .string(let text): hash(text)
        case .bytes: 0
        case .written: hash(value.parsed)
        case .array(let elements): elements.reduce(1) { $0 &* 31 &+ hash($1) }
        case .object(let object): object.reduce(0) { $0 &+ (hash($1.key) ^ hash($1.value)) }
        }
    }

    private static func hash(_ number: JSON.Number) -> Int32 {
        if let whole = Int64(number.text) { return Int32(truncatingIfNeeded: whole ^ (whole < 0 ? 0 : whole >> 32)) }
        let bits = number.double.bitPattern
        return Int32(truncatingIfNeeded: bits ^ (bits >> 32))
    }
}
