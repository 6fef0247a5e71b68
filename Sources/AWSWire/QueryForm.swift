import AWSModel
import JSON

/// The fields of a query-protocol form as a tree: `Tags.member.1.Key=a` is three levels above its value.
final class FormNode {
    private(set) var text: String?
    private var children: [String: FormNode] = [:]

    /// nil when a name is nested too deeply.
    convenience init?(_ fields: [(name: String, value: String)]) {
        self.init()
        for (name, value) in fields {
            var node = self
            var depth = 0
            for part in name.split(separator: ".", omittingEmptySubsequences: false) {
                depth += 1
                guard depth <= WireLimits.depth else { return nil }
                node = node.open(String(part))
            }
            node.text = value
        }
    }

    private init() {}

    private func open(_ name: String) -> FormNode {
        if let child = children[name] { return child }
        let child = FormNode()
        children[name] = child
        return child
    }

    subscript(name: String) -> FormNode? { children[name] }

    /// Children under positive numbers, in the order of the numbers.
    var numbered: [FormNode] {
        var found: [(Int, FormNode)] = []
        for (name, child) in children {
            if let number = Int(name), number > 0 { found.append((number, child)) }
        }
        return found.sorted { $0.0 < $1.0 }.map(\.1)
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
