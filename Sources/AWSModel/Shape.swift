/// One type of a service's API. Shapes refer to each other, also in circles: they are built once, never change after
/// that and are never freed.
public final class Shape: @unchecked Sendable {
    public enum Kind: Sendable {
        case structure, list, map, string, integer, long, float, double, boolean, blob, timestamp
    }

    public let name: String
    public let kind: Kind
    /// Length of strings (UTF-16 units), blobs (bytes), lists and maps (elements); value of numbers.
    public let min: Double?
    public let max: Double?
    /// The regular expression as the model writes it, for messages.
    public let pattern: String?
    /// Values of an enumeration, in the model's order; empty when any string goes.
    public let enumeration: [String]
    public let isFlattened: Bool
    /// Own element name of a structure in XML.
    public let xmlName: String?
    public let xmlNamespace: XMLNamespace?
    public let timestampFormat: TimestampFormat?
    public let isStreaming: Bool
    public let isEventStream: Bool
    public let isUnion: Bool
    /// In XML the only member's text stands in the root element itself.
    public let isXMLUnwrapped: Bool
    /// The value must not appear in messages.
    public let isSensitive: Bool
    /// Set for shapes of errors.
    public let error: ErrorFacts?

    /// Members of a structure, in the model's order.
    public internal(set) var members: [Member] = []
    /// Those of `members` that must be there.
    public internal(set) var requiredMembers: [Member] = []
    /// The member that is the whole body; the others are elsewhere.
    public internal(set) var payload: Member?
    /// Elements of a list.
    public internal(set) var element: Member?
    /// Keys and values of a map.
    public internal(set) var key: Member?
    public internal(set) var value: Member?
    /// Some member travels outside of the body.
    public internal(set) var hasLocations = false
    /// Something in values of this shape can break a constraint.
    public internal(set) var isConstrained = true
    /// The compiled pattern; nil without one, or when it is outside of the matcher's subset.
    var matcher: LazyPattern?
    private var byName = NameTable()
    private var byWireName = NameTable()
    private let enumerated: Set<String>?

    init(name: String, kind: Kind, traits: Traits) {
        self.name = name
        self.kind = kind
        min = traits.min
        max = traits.max
        pattern = traits.pattern
        enumeration = traits.enumeration
        enumerated = traits.enumeration.count > 16 ? Set(traits.enumeration) : nil
        isFlattened = traits.isFlattened
        xmlName = traits.xmlName
        xmlNamespace = traits.xmlNamespace
        timestampFormat = traits.timestampFormat
        isStreaming = traits.isStreaming
        isEventStream = traits.isEventStream
        isUnion = traits.isUnion
        isXMLUnwrapped = traits.isXMLUnwrapped
        isSensitive = traits.isSensitive
        error = traits.error
        matcher = traits.pattern.map(LazyPattern.init)
    }

    func setMembers(_ members: [Member], payload: String?) {
        self.members = members
        requiredMembers = members.filter(\.isRequired)
        self.payload = payload.flatMap { name in members.first { $0.name == name } }
        hasLocations = members.contains { $0.location != nil }
        byName = NameTable(members.map(\.name))
        byWireName = NameTable(members.map(\.wireName))
    }

    /// The member of exactly that name.
    public func member(_ name: String) -> Member? { byName.position(of: name, caseless: false).map { members[$0] } }

    /// The member whose name differs at most in ASCII case; an exact match wins.
    public func member(caseless name: String) -> Member? {
        byName.position(of: name, caseless: true).map { members[$0] }
    }

    /// The member of that name in a JSON body.
    public func member(wireName: String) -> Member? {
        byWireName.position(of: wireName, caseless: false).map { members[$0] }
    }

    public func allows(_ value: String) -> Bool {
        enumeration.isEmpty || enumerated?.contains(value) ?? enumeration.contains(value)
    }

    /// True when `value` as a whole matches the pattern, when there is none, or when it cannot be checked.
    public func matchesPattern(_ value: String) -> Bool { matcher?.compiled?.matches(value) ?? true }

    /// The payload that is raw bytes of any length.
    var streamingPayload: Member? {
        guard let payload, payload.isStreaming || payload.shape.isStreaming || payload.shape.isEventStream else {
            return nil
        }
        return payload
    }
}

/// A use of a shape: member of a structure, element of a list, key or value of a map.
public final class Member: Sendable {
    /// Where a value travels when it is not in the body.
    public enum Location: String, Sendable {
        case uri, querystring, header
        /// A map in headers that share a prefix.
        case headers
        case statusCode
    }

    public let name: String
    public let shape: Shape
    public let location: Location?
    /// Name in JSON and XML bodies, headers, query strings.
    public let wireName: String
    /// Name in the query protocol: form fields and XML answers.
    public let queryName: String
    /// The model gives the use a wire name of its own (elements of lists have none by default).
    public let hasWireName: Bool
    public let hasQueryName: Bool
    public let isRequired: Bool
    public let isFlattened: Bool
    public let isXMLAttribute: Bool
    public let xmlNamespace: XMLNamespace?
    public let timestampFormat: TimestampFormat?
    public let isStreaming: Bool
    /// The client fills it with a random UUID when the caller does not.
    public let isIdempotencyToken: Bool

    init(name: String, shape: Shape, use: Use, isRequired: Bool) {
        self.name = name
        self.shape = shape
        self.isRequired = isRequired
        location = use.location
        wireName = use.wireName ?? name
        queryName = use.queryName ?? use.wireName ?? name
        hasWireName = use.wireName != nil
        hasQueryName = use.queryName != nil || use.wireName != nil
        isFlattened = use.isFlattened || shape.isFlattened
        isXMLAttribute = use.isXMLAttribute
        xmlNamespace = use.xmlNamespace ?? shape.xmlNamespace
        timestampFormat = use.timestampFormat ?? shape.timestampFormat
        isStreaming = use.isStreaming
        isIdempotencyToken = use.isIdempotencyToken
    }
}

public struct XMLNamespace: Sendable, Equatable {
    /// nil: the default namespace.
    public let prefix: String?
    public let uri: String
}

public enum TimestampFormat: String, Sendable {
    case epochSeconds = "unixTimestamp"
    case iso8601
    case httpDate = "rfc822"
}

/// What the model says of an error's form.
public struct ErrorFacts: Sendable {
    /// Code in the query and XML protocols where it differs from the shape's name.
    public let code: String?
    public let status: Int?
    /// nil: told by the status.
    public let isSenderFault: Bool?
}
