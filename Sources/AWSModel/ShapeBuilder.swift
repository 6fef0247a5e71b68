import JSON

/// Traits of a shape as the compact data has them.
struct Traits {
    let min: Double?
    let max: Double?
    let pattern: String?
    let enumeration: [String]
    let isFlattened: Bool
    let xmlName: String?
    let xmlNamespace: XMLNamespace?
    let timestampFormat: TimestampFormat?
    let isStreaming: Bool
    let isEventStream: Bool
    let isUnion: Bool
    let isXMLUnwrapped: Bool
    let isSensitive: Bool
    let error: ErrorFacts?

    init(_ facts: JSON) {
        min = facts["min"]?.double
        max = facts["max"]?.double
        pattern = facts["pat"]?.string
        enumeration = (facts["enum"]?.array ?? []).compactMap(\.string)
        isFlattened = facts["fl"] != nil
        xmlName = facts["n"]?.string
        xmlNamespace = XMLNamespace(facts["ns"])
        timestampFormat = facts["tf"]?.string.flatMap(TimestampFormat.init)
        isStreaming = facts["st"] != nil
        isEventStream = facts["es"] != nil
        isUnion = facts["un"] != nil
        isXMLUnwrapped = facts["uw"] != nil
        isSensitive = facts["se"] != nil
        error = facts["x"].map { error in
            ErrorFacts(
                code: error["c"]?.string, status: error["s"]?.int,
                isSenderFault: error["f"]?.string.map { $0 == "s" })
        }
    }
}

/// Traits of a use of a shape.
struct Use {
    let location: Member.Location?
    let wireName: String?
    let queryName: String?
    let isFlattened: Bool
    let isXMLAttribute: Bool
    let xmlNamespace: XMLNamespace?
    let timestampFormat: TimestampFormat?
    let isStreaming: Bool
    let isIdempotencyToken: Bool

    init(_ facts: JSON) {
        location = facts["l"]?.string.flatMap(Member.Location.init)
        wireName = facts["n"]?.string
        queryName = facts["q"]?.string
        isFlattened = facts["fl"] != nil
        isXMLAttribute = facts["at"] != nil
        xmlNamespace = XMLNamespace(facts["ns"])
        timestampFormat = facts["tf"]?.string.flatMap(TimestampFormat.init)
        isStreaming = facts["st"] != nil
        isIdempotencyToken = facts["it"] != nil
    }
}

extension XMLNamespace {
    /// Either a URI, or a prefix and a URI.
    init?(_ facts: JSON?) {
        switch facts {
        case .string(let uri)?: self.init(prefix: nil, uri: uri)
        case .array(let parts)?:
            guard let prefix = parts.first?.string, let uri = parts.last?.string else { return nil }
            self.init(prefix: prefix, uri: uri)
        default: return nil
        }
    }
}

/// Makes all shapes of a service: first empty, so that they can refer to each other, then their members.
struct ShapeBuilder {
    private let facts: JSON.Object
    private(set) var shapes: [String: Shape] = [:]

    private static let kinds: [String: Shape.Kind] = [
        "L": .list, "M": .map, "s": .string, "i": .integer, "l": .long, "f": .float, "d": .double, "b": .boolean,
        "B": .blob, "T": .timestamp,
    ]

    init(_ facts: JSON.Object) { self.facts = facts }

    func shape(_ name: String) throws(ModelError) -> Shape {
        guard let shape = shapes[name] else { throw ModelError(description: "no shape \(name)") }
        return shape
    }

    mutating func build() throws(ModelError) {
        shapes.reserveCapacity(facts.count)
        for (name, facts) in facts {
            let kind: Shape.Kind
            if let letter = facts["t"]?.string {
                guard let known = Self.kinds[letter] else { throw ModelError(description: "no type \(letter)") }
                kind = known
            } else {
                kind = .structure
            }
            shapes[name] = Shape(name: name, kind: kind, traits: Traits(facts))
        }
        for (name, facts) in facts { try fill(shape(name), facts) }
        markConstrained()
    }

    /// Shapes without a constraint anywhere below are not walked by the validator. Starts with the shapes that have one
    /// and goes on to all that use them.
    private func markConstrained() {
        var users: [ObjectIdentifier: [Shape]] = [:]
        for user in shapes.values {
            let uses = user.members + [user.element, user.key, user.value].compactMap { $0 }
            for use in uses { users[ObjectIdentifier(use.shape), default: []].append(user) }
        }
        for shape in shapes.values { shape.isConstrained = false }
        var todo = shapes.values.filter { shape in
            shape.min != nil || shape.max != nil || shape.pattern != nil || !shape.enumeration.isEmpty
                || shape.members.contains(where: \.isRequired)
        }
        while let shape = todo.popLast() {
            guard !shape.isConstrained else { continue }
            shape.isConstrained = true
            todo += users[ObjectIdentifier(shape)] ?? []
        }
    }

    private func fill(_ shape: Shape, _ facts: JSON) throws(ModelError) {
        switch shape.kind {
        case .structure:
            let required = (facts["r"]?.array ?? []).compactMap(\.string)
            var members: [Member] = []
            for (name, use) in facts["m"]?.object ?? [:] {
                members.append(try member(name, use, isRequired: required.contains(name)))
            }
            shape.setMembers(members, payload: facts["pl"]?.string)
        case .list: shape.element = try member("member", facts["e"] ?? .null)
        case .map:
            shape.key = try member("key", facts["k"] ?? .null)
            shape.value = try member("value", facts["v"] ?? .null)
        default: break
        }
    }

    /// - Parameter use: the shape's name alone, or an object with traits.
    private func member(_ name: String, _ use: JSON, isRequired: Bool = false) throws(ModelError) -> Member {
        let shape = try shape(use.string ?? use["s"]?.string ?? "")
        return Member(name: name, shape: shape, use: Use(use), isRequired: isRequired)
    }
}
