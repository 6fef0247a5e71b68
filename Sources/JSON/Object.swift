extension JSON {
    /// The members of an object in their order. Keys are unique; a later value of the same key takes the place of the
    /// earlier one. Equality does not look at the order.
    public struct Object: Sendable {
        public typealias Member = (key: String, value: JSON)
        public private(set) var members: [Member]
        /// Position by key, kept only for objects with many members: below that a scan is faster than hashing.
        private var positions: [String: Int]?
        private static let scanned = 12

        public init() { members = [] }

        public init(_ elements: some Sequence<(String, JSON)>) {
            members = []
            for (key, value) in elements { self[key] = value }
        }

        public var count: Int { members.count }
        public var isEmpty: Bool { members.isEmpty }
        public var keys: [String] { members.map(\.key) }
        public var values: [JSON] { members.map(\.value) }

        public mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

        public func position(of key: String) -> Int? {
            if let positions {
                guard let index = positions[key] else { return nil }
                if ASCII.equalBytes(members[index].key, key) { return index }
            }
            return members.firstIndex { ASCII.equalBytes($0.key, key) }
        }

        public subscript(key: String) -> JSON? {
            get { position(of: key).map { members[$0].value } }
            set {
                if let newValue { put(key, newValue) } else { removeValue(forKey: key) }
            }
        }

        /// The subscript's setter for a value that is there.
        public mutating func put(_ key: String, _ value: JSON) {
            if let index = position(of: key) {
                members[index].value = value
                return
            }
            // A literal makes its memory at once; an empty array has to find out that it has none.
            if members.isEmpty { members = [(key, value)] } else { members.append((key, value)) }
            if positions != nil {
                positions?[key] = members.count - 1
            } else if members.count > Self.scanned {
                index()
            }
        }

        @discardableResult
        public mutating func removeValue(forKey key: String) -> JSON? {
            guard let index = position(of: key) else { return nil }
            let removed = members.remove(at: index).value
            if positions != nil { self.index() }
            return removed
        }

        private mutating func index() {
            var table = [String: Int](minimumCapacity: members.count * 2)
            for (index, member) in members.enumerated() { table[member.key] = index }
            positions = table
        }

        /// The member whose name differs from `name` at most in ASCII case: an exact match wins.
        public func caseless(_ name: String) -> Member? {
            if positions != nil, let index = position(of: name) { return members[index] }
            let length = name.utf8.count
            var similar: Int?
            for index in members.indices
            where members[index].key.utf8.count == length && ASCII.equalCaseless(members[index].key, name) {
                if ASCII.equalBytes(members[index].key, name) { return members[index] }
                similar = similar ?? index
            }
            return similar.map { members[$0] }
        }
    }
}

extension JSON.Object: Sequence {
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSON.Object: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        guard left.count == right.count else { return false }
        for (key, value) in left.members where right[key] != value { return false }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in members {
            var one = Hasher()
            one.combine(key)
            one.combine(value)
            sum ^= one.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}

/// Texts compared by their bytes, in place: this runs many times for each request.
public enum ASCII {
    /// Swift takes texts for equal that differ in their bytes (é as one scalar or as two); keys must not.
    public static func equalBytes(_ left: String, _ right: String) -> Bool { matches(left, right) { $0 == $1 } }

    /// Equal but for the case of ASCII letters.
    public static func equalCaseless(_ left: String, _ right: String) -> Bool {
        matches(left, right) { $0 == $1 || lower($0) == lower($1) }
    }

    @inline(__always)
    private static func matches(_ left: String, _ right: String, _ isSame: (UInt8, UInt8) -> Bool) -> Bool {
        let count = left.utf8.count
        guard count == right.utf8.count else { return false }
        let result = left.utf8.withContiguousStorageIfAvailable { left in
            right.utf8.withContiguousStorageIfAvailable { right in
                for index in 0..<count where !isSame(left[index], right[index]) { return false }
                return true
            }
        }
        return result.flatMap { $0 } ?? zip(left.utf8, right.utf8).allSatisfy(isSame)
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }
}
