/// A route key: `$default`, or a method (`ANY` for all) and a path with `{name}` and a last `{name+}`.
struct RoutePattern: Sendable, Equatable {
    enum Segment: Sendable, Equatable {
        case text(String)
        case variable(String)
        /// The rest of the path, at least one segment.
        case greedy(String)
    }

    let key: String
    /// nil is any.
    let method: String?
    let segments: [Segment]
    let isDefault: Bool

    private static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"]

    init?(_ key: String) {
        self.key = key
        isDefault = key == "$default"
        if isDefault {
            (method, segments) = (nil, [])
            return
        }
        let parts = key.split(separator: " ")
        guard parts.count == 2, Self.methods.contains(String(parts[0])), parts[1].first == "/" else { return nil }
        method = parts[0] == "ANY" ? nil : String(parts[0])
        var segments: [Segment] = []
        for part in Self.split(parts[1]) {
            if case .greedy? = segments.last { return nil }
            guard part.first == "{", part.last == "}" else {
                segments.append(.text(part))
                continue
            }
            let name = part.dropFirst().dropLast()
            segments.append(name.hasSuffix("+") ? .greedy(String(name.dropLast())) : .variable(String(name)))
        }
        self.segments = segments
    }

    /// The segments of a path; a slash at its end does not count.
    static func split(_ path: some StringProtocol) -> [String] {
        var parts = Substring(path).split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0)
        }
        if parts.last == "" { parts.removeLast() }
        return parts
    }

    /// The path parameters; nil when the request is not for this route.
    func match(method: String, _ path: [String]) -> [(name: String, value: String)]? {
        if isDefault { return [] }
        guard self.method == nil || self.method == method else { return nil }
        var parameters: [(name: String, value: String)] = []
        for (index, segment) in segments.enumerated() {
            guard index < path.count else { return nil }
            switch segment {
            case .text(let text): guard text == path[index] else { return nil }
            case .variable(let name): parameters.append((name, path[index]))
            case .greedy(let name):
                parameters.append((name, path[index...].joined(separator: "/")))
                return parameters
            }
        }
        return segments.count == path.count ? parameters : nil
    }

    /// The most specific route wins: texts before variables before the rest of a path, then the method, last `$default`.
    /// Source: developer guide, routing API requests.
    static func isMoreSpecific(_ left: RoutePattern, _ right: RoutePattern) -> Bool {
        if left.isDefault != right.isDefault { return right.isDefault }
        for (first, second) in zip(left.segments, right.segments) where first.rank != second.rank {
            return first.rank < second.rank
        }
        if left.segments.count != right.segments.count { return left.segments.count > right.segments.count }
        return left.method != nil && right.method == nil
    }
}

extension RoutePattern.Segment {
    fileprivate var rank: Int {
        switch self {
        case .text: 0
        case .variable: 1
        case .greedy: 2
        }
    }
}
