import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import Synchronization

/// A stack with its resources and the exports it may import, read at one moment: what functions are evaluated against.
struct StackView: Sendable {
    let stack: StackRecord
    let records: [String: ResourceRecord]
    let exports: [String: String]

    init(stack: StackRecord, records: [String: ResourceRecord], exports: [String: String]) {
        self.stack = stack
        self.records = records
        self.exports = exports
    }

    init(_ stack: StackRecord, _ db: Database) throws {
        self.stack = stack
        records = Dictionary(try ResourceRecord.all(stack.id, db).map { ($0.logicalId, $0) }) { first, _ in first }
        exports = try Exports.all(stack.account, stack.region, db)
    }

    /// - Parameter imports: collects the names of the exports that are used.
    func evaluator(_ resolved: ResolvedTemplate, imports: Imports) -> Evaluator {
        let types = Dictionary(resolved.template.resources.map { ($0.logicalId, $0.type) }) { first, _ in first }
        return resolved.evaluator(
            resource: { (logicalId, attribute) throws(AWSError) in
                guard let record = records[logicalId], record.isThere else { return nil }
                guard let attribute else { return .string(record.physicalId) }
                if let value = record.attributes[attribute] { return value }
                throw CloudFormationError.template(
                    "resource \(logicalId) of type \(types[logicalId] ?? record.type) does not support attribute type \(attribute) in Fn::GetAtt"
                )
            },
            export: { (name) throws(AWSError) in
                imports.note(name)
                return exports[name]
            })
    }

    /// The evaluated properties of a resource in the form of its type, with the stack's tags.
    func properties(
        _ resource: Template.Resource, _ type: any ResourceType, _ evaluator: Evaluator
    ) throws(ResourceFailure) -> JSON {
        let evaluated: JSON
        do throws(AWSError) {
            evaluated = try evaluator.value(resource.properties) ?? [:]
        } catch {
            throw ResourceFailure(reason: error.message, code: error.code)
        }
        return Self.tagged(try type.coerced(evaluated), type, stack.definition.tags)
    }

    static func tagged(_ properties: JSON, _ type: any ResourceType, _ tags: [StackDefinition.Tag]) -> JSON {
        guard !tags.isEmpty, let rule = type.properties["Tags"] else { return properties }
        if case .map = rule.kind { return taggedMap(properties, tags) }
        let own = properties["Tags"]?.array ?? []
        let inherited: [JSON] = tags.filter { tag in !own.contains { $0["Key"] == .string(tag.key) } }
            .map { ["Key": .string($0.key), "Value": .string($0.value)] }
        var properties = properties
        properties["Tags"] = .array(own + inherited)
        return properties
    }
}

extension StackView {
    /// For types that have their tags as a map.
    private static func taggedMap(_ properties: JSON, _ tags: [StackDefinition.Tag]) -> JSON {
        var map = properties["Tags"]?.object ?? [:]
        for tag in tags where map[tag.key] == nil { map[tag.key] = .string(tag.value) }
        var properties = properties
        properties["Tags"] = .object(map)
        return properties
    }
}

/// The names of exports met while evaluating.
final class Imports: Sendable {
    private let state = Mutex<Set<String>>([])
    func note(_ name: String) { state.withLock { _ = $0.insert(name) } }
    var names: Set<String> { state.withLock { $0 } }
}
