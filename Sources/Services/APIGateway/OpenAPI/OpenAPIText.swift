import AWSWire
import JSON
import Yams

/// The text of an OpenAPI definition, JSON or YAML, as a tree. Aliases of YAML may not make it grow without bounds.
struct OpenAPIText {
    private static let maxNodes = 200_000
    private static let maxDepth = 200
    private var nodes = 0

    static func tree(_ bytes: [UInt8]) throws(AWSError) -> JSON {
        let invalid = APIGatewayError.badRequest(
            "Invalid OpenAPI input. Validation Result: warnings : [], errors : [Unable to parse API definition because of a "
                + "malformed integration, or of a text that is neither JSON nor YAML]")
        if let tree = try? JSON.parse(bytes), tree.object != nil { return tree }
        var reader = OpenAPIText()
        do {
            let parser = try Yams.Parser(yaml: String(decoding: bytes, as: UTF8.self))
            let tree = try withExtendedLifetime(parser) { try parser.singleRoot().map { try reader.read($0, 0) } }
            guard let tree, tree.object != nil else { throw invalid }
            return tree
        } catch {
            throw invalid
        }
    }

    private struct TooLarge: Error {}

    private mutating func read(_ node: Node, _ depth: Int) throws -> JSON {
        nodes += 1
        guard nodes < Self.maxNodes, depth < Self.maxDepth else { throw TooLarge() }
        if let mapping = node.mapping {
            var object = JSON.Object()
            for (key, value) in mapping { object[key.scalar?.string ?? ""] = try read(value, depth + 1) }
            return .object(object)
        }
        if let sequence = node.sequence { return .array(try sequence.map { try read($0, depth + 1) }) }
        guard let scalar = node.scalar else { return .null }
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        if let flag = node.bool { return .bool(flag) }
        if node.null != nil { return .null }
        let text = scalar.string
        if Int(text) != nil || node.float != nil, let number = try? JSON.parse(text), number.double != nil {
            return number
        }
        return .string(text)
    }
}
