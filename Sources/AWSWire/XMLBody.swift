import AWSModel
import JSON

/// XML bodies to trees of members and back, as the model says: REST-XML both ways and the answers of the query
/// protocol, which differ only in the names they use.
struct XMLBody {
    /// Use the query protocol's names.
    let isQuery: Bool
    let showsMilliseconds: Bool

    private func name(_ member: Member) -> String { isQuery ? member.queryName : member.wireName }

    /// The name of the elements of a list, or of a map's keys and values.
    private func ownName(_ member: Member) -> String? {
        (isQuery ? member.hasQueryName : member.hasWireName) ? name(member) : nil
    }

    /// A flattened list stands under the name of its elements when they have one.
    private func elementName(_ member: Member) -> String {
        guard member.isFlattened, member.shape.kind == .list, let own = member.shape.element.flatMap(ownName) else {
            return name(member)
        }
        return own
    }
}

// MARK: - Reading

extension XMLBody {
    /// nil when a value is not of its type.
    func read(_ element: XMLElement, _ shape: Shape) -> JSON? { structure(element, shape) }

    private func structure(_ element: XMLElement, _ shape: Shape) -> JSON? {
        var result = JSON.Object()
        for member in shape.members where member.location == nil {
            if member.isXMLAttribute {
                if let value = element.attributes.first(where: { $0.name == member.wireName })?.value {
                    result[member.name] = .string(value)
                }
                continue
            }
            let name = elementName(member)
            if member.isFlattened, member.shape.kind == .list || member.shape.kind == .map {
                let children = element.children.filter { $0.name == name }
                if children.isEmpty { continue }
                guard let value = flattened(children, member.shape) else { return nil }
                result[member.name] = value
            } else if let child = element.child(name) {
                guard let value = value(child, member.shape) else { return nil }
                result[member.name] = value
            }
        }
        return .object(result)
    }

    private func value(_ element: XMLElement, _ shape: Shape) -> JSON? {
        switch shape.kind {
        case .structure: return structure(element, shape)
        case .list:
            let name = shape.element.flatMap(ownName) ?? "member"
            return flattened(element.children.filter { $0.name == name }, shape)
        case .map: return flattened(element.children.filter { $0.name == "entry" }, shape)
        default:
            guard element.children.isEmpty else { return nil }
            return Scalar.read(element.text, shape)
        }
    }

    /// Elements of a list or entries of a map that stand side by side.
    private func flattened(_ elements: [XMLElement], _ shape: Shape) -> JSON? {
        if shape.kind == .list, let use = shape.element {
            var values: [JSON] = []
            for element in elements {
                guard let value = value(element, use.shape) else { return nil }
                values.append(value)
            }
            return .array(values)
        }
        guard let key = shape.key, let use = shape.value else { return nil }
        var result = JSON.Object()
        for element in elements {
            guard let name = element.child(ownName(key) ?? "key")?.text else { return nil }
            guard let child = element.child(ownName(use) ?? "value") else { continue }
            guard let value = value(child, use.shape) else { return nil }
            result[name] = value
        }
        return .object(result)
    }
}

// MARK: - Writing

extension XMLBody {
    /// Writes the members of a structure that belong into a body. Members are found without regard to ASCII case.
    func write(members tree: JSON, _ shape: Shape, into writer: inout XMLWriter) {
        for (key, value) in tree.object ?? [:] {
            guard !value.isNull, let member = shape.member(caseless: key), member.location == nil,
                !member.isXMLAttribute
            else { continue }
            write(value, member, into: &writer)
        }
    }

    /// One element with its namespace, its attributes and all that is in it.
    func write(_ value: JSON, _ member: Member, into writer: inout XMLWriter) {
        let name = elementName(member)
        guard member.isFlattened else {
            return write(value, member.shape, name, member, into: &writer)
        }
        switch value {
        case .array(let elements):
            guard let use = member.shape.element else { return }
            for element in elements { write(element, use.shape, name, use, into: &writer) }
        case .object(let object) where member.shape.kind == .map:
            for (key, value) in object { entry(key, value, member.shape, name, into: &writer) }
        default: write(value, member.shape, name, member, into: &writer)
        }
    }

    private func write(_ value: JSON, _ shape: Shape, _ name: String, _ use: Member, into writer: inout XMLWriter) {
        writer.open(name, attributes: attributes(value, shape, use))
        switch value {
        case .object where shape.kind == .structure: write(members: value, shape, into: &writer)
        case .object(let object) where shape.kind == .map:
            for (key, value) in object { entry(key, value, shape, "entry", into: &writer) }
        case .array(let elements):
            if let element = shape.element {
                for value in elements {
                    write(value, element.shape, ownName(element) ?? "member", element, into: &writer)
                }
            }
        default:
            writer.text(
                Scalar.text(value, shape, use.timestampFormat ?? .iso8601, showsMilliseconds: showsMilliseconds))
        }
        writer.close(name)
    }

    private func entry(_ key: String, _ value: JSON, _ shape: Shape, _ name: String, into writer: inout XMLWriter) {
        guard let keyUse = shape.key, let valueUse = shape.value else { return }
        writer.open(name)
        writer.element(ownName(keyUse) ?? "key", key)
        write(value, valueUse.shape, ownName(valueUse) ?? "value", valueUse, into: &writer)
        writer.close(name)
    }

    func attributes(_ value: JSON, _ shape: Shape, _ use: Member) -> [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        if !isQuery, let namespace = use.xmlNamespace {
            result.append((namespace.prefix.map { "xmlns:\($0)" } ?? "xmlns", namespace.uri))
        }
        guard shape.kind == .structure, let object = value.object else { return result }
        for (key, value) in object {
            guard let member = shape.member(caseless: key), member.isXMLAttribute, let text = value.string else {
                continue
            }
            result.append((member.wireName, text))
        }
        return result
    }
}
