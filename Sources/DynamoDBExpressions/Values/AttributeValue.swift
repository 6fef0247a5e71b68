package import AWSWire
package import JSON

/// The types of an attribute, by their names on the wire.
package enum AttributeType: String, Sendable, CaseIterable {
    case string = "S"
    case number = "N"
    case binary = "B"
    case stringSet = "SS"
    case numberSet = "NS"
    case binarySet = "BS"
    case map = "M"
    case list = "L"
    case null = "NULL"
    case bool = "BOOL"

    package var isSet: Bool { self == .stringSet || self == .numberSet || self == .binarySet }
    /// Whether values have an order: `<`, `BETWEEN` and keys.
    package var isOrdered: Bool { self == .string || self == .number || self == .binary }
}

/// One value of an item. Text is equal when its bytes are, sets when they have the same elements.
package enum AttributeValue: Sendable {
    case string(String)
    case number(Number)
    case binary([UInt8])
    case stringSet([String])
    case numberSet([Number])
    case binarySet([[UInt8]])
    case map(Item)
    case list([AttributeValue])
    case null
    case bool(Bool)

    package var type: AttributeType {
        switch self {
        case .string: .string
        case .number: .number
        case .binary: .binary
        case .stringSet: .stringSet
        case .numberSet: .numberSet
        case .binarySet: .binarySet
        case .map: .map
        case .list: .list
        case .null: .null
        case .bool: .bool
        }
    }
}

extension AttributeValue: Equatable {
    package static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.number(let left), .number(let right)): left == right
        case (.binary(let left), .binary(let right)): left == right
        case (.stringSet(let left), .stringSet(let right)): Set(left.map(Bytes.init)) == Set(right.map(Bytes.init))
        case (.numberSet(let left), .numberSet(let right)): Set(left) == Set(right)
        case (.binarySet(let left), .binarySet(let right)): Set(left) == Set(right)
        case (.map(let left), .map(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        default: false
        }
    }
}

/// Text as its bytes, because Swift takes texts for equal that only look alike.
private struct Bytes: Hashable {
    let utf8: [UInt8]
    init(_ text: String) { utf8 = Array(text.utf8) }
}

extension AttributeValue {
    /// How two values of the same ordered type follow each other: negative, zero or positive. Text and bytes compare
    /// byte by byte. nil for different or unordered types.
    package func order(_ other: AttributeValue) -> Int? {
        switch (self, other) {
        case (.string(let left), .string(let right)): Self.order(left.utf8, right.utf8)
        case (.binary(let left), .binary(let right)): Self.order(left, right)
        case (.number(let left), .number(let right)): left == right ? 0 : left < right ? -1 : 1
        default: nil
        }
    }

    private static func order(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Int {
        if left.lexicographicallyPrecedes(right) { return -1 }
        return right.lexicographicallyPrecedes(left) ? 1 : 0
    }
}

// MARK: - Size

extension AttributeValue {
    /// What the value costs in an item. Source: "DynamoDB item sizes and formats", Developer Guide.
    package var byteCount: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .number(let number): number.byteCount
        case .binary(let bytes): bytes.count
        case .stringSet(let texts): texts.reduce(0) { $0 + $1.utf8.count }
        case .numberSet(let numbers): numbers.reduce(0) { $0 + $1.byteCount }
        case .binarySet(let blobs): blobs.reduce(0) { $0 + $1.count }
        case .map(let item): 3 + item.count + item.byteCount
        case .list(let elements): elements.reduce(3) { $0 + 1 + $1.byteCount }
        case .null, .bool: 1
        }
    }

    /// How many elements or bytes the function `size` counts; nil for types that it does not take.
    package var length: Int? {
        switch self {
        case .string(let text): text.utf16.count
        case .binary(let bytes): bytes.count
        case .stringSet(let texts): texts.count
        case .numberSet(let numbers): numbers.count
        case .binarySet(let blobs): blobs.count
        case .map(let item): item.count
        case .list(let elements): elements.count
        case .number, .null, .bool: nil
        }
    }
}

// MARK: - On the wire

extension AttributeValue {
    /// `{"S": "x"}` as a tree.
    package var tree: JSON {
        let content: JSON =
            switch self {
            case .string(let text): .string(text)
            case .number(let number): .string(number.text)
            case .binary(let bytes): .bytes(bytes)
            case .stringSet(let texts): .array(texts.map { .string($0) })
            case .numberSet(let numbers): .array(numbers.map { .string($0.text) })
            case .binarySet(let blobs): .array(blobs.map { .bytes($0) })
            case .map(let item): item.tree
            case .list(let elements): .array(elements.map(\.tree))
            case .null: .bool(true)
            case .bool(let value): .bool(value)
            }
        return .object([type.rawValue: content])
    }

