import AWSModel

/// Finds the REST operation of a request by method, path and query. Built once for a service.
struct RESTRouter: Sendable {
    struct Match {
        let operation: OperationModel
        /// Values of the labels in the URI, still percent-encoded.
        let labels: [(name: String, value: Substring)]
    }

    private struct Route: Sendable {
        let operation: OperationModel
        let template: URITemplate
        /// Query fields and headers without which the operation is not meant (`uploadId`, `x-amz-copy-source`).
        let neededQuery: [String]
        let neededHeaders: [String]
    }

    /// One segment of paths. References keep the tree small to copy.
    private final class Node: @unchecked Sendable {
        var literals: [Substring: Node] = [:]
        var label: Node?
        var routes: [Route] = []
        var greedy: [Route] = []
    }

    /// Filled in `init`, never changed after it.
    private var roots: [String: Node] = [:]

    init(_ service: ServiceModel) {
        for name in service.operations.keys.sorted() {
            guard let operation = service.operations[name] else { continue }
            let root = roots[operation.http.method] ?? Node()
            roots[operation.http.method] = root
            Self.insert(operation, root)
        }
    }

    private static func insert(_ operation: OperationModel, _ root: Node) {
        let template = URITemplate(operation.http.uri)
        let needed = operation.input?.members.filter(\.isRequired) ?? []
        let route = Route(
            operation: operation, template: template,
            neededQuery: needed.filter { $0.location == .querystring }.map(\.wireName),
            neededHeaders: needed.filter { $0.location == .header }.map(\.wireName))
        var node = root
        for segment in template.segments {
            switch segment {
            case .literal(let text):
                let next = node.literals[Substring(text)] ?? Node()
                node.literals[Substring(text)] = next
                node = next
            case .label:
                let next = node.label ?? Node()
                node.label = next
                node = next
            case .greedy:
                node.greedy.append(route)
                return
            }
        }
        node.routes.append(route)
    }

    /// The operation that fits best: literal segments before labels, then the most query fields and headers.
    func match(
        method: String, path: String, query: [(name: String, value: String)], headers: HTTPHeaders
    ) -> Match? {
        guard let root = roots[method] else { return nil }
        let segments = URITemplate.split(path)
        guard let route = find(root, segments[...], query, headers) else { return nil }
        return Match(operation: route.operation, labels: route.template.labels(segments, path))
    }

    private func find(
        _ node: Node, _ segments: ArraySlice<Substring>, _ query: [(name: String, value: String)],
        _ headers: HTTPHeaders
    ) -> Route? {
        guard let segment = segments.first else { return best(node.routes, query, headers) }
        let rest = segments.dropFirst()
        // A slash at the end means nothing.
        if rest.isEmpty, segment.isEmpty, let route = best(node.routes, query, headers) { return route }
        if let next = node.literals[segment], let route = find(next, rest, query, headers) { return route }
        if !segment.isEmpty, let next = node.label, let route = find(next, rest, query, headers) { return route }
        if !segment.isEmpty || !rest.isEmpty { return best(node.greedy, query, headers) }
        return nil
    }

    private func best(
        _ routes: [Route], _ query: [(name: String, value: String)], _ headers: HTTPHeaders
    ) -> Route? {
        var best: (route: Route, score: Int)?
        for route in routes {
            guard let score = score(route, query, headers), score > best?.score ?? Int.min else { continue }
            best = (route, score)
        }
        return best?.route
    }

    /// nil when a fixed query field is absent. Fields and headers that are there count for the route, those that are
    /// not count heavily against it: with only one candidate the validator says what is missing.
    private func score(
        _ route: Route, _ query: [(name: String, value: String)], _ headers: HTTPHeaders
    ) -> Int? {
        var score = 0
        for (name, value) in route.template.query {
            guard let found = query.first(where: { $0.name == name }), value.isEmpty || found.value == value else {
                return nil
            }
            score += 100
        }
        for name in route.neededQuery { score += query.contains { $0.name == name } ? 10 : -1000 }
        for name in route.neededHeaders { score += headers[name] != nil ? 10 : -1000 }
        // Newer SDKs say which operation they mean.
        if query.contains(where: { $0.name == "x-id" && $0.value == route.operation.name }) { score += 5000 }
        return score
    }
}

/// A URI of the model, for example `/{Bucket}/{Key+}?uploads`.
struct URITemplate: Sendable {
    enum Segment: Sendable {
        case literal(String)
        case label(String)
        /// Takes the rest of the path, slashes and all.
        case greedy(String)
    }

    let segments: [Segment]
    /// Query fields that must be there; an empty value stands for any.
    let query: [(name: String, value: String)]

    init(_ uri: String) {
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        segments = Self.split(String(parts.first ?? "")).compactMap { part in
            if part.isEmpty { return nil }
            guard part.hasPrefix("{"), part.hasSuffix("}") else { return .literal(String(part)) }
            let name = part.dropFirst().dropLast()
            return name.hasSuffix("+") ? .greedy(String(name.dropLast())) : .label(String(name))
        }
        query = parts.count < 2 ? [] : PercentEncoding.fields(Array(parts[1].utf8)) ?? []
    }

    /// The path without its first slash, between the others.
    static func split(_ path: String) -> [Substring] {
        let path = path.hasPrefix("/") ? path.dropFirst() : path[...]
        return path.isEmpty ? [] : path.split(separator: "/", omittingEmptySubsequences: false)
    }

    /// - Parameters:
    ///   - parts: the segments of a path that fits.
    ///   - path: the same path whole; `parts` are slices of it.
    func labels(_ parts: [Substring], _ path: String) -> [(name: String, value: Substring)] {
        var result: [(name: String, value: Substring)] = []
        for (segment, part) in zip(segments, parts) {
            switch segment {
            case .literal: continue
            case .label(let name): result.append((name, part))
            case .greedy(let name): result.append((name, path[part.startIndex...]))
            }
        }
        return result
    }
}
