import JSON

/// What one deployment serves: the tree of paths, and everything that methods refer to by id or name.
struct DeployedApi: Sendable {
    let id: String
    /// The tree of GetRestApi.
    let api: JSON
    private let root: Node
    let models: [String: JSON]
    private let validators: [String: JSON]
    private let authorizers: [String: JSON]
    private let responses: [String: JSON]
    let binaryTypes: [String]

    private struct Node: Sendable {
        var texts: [String: Node] = [:]
        /// At most one: `{name}`.
        var variable: [Node] = []
        /// `{name+}`.
        var greedy: JSON?
        /// What is here, when it has methods.
        var resource: JSON?

        mutating func insert(_ resource: JSON, at path: ArraySlice<String>) {
            guard let part = path.first else {
                self.resource = resource
                return
            }
            if part.hasSuffix("+}") {
                greedy = resource
            } else if part.hasPrefix("{") {
                if variable.isEmpty { variable = [Node()] }
                variable[0].insert(resource, at: path.dropFirst())
            } else {
                texts[part, default: Node()].insert(resource, at: path.dropFirst())
            }
        }

        /// Texts before variables before the rest of a path.
        func find(_ path: ArraySlice<String>) -> JSON? {
            guard let part = path.first else { return resource }
            return texts[part]?.find(path.dropFirst()) ?? variable.first?.find(path.dropFirst()) ?? greedy
        }
    }

    init(_ snapshot: JSON, id: String) {
        self.id = id
        api = snapshot["api"] ?? [:]
        binaryTypes = (api["binaryMediaTypes"]?.array ?? []).compactMap(\.string)
        var root = Node()
        for resource in snapshot["resource"]?.array ?? [] where resource["resourceMethods"]?.object?.isEmpty == false {
            root.insert(resource, at: Self.segments(resource["path"]?.string ?? "/")[...])
        }
        self.root = root
        func index(_ kind: PartKind) -> [String: JSON] {
            let parts = (snapshot[kind.name]?.array ?? []).map { ($0[kind.member]?.string ?? "", $0) }
            return Dictionary(parts) { first, _ in first }
        }
        models = index(.model).mapValues { $0["schema"]?.string.flatMap { try? JSON.parse($0) } ?? [:] }
        (validators, authorizers) = (index(.requestValidator), index(.authorizer))
        responses = index(.gatewayResponse)
    }

    /// A slash at the end does not count.
    static func segments(_ path: some StringProtocol) -> [String] {
        var parts = Substring(path).split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0)
        }
        if parts.last == "" { parts.removeLast() }
        return parts
    }

    /// Assumed: the path alone chooses the resource, then the method must be one of its, or ANY.
    func find(
        _ path: [String], _ method: String
    ) -> (resource: JSON, method: JSON, parameters: [(name: String, value: String)])? {
        guard let resource = root.find(path[...]),
            let found = resource["resourceMethods"]?[method] ?? resource["resourceMethods"]?["ANY"]
        else { return nil }
        var parameters: [(name: String, value: String)] = []
        for (index, part) in Self.segments(resource["path"]?.string ?? "").enumerated() where part.hasPrefix("{") {
            let name = part.dropFirst().dropLast()
            if name.hasSuffix("+") {
                parameters.append((String(name.dropLast()), path[index...].joined(separator: "/")))
            } else if path.indices.contains(index) {
                parameters.append((String(name), path[index]))
            }
        }
        return (resource, found, parameters)
    }

    func validator(_ id: JSON?) -> JSON? { id?.string.flatMap { validators[$0] } }
    func authorizer(_ id: JSON?) -> JSON? { id?.string.flatMap { authorizers[$0] } }

    /// How the gateway was told to answer in a case: for the case itself, else for all of its kind.
    func response(_ type: GatewayResponseType, status: Int) -> JSON? {
        responses[type.rawValue]
            ?? responses[(status < 500 ? GatewayResponseType.default4xx : .default5xx).rawValue]
    }

    /// Whether contents of this type travel as bytes.
    func isBinary(_ contentType: String?) -> Bool {
        guard !binaryTypes.isEmpty else { return false }
        let type = (contentType ?? "").prefix { $0 != ";" && $0 != "," }.lowercased().filter { $0 != " " }
        return binaryTypes.contains { wanted in
            let wanted = wanted.replacing("~1", with: "/").lowercased()
            if wanted == "*/*" || wanted == type { return true }
            return wanted.hasSuffix("/*") && type.hasPrefix(wanted.dropLast())
        }
    }
}
