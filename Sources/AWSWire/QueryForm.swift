import AWSModel
import JSON

/// The fields of a query-protocol form as a tree: `Tags.member.1.Key=a` is three levels above its value. The fields
/// are sorted once; a node is a range of them that begin with the same parts.
struct FormNode {
    private struct Field {
        let name: [UInt8]
        let value: String
    }

    private let fields: [Field]
    private let range: Range<Int>
    /// Length of the parts that lead to this node, with their dots.
    private let depth: Int

    /// nil when a name is nested too deeply.
    init?(_ fields: [(name: String, value: String)]) {
        var sorted: [Field] = []
        sorted.reserveCapacity(fields.count)
        for (name, value) in fields {
            let name = Array(name.utf8)
            guard name.count(where: { $0 == Self.dot }) < WireLimits.depth else { return nil }
            sorted.append(Field(name: name, value: value))
        }
        // Dots come before all else, so that what begins with the same parts stands together. The sort is stable: of
        // two fields of one name the later is the last.
        sorted.sort { left, right in
            left.name.lexicographicallyPrecedes(right.name) { Self.rank($0) < Self.rank($1) }
        }
        self.init(fields: sorted, range: sorted.indices, depth: 0)
    }

    private init(fields: [Field], range: Range<Int>, depth: Int) {
        self.fields = fields
        self.range = range
        self.depth = depth
    }

    private static let dot = UInt8(ascii: ".")

    private static func rank(_ byte: UInt8) -> Int { byte == dot ? -1 : Int(byte) }

    /// The value of the field that ends here.
    var text: String? {
        // The node was entered through a dot that this field does not have.
        let own = range.prefix { fields[$0].name.count == depth - 1 }
        return own.last.map { fields[$0].value }
    }

    subscript(name: String) -> FormNode? {
        var name = name
        return name.withUTF8 { part in
            var low = range.lowerBound
            var high = range.upperBound
            while low < high {
                let middle = (low + high) / 2
                if isBefore(fields[middle].name, part) { low = middle + 1 } else { high = middle }
            }
            let own = (low..<range.upperBound).prefix { isInside(fields[$0].name, part) }
            return own.isEmpty ? nil : FormNode(fields: fields, range: own, depth: depth + part.count + 1)
        }
    }

    /// The name behind `depth` begins with the part and ends there, or goes on with a dot.
    private func isInside(_ name: [UInt8], _ part: UnsafeBufferPointer<UInt8>) -> Bool {
        let end = depth + part.count
        guard name.count == end || (name.count > end && name[end] == Self.dot) else { return false }
        return name[depth..<end].elementsEqual(part)
    }

    private func isBefore(_ name: [UInt8], _ part: UnsafeBufferPointer<UInt8>) -> Bool {
        for (offset, byte) in part.enumerated() {
            guard depth + offset < name.count else { return true }
            let (left, right) = (Self.rank(name[depth + offset]), Self.rank(byte))
            if left != right { return left < right }
        }
        return false
    }

    /// Children under positive numbers, in the order of the numbers.
    var numbered: [FormNode] {
        var found: [(number: Int, first: Int, last: Int, length: Int)] = []
        for index in range {
            guard let (number, length) = number(fields[index].name) else { continue }
            if let last = found.indices.last, found[last].number == number, found[last].length == length {
                found[last].last = index
            } else {
                found.append((number, index, index, length))
            }
        }
        found.sort { $0.number < $1.number }
        return found.map { FormNode(fields: fields, range: $0.first..<($0.last + 1), depth: depth + $0.length + 1) }
    }

    private func number(_ name: [UInt8]) -> (number: Int, length: Int)? {
        var value = 0
        var length = 0
        while depth + length < name.count, name[depth + length] != Self.dot {
            let byte = name[depth + length]
            guard byte >= 0x30, byte <= 0x39, length < 9 else { return nil }
            value = value * 10 + Int(byte - 0x30)
            length += 1
        }
        return value > 0 ? (value, length) : nil
    }
}

/// Form fields to trees of members and back.
enum QueryForm {
    static func read(_ node: FormNode, _ shape: Shape) throws(AWSError) -> JSON {
        var result = JSON.Object()
        for member in shape.members {
            guard let value = try read(node, member) else { continue }
            result[member.name] = value
        }
        return .object(result)
    }

