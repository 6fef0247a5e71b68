import AWSWire
import JSON
import Yams

/// YAML 1.1 as CloudFormation reads it: short tags (`!Sub`) stand for functions, dates stay strings, numbers keep their
/// text, aliases are refused (which also keeps small texts from growing into large trees).
struct YAMLTree {
    /// Nested levels: as many as the JSON parser takes.
    private static let depth = JSON.defaultDepth
    /// Anchored nodes seen so far by their place: meeting one again means that an alias led here.
    private var anchored: Set<String> = []

    static func read(_ text: String) throws(AWSError) -> JSON {
        guard !AliasScan.finds(in: text) else { throw aliases }
        let root: JSON?
        do {
            // The parser owns the anchors that nodes refer to weakly, so it lives until the walk is over.
            let parser = try Yams.Parser(yaml: text)
            root = try withExtendedLifetime(parser) {
                var tree = YAMLTree()
                return try parser.singleRoot().map { try tree.convert($0, depth: depth) }
            }
        } catch let error as AWSError {
            throw error
        } catch let error as YamlError {
            let mark = position(of: error)
            throw CloudFormationError.notWellFormed("YAML", line: mark.line, column: mark.column)
        } catch {
            throw CloudFormationError.notWellFormed("YAML", line: 1, column: 1)
        }
        guard let root else { throw CloudFormationError.format("unsupported structure.") }
        return root
    }

    private static var aliases: AWSError {
        CloudFormationError.template("YAML aliases are not allowed in CloudFormation templates")
    }

    private static func position(of error: YamlError) -> (line: Int, column: Int) {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            (mark.line, mark.column)
        case .duplicatedKeysInMapping(_, let context): (context.mark.line, context.mark.column)
        default: (1, 1)
        }
    }

    private mutating func convert(_ node: Node, depth: Int) throws(AWSError) -> JSON {
        let mark = (line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        guard depth > 0 else { throw CloudFormationError.notWellFormed("YAML", line: mark.line, column: mark.column) }
        if let anchor = node.anchor {
            guard anchored.insert("\(mark.line):\(mark.column) \(anchor.rawValue)").inserted else { throw Self.aliases }
        }
        switch node {
        case .alias: throw Self.aliases
        case .scalar(let scalar):
            let tag = scalar.tag.rawValue
            if let function = try function(tag, mark) { return call(function, .string(scalar.string)) }
            return YAMLScalar.value(scalar.string, isPlain: scalar.style == .plain && tag != "!", tag: tag)
        case .sequence(let sequence):
            var elements: [JSON] = []
            for element in sequence { elements.append(try convert(element, depth: depth - 1)) }
            guard let function = try function(sequence.tag.rawValue, mark) else { return .array(elements) }
            return call(function, .array(elements))
        case .mapping(let mapping):
            var object = JSON.Object()
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    throw CloudFormationError.notWellFormed("YAML", line: mark.line, column: mark.column)
                }
                object[name] = try convert(value, depth: depth - 1)
            }
            guard let function = try function(mapping.tag.rawValue, mark) else { return .object(object) }
            return call(function, .object(object))
        }
    }

    /// The function that a short tag names; nil for the tags of YAML itself.
    private func function(_ tag: String, _ mark: (line: Int, column: Int)) throws(AWSError) -> String? {
        if tag.isEmpty || tag == "!" || tag.hasPrefix("tag:yaml.org,2002:") { return nil }
        let name = String(tag.dropFirst())
        guard tag.hasPrefix("!"), !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw CloudFormationError.notWellFormed("YAML", line: mark.line, column: mark.column)
        }
        return name == "Ref" || name == "Condition" ? name : "Fn::" + name
    }

    private func call(_ function: String, _ argument: JSON) -> JSON {
        guard function == "Fn::GetAtt", let text = argument.string else { return [function: argument] }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return [function: .array(parts.map { .string(String($0)) })]
    }
}