    /// Reads and checks a value that a client sent.
    /// - Parameter depth: lists and maps around this value.
    package init(tree: JSON, depth: Int = 0) throws(AWSError) {
        guard let object = tree.object, let member = object.members.first else {
            throw .validation(
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
        }
        self = try Self.read(member.key, member.value, depth)
        if object.count > 1 {
            // The first value's own error comes first; the others are looked at only for theirs.
            for other in object.members.dropFirst() { _ = try Self.read(other.key, other.value, depth) }
            throw .validation(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
                    + "datatypes")
        }
    }

    private static func read(_ type: String, _ content: JSON, _ depth: Int) throws(AWSError) -> AttributeValue {
        switch AttributeType(rawValue: type) {
        case .string: return .string(try text(content))
        case .number: return .number(try Number(text(content)))
        case .binary: return .binary(try blob(content))
        case .stringSet: return .stringSet(try stringSet(content))
        case .numberSet: return .numberSet(try numberSet(content))
        case .binarySet: return .binarySet(try binarySet(content))
        case .map:
            try checkDepth(depth)
            return .map(try Item(tree: content, depth: depth + 1))
        case .list:
            try checkDepth(depth)
            guard let elements = content.array else { throw mismatch }
            var values: [AttributeValue] = []
            values.reserveCapacity(elements.count)
            for element in elements { values.append(try AttributeValue(tree: element, depth: depth + 1)) }
            return .list(values)
        case .null:
            guard content.bool == true else {
                throw .invalidParameter("Null attribute value types must have the value of true")
            }
            return .null
        case .bool:
            guard let value = content.bool else { throw mismatch }
            return .bool(value)
        case nil:
            throw .validation(
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
        }
    }

    /// Assumed: the outermost list or map is the first of the 32 levels.
    private static func checkDepth(_ depth: Int) throws(AWSError) {
        guard depth < ExpressionLimits.nesting else {
            throw .validation(
                "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
                    + "supported limit")
        }
    }

    /// The codec lets no other kinds pass; callers inside of Baton might.
    private static var mismatch: AWSError {
        AWSError("SerializationException", "An attribute value does not have the kind that its type asks for")
    }

    private static func text(_ content: JSON) throws(AWSError) -> String {
        guard let text = content.string else { throw mismatch }
        return text
    }

    private static func blob(_ content: JSON) throws(AWSError) -> [UInt8] {
        guard let bytes = content.bytes else { throw mismatch }
        return bytes
    }

    private static func elements(_ content: JSON, emptyMessage: String) throws(AWSError) -> [JSON] {
        guard let elements = content.array else { throw mismatch }
        if elements.isEmpty { throw .invalidParameter(emptyMessage) }
        return elements
    }

    private static func stringSet(_ content: JSON) throws(AWSError) -> [String] {
        var texts: [String] = []
        for element in try elements(content, emptyMessage: "An string set  may not be empty") {
            texts.append(try text(element))
        }
        if texts.contains("") {
            throw .invalidParameter("An string set may not have a empty string as a member")
        }
        if Set(texts.map(Bytes.init)).count < texts.count {
            throw .invalidParameter("Input collection [\(texts.joined(separator: ", "))] contains duplicates.")
        }
        return texts
    }

    private static func numberSet(_ content: JSON) throws(AWSError) -> [Number] {
        var numbers: [Number] = []
        for element in try elements(content, emptyMessage: "An number set  may not be empty") {
            numbers.append(try Number(text(element)))
        }
        if Set(numbers).count < numbers.count { throw .validation("Input collection contains duplicates") }
        return numbers
    }

    private static func binarySet(_ content: JSON) throws(AWSError) -> [[UInt8]] {
        var blobs: [[UInt8]] = []
        for element in try elements(content, emptyMessage: "Binary sets should not be empty") {
            blobs.append(try blob(element))
        }
        if blobs.contains([]) { throw .invalidParameter("Binary sets may not contain null or empty values") }
        if Set(blobs).count < blobs.count {
            let list = blobs.map { Base64.encode($0) }.joined(separator: ", ")
            throw .invalidParameter("Input collection [\(list)]of type BS contains duplicates.")
        }
        return blobs
    }
}
