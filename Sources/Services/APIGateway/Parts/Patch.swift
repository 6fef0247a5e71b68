import AWSModel
import AWSWire
import JSON

/// Patch operations on a member tree. What a path means and how a text becomes a value is told by the model: the shape
/// of the operation's output. Source: API reference, PatchOperation.
enum Patch {
    /// Members that no patch operation changes.
    private static let fixed: Set<String> = [
        "id", "createdDate", "lastUpdatedDate", "rootResourceId", "path", "resourceMethods", "methodResponses",
        "methodIntegration", "integrationResponses", "stageName", "responseType",
    ]

    static func apply(
        _ operations: JSON?, to tree: JSON, _ operation: String, path meaning: ([String]) -> [String] = { $0 }
    ) throws(AWSError) -> JSON {
        guard let shape = ServiceModel.named("apigateway")?.operations[operation]?.output else { return tree }
        var tree = tree
        for patch in operations?.array ?? [] {
            let (op, path) = (patch["op"]?.string ?? "", patch["path"]?.string ?? "")
            guard path.hasPrefix("/"), path.count > 1 else { throw APIGatewayError.patchPath(path, op) }
            let raw = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            let segments = meaning(raw).map(plain)
            guard let first = segments.first, !fixed.contains(first), ["add", "remove", "replace", "copy"].contains(op)
            else { throw APIGatewayError.patchPath(path, op) }
            var value = patch["value"]
            if op == "copy", let from = patch["from"]?.string {
                let places = meaning(from.dropFirst().split(separator: "/").map(String.init)).map(plain)
                value = places.reduce(tree) { $0?[$1] }
            }
            let change = Change(op: op, path: path, value: value)
            tree = try change.applied(to: tree, shape, segments[...]) ?? tree
        }
        return tree
    }

    private static func plain(_ segment: String) -> String {
        segment.replacing("~1", with: "/").replacing("~0", with: "~")
    }

    private struct Change {
        let op: String
        let path: String
        let value: JSON?

        private var wrong: AWSError { APIGatewayError.patchPath(path, op) }

        /// nil: nothing is left.
        func applied(to tree: JSON?, _ shape: Shape, _ rest: ArraySlice<String>) throws(AWSError) -> JSON? {
            guard let name = rest.first else { return try settled(tree, shape) }
            switch shape.kind {
            case .structure:
                guard let member = shape.member(name) else { throw wrong }
                var result = tree ?? [:]
                result[name] = try applied(to: tree?[name], member.shape, rest.dropFirst())
                return result
            case .map:
                guard let inner = shape.value?.shape else { throw wrong }
                var result = tree ?? [:]
                if op == "remove", rest.count == 1, result[name] == nil { throw wrong }
                result[name] = try applied(to: tree?[name], inner, rest.dropFirst())
                return result
            case .list: return .array(try element(tree?.array ?? [], name, shape, rest.dropFirst()))
            default: throw wrong
            }
        }

        /// An element is named by its place, by itself, or, for the stages of a usage plan, as `api:stage`.
        private func element(
            _ elements: [JSON], _ name: String, _ shape: Shape, _ rest: ArraySlice<String>
        ) throws(AWSError) -> [JSON] {
            var elements = elements
            let found =
                Int(name).flatMap { elements.indices.contains($0) ? $0 : nil }
                ?? elements.firstIndex {
                    $0.string == name || "\($0["apiId"]?.string ?? ""):\($0["stage"]?.string ?? "")" == name
                }
            if let inner = shape.element?.shape, !rest.isEmpty, let found {
                elements[found] = try applied(to: elements[found], inner, rest) ?? elements[found]
                return elements
            }
            switch (op, found) {
            case ("remove", let found?): elements.remove(at: found)
            case ("replace", let found?): elements[found] = value ?? .string(name)
            case ("add", nil), ("replace", nil): elements.append(.string(name))
            case ("add", _?): break
            default: throw wrong
            }
            return elements
        }

        private func settled(_ tree: JSON?, _ shape: Shape) throws(AWSError) -> JSON? {
            let text = value?.string ?? ""
            switch (op, shape.kind) {
            case ("remove", .list) where value != nil:
                return .array((tree?.array ?? []).filter { $0 != entry(text, shape) })
            case ("remove", _): return nil
            case ("add", .list):
                return .array((tree?.array ?? []).filter { $0 != entry(text, shape) } + [entry(text, shape)])
            case (_, .list): return .array([entry(text, shape)])
            case (_, .boolean):
                guard let flag = Bool(text.lowercased()) else { throw wrong }
                return .bool(flag)
            case (_, .integer), (_, .long), (_, .double), (_, .float):
                // An empty text takes a setting away.
                if text.isEmpty { return nil }
                guard Double(text) != nil else { throw wrong }
                return .number(JSON.Number(unchecked: text))
            case (_, .map), (_, .structure):
                guard let tree = value?.object.map(JSON.object) ?? (try? JSON.parse(text)), tree.object != nil else {
                    throw wrong
                }
                return tree
            default: return value ?? .string("")
            }
        }

        /// Stages are written `api:stage` in usage plans and `api/stage` in keys, where trees have members.
        private func entry(_ text: String, _ shape: Shape) -> JSON {
            guard shape.element?.shape.kind == .structure else { return .string(text) }
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            return ["apiId": .string(parts.first ?? ""), "stage": .string(parts.count > 1 ? parts[1] : "")]
        }
    }
}
