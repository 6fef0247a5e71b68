import AWSModel
import JSON

/// Values of REST operations that travel outside of the body: labels of the path, query, headers.
enum RESTBinding {
    /// A header's name in front of a map's keys is matched without regard to case.
    static func read(
        headers: HTTPHeaders, _ shape: Shape, into tree: inout JSON.Object
    ) throws(AWSError) {
        for member in shape.members {
            switch member.location {
            case .header?:
                guard let text = headers[member.wireName] else { continue }
                tree[member.name] = try read(header: text, member)
            case .headers?:
                var map = JSON.Object()
                for (name, value) in headers.fields {
                    guard name.utf8.count > member.wireName.utf8.count,
                        name.lowercased().hasPrefix(member.wireName.lowercased())
                    else { continue }
                    map[String(name.dropFirst(member.wireName.count)).lowercased()] = .string(value)
                }
                if !map.isEmpty { tree[member.name] = .object(map) }
            default: continue
            }
        }
    }

    private static func read(header text: String, _ member: Member) throws(AWSError) -> JSON {
        guard member.shape.kind == .list, let element = member.shape.element else {
            return try scalar(text, member.shape, member.wireName)
        }
        var values: [JSON] = []
        for part in text.split(separator: ",") {
            let trimmed = part.drop { $0 == " " }
            values.append(try scalar(String(trimmed), element.shape, member.wireName))
        }
        return .array(values)
    }

    static func scalar(_ text: String, _ shape: Shape, _ name: String) throws(AWSError) -> JSON {
        guard let value = Scalar.read(text, shape) else {
            throw .serialization(
                "Value '\(text.prefix(256))' of \(name) cannot be converted to \(TypeMismatch.javaName(shape.kind))")
        }
        return value
    }

    static func read(
        query: [(name: String, value: String)], _ shape: Shape, into tree: inout JSON.Object
    ) throws(AWSError) {
        for member in shape.members where member.location == .querystring {
            if member.shape.kind == .map {
                var map = JSON.Object()
                for (name, value) in query where map[name] == nil { map[name] = .string(value) }
                tree[member.name] = .object(map)
                continue
            }
            let values = query.filter { $0.name == member.wireName }
            guard let first = values.first else { continue }
            if member.shape.kind == .list, let element = member.shape.element {
                var elements: [JSON] = []
                for (_, value) in values { elements.append(try scalar(value, element.shape, member.wireName)) }
                tree[member.name] = .array(elements)
            } else {
                // S3's clients send an empty value for "none" even where a number belongs.
                if first.value.isEmpty, member.shape.kind != .string { continue }
                tree[member.name] = try scalar(first.value, member.shape, member.wireName)
            }
        }
    }

    static func read(
        labels: [(name: String, value: Substring)], _ shape: Shape, into tree: inout JSON.Object
    ) throws(AWSError) {
        for member in shape.members where member.location == .uri {
            guard let label = labels.first(where: { $0.name == member.wireName }) else { continue }
            guard let text = PercentEncoding.decode(label.value) else {
                throw .serialization("The path is not valid UTF-8")
            }
            tree[member.name] = try scalar(text, member.shape, member.wireName)
        }
    }
}

extension RESTBinding {
    /// Header fields of the members that travel there.
    static func headers(_ tree: JSON, _ shape: Shape) -> HTTPHeaders {
        var headers = HTTPHeaders()
        for (key, value) in tree.object ?? [:] {
            guard !value.isNull, let member = shape.member(caseless: key) else { continue }
            switch (member.location, value) {
            case (.header?, .array(let elements)):
                let texts = elements.map { text($0, member.shape.element?.shape ?? member.shape, member, .httpDate) }
                headers.add(member.wireName, texts.joined(separator: ","))
            case (.header?, _): headers.add(member.wireName, text(value, member.shape, member, .httpDate))
            case (.headers?, .object(let map)):
                for (name, value) in map {
                    headers.add(member.wireName + name, value.string ?? value.text())
                }
            default: continue
            }
        }
        return headers
    }

    /// Path and query of a client's request.
    static func uri(_ tree: JSON, _ operation: OperationModel) -> (path: String, query: String) {
        let template = URITemplate(operation.http.uri)
        var path = ""
        for segment in template.segments {
            path += "/"
            switch segment {
            case .literal(let text): path += text
            case .label(let name): path += PercentEncoding.encode(label(name, tree, operation))
            case .greedy(let name): path += PercentEncoding.encode(label(name, tree, operation), keepsSlash: true)
            }
        }
        if path.isEmpty || operation.http.uri.split(separator: "?")[0].hasSuffix("/") { path += "/" }
        var query: [String] = []
        for (name, value) in template.query {
            query.append(value.isEmpty ? PercentEncoding.encode(name) : field(name, value))
        }
        for (key, value) in tree.object ?? [:] {
            guard !value.isNull, let member = operation.input?.member(caseless: key), member.location == .querystring
            else { continue }
            query += fields(value, member)
        }
        return (path, query.joined(separator: "&"))
    }

    private static func label(_ name: String, _ tree: JSON, _ operation: OperationModel) -> String {
        guard let member = operation.input?.members.first(where: { $0.location == .uri && $0.wireName == name }),
            let value = tree.object?.caseless(member.name)?.value
        else { return "" }
        return text(value, member.shape, member, .iso8601)
    }

    private static func fields(_ value: JSON, _ member: Member) -> [String] {
        switch value {
        case .array(let elements):
            let shape = member.shape.element?.shape ?? member.shape
            return elements.map { field(member.wireName, text($0, shape, member, .iso8601)) }
        case .object(let map):
            return map.flatMap { name, value in
                (value.array ?? [value]).map { field(name, $0.string ?? $0.text()) }
            }
        default: return [field(member.wireName, text(value, member.shape, member, .iso8601))]
        }
    }

    private static func field(_ name: String, _ value: String) -> String {
        "\(PercentEncoding.encode(name))=\(PercentEncoding.encode(value))"
    }

    private static func text(
        _ value: JSON, _ shape: Shape, _ member: Member, _ format: TimestampFormat
    ) -> String {
        Scalar.text(value, shape, member.timestampFormat ?? shape.timestampFormat ?? format)
    }
}
