import JSON

extension Library {
    /// What AWS Step Functions adds. Source: its developer guide, "Transforming data with JSONata".
    static let stepFunctionsOnly: [Native] = [
        /// Arrays of at most as many items. Assumed: a size that is no whole number is cut off, one below 1 fails.
        Native("partition", "<an:a>", 2) { call throws(Failure) in
            guard let list = call.list(0), let number = call.number(1) else { return .undefined }
            guard number >= 1, number < 1e15 else {
                throw Failure("D3100", value: call[1], message: "The size of a partition must be at least 1")
            }
            let size = Int(number)
            let parts = List()
            let items = list.items
            for start in stride(from: 0, to: items.count, by: size) {
                parts.append(.array(List(Array(items[start..<min(start + size, items.count)]))))
            }
            return .array(parts)
        },
        /// From the first to the last number by a step.
        Native("range", "<nnn:a>", 3) { call throws(Failure) in
            guard let first = call.number(0), let last = call.number(1), let step = call.number(2) else {
                return .undefined
            }
            guard step != 0, step.isFinite else {
                throw Failure("D2014", value: call[2], message: "The step of a range must not be 0")
            }
            let count = ((last - first) / step).rounded(.down) + 1
            guard count <= Double(List.longest) else { throw Failure("D2014", value: .number(count)) }
            let list = List()
            for index in 0..<max(Int(count), 0) { list.append(.number(first + Double(index) * step)) }
            return .array(list)
        },
        /// The digest of a text as hexadecimal digits.
        Native("hash", "<s-s:s>", 2) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            guard let digest = Digest.hexadecimal(text, call.string(1) ?? "") else {
                throw Failure(
                    "D3100", value: call[1],
                    message: "The hash algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512")
            }
            return .string(digest)
        },
        /// With a seed always the same number.
        Native("random", "<n?:n>", 1) { call throws(Failure) in
            guard let seed = call.number(0) else { return .number(call.machine.environment.random()) }
            return .number(SeededRandom.number(seed))
        },
        Native("uuid", "<:s>", 0) { call throws(Failure) in .string(call.machine.environment.uuid()) },
        /// A JSON text as the value that it describes.
        Native("parse", "<s-:x>", 1) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            do {
                return Value(try JSON.parse(text))
            } catch {
                throw Failure("D3120", value: call[0], message: "Not a JSON text: \(error)")
            }
        },
    ]
}

/// One number from a seed, evenly spread from 0 to below 1.
enum SeededRandom {
    static func number(_ seed: Double) -> Double {
        var state = seed.bitPattern &+ 0x9E37_79B9_7F4A_7C15
        state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
        state ^= state >> 31
        return Double(state >> 11) * 0x1p-53
    }
}