    private static func read(_ node: FormNode, _ member: Member) throws(AWSError) -> JSON? {
        guard member.isFlattened else {
            return try node[member.queryName].map { (child) throws(AWSError) in
                try read(value: child, member.shape)
            }
        }
        // A flattened list is named after its elements where they have a name; some clients use the list's own.
        let own = member.shape.element.flatMap { $0.hasQueryName ? $0.queryName : nil }
        guard let child = own.flatMap({ node[$0] }) ?? node[member.queryName] else { return nil }
        return try read(children: child.numbered, member.shape)
    }

    private static func read(value node: FormNode, _ shape: Shape) throws(AWSError) -> JSON {
        switch shape.kind {
        case .structure: return try read(node, shape)
        case .list:
            let name = shape.element.flatMap { $0.hasQueryName ? $0.queryName : nil } ?? "member"
            return try read(children: (node[name] ?? node).numbered, shape)
        case .map: return try read(children: (node["entry"] ?? node).numbered, shape)
        default:
            guard let text = node.text else {
                throw .malformedInput("Start of structure or map found where not expected.")
            }
            guard let value = Scalar.read(text, shape) else {
                throw .malformedInput(
                    "'\(text.prefix(256))' can not be converted to an \(TypeMismatch.javaName(shape.kind))")
            }
            return value
        }
    }

    /// Elements of a list, or entries of a map.
    private static func read(children: [FormNode], _ shape: Shape) throws(AWSError) -> JSON {
        if shape.kind == .map, let key = shape.key, let use = shape.value {
            var result = JSON.Object()
            for child in children {
                guard let name = child[key.hasQueryName ? key.queryName : "key"]?.text else { continue }
                guard let value = child[use.hasQueryName ? use.queryName : "value"] else { continue }
                result[name] = try read(value: value, use.shape)
            }
            return .object(result)
        }
        guard let element = shape.element else { return .array([]) }
        var values: [JSON] = []
        for child in children { values.append(try read(value: child, element.shape)) }
        return .array(values)
    }
}

extension QueryForm {
    /// Fields of the members of a structure, each name behind `prefix`.
    static func write(_ tree: JSON, _ shape: Shape, prefix: String = "", into form: inout Form) {
        for (key, value) in tree.object ?? [:] {
            guard !value.isNull, let member = shape.member(caseless: key) else { continue }
            var name = prefix + member.queryName
            if member.isFlattened, let element = member.shape.element, element.hasQueryName {
                name = prefix + element.queryName
            }
            write(value, member.shape, name, isFlattened: member.isFlattened, into: &form)
        }
    }

    private static func write(
        _ value: JSON, _ shape: Shape, _ name: String, isFlattened: Bool, into form: inout Form
    ) {
        switch value {
        case .array(let elements):
            guard let element = shape.element else { return }
            if elements.isEmpty { return form.add(name, "") }
            let prefix = isFlattened ? name : "\(name).\(element.hasQueryName ? element.queryName : "member")"
            for (index, value) in elements.enumerated() {
                write(value, element.shape, "\(prefix).\(index + 1)", isFlattened: false, into: &form)
            }
        case .object(let object) where shape.kind == .map:
            guard let key = shape.key, let use = shape.value else { return }
            let prefix = isFlattened ? name : "\(name).entry"
            for (index, member) in object.members.enumerated() {
                let entry = "\(prefix).\(index + 1)."
                form.add(entry + (key.hasQueryName ? key.queryName : "key"), member.key)
                let valueName = entry + (use.hasQueryName ? use.queryName : "value")
                write(member.value, use.shape, valueName, isFlattened: false, into: &form)
            }
        case .object: write(value, shape, prefix: name + ".", into: &form)
        default: form.add(name, Scalar.text(value, shape, shape.timestampFormat ?? .iso8601))
        }
    }
}

/// An `application/x-www-form-urlencoded` body.
struct Form {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ name: String, _ value: String) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
        PercentEncoding.encode(name, into: &bytes)
        bytes.append(UInt8(ascii: "="))
        PercentEncoding.encode(value, into: &bytes)
    }
}
