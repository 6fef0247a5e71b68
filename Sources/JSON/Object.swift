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
                if let newValue { set(key, newValue) } else { removeValue(forKey: key) }
            }
        }

        private mutating func set(_ key: String, _ value: JSON) {
            if let index = position(of: key) {
                members[index].value = value
                return
            }
            members.append((key, value))
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
            if let index = position(of: name) { return members[index] }
            for member in members where ASCII.equalCaseless(member.key, name) { return member }
            return nil
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

enum ASCII {
    /// Swift takes texts for equal that differ in their bytes (é as one scalar or as two); keys must not.
    static func equalBytes(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
    }

    static func equalCaseless(_ left: String, _ right: String) -> Bool {
        let left = left.utf8
        let right = right.utf8
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { lower($0) == lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }
}
