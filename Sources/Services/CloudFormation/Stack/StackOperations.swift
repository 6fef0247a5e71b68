import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// What several operations begin with.
enum StackOperations {
    /// The stack of a name or id. Errors: ValidationError `Stack with id X does not exist`.
    static func stack(_ nameOrId: String, _ context: Context, _ db: Database) throws -> StackRecord {
        guard let stack = try StackRecord.find(nameOrId, context.account, context.region, db) else {
            throw CloudFormationError.unknownStack(nameOrId)
        }
        return stack
    }

    /// The same for the operations that word the error with the stack's name.
    static func namedStack(_ nameOrId: String, _ context: Context, _ db: Database) throws -> StackRecord {
        guard let stack = try StackRecord.find(nameOrId, context.account, context.region, db), stack.deletedMs == nil
        else {
            throw CloudFormationError.unknownStackName(nameOrId)
        }
        return stack
    }

    static func checkUpdatable(_ stack: StackRecord) throws(AWSError) {
        guard stack.status.canBeUpdated else {
            throw CloudFormationError.validation(
                "Stack:\(stack.id) is in \(stack.status.rawValue) state and can not be updated.")
        }
    }

    /// A resource cannot become another type.
    static func checkTypes(_ resolved: ResolvedTemplate, _ records: [String: ResourceRecord]) throws(AWSError) {
        let changed = resolved.resources.filter { records[$0.logicalId].map(\.type) ?? $0.type != $0.type }.map(
            \.logicalId)
        guard changed.isEmpty else {
            throw CloudFormationError.validation(
                "Update of resource type is not permitted. The new template modifies resource type of the following "
                    + "resources: \(CloudFormationError.list(changed))")
        }
    }

    /// Puts a new definition in force and starts the update.
    static func beginUpdate(
        _ stack: StackRecord, _ definition: StackDefinition, _ graph: DependencyGraph, _ settings: StackSettings,
        operationId: String, _ transaction: Transaction
    ) throws {
        var stack = stack
        let records = try ResourceRecord.all(stack.id, transaction.db)
        stack.previous = stack.definition
        stack.definition = definition
        stack.settings = settings
        stack.updatedMs = transaction.nowMs
        let needs = Dictionary(records.map { ($0.logicalId, $0.needs) }) { first, _ in first }
        let lifecycle = StackLifecycle.update(graph, oldNeeds: needs, onFailure: settings.onFailure)
        try StackEngine.begin(stack, lifecycle, operationId: operationId, transaction)
    }

    /// The parameters of a definition as DescribeStacks shows them; secret ones as asterisks.
    static func shownParameters(_ definition: StackDefinition) -> [JSON] {
        guard let source = try? TemplateSource(definition.template),
            let values = try? ParameterValues.texts(source.parameters, given: definition.given)
        else { return [] }
        return source.parameters.map { parameter in
            let value = values[parameter.name] ?? ""
            var shown: JSON = [
                "ParameterKey": .string(parameter.name), "ParameterValue": .string(parameter.noEcho ? "****" : value),
            ]
            if case .stored = parameter.type, let resolved = definition.stored[value] {
                shown["ResolvedValue"] = .string(resolved)
            }
            return shown
        }
    }

    static func tags(_ tags: [StackDefinition.Tag]) -> JSON {
        .array(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })
    }
}

/// Pages of lists that are ordered by a number.
struct Page: Sendable {
    static let size = 100
    /// The place behind which the page begins.
    let after: Int

    init(_ token: String?) throws(AWSError) {
        guard let token else {
            after = 0
            return
        }
        guard let place = PageToken.decode(token)?["after"]?.int else {
            throw CloudFormationError.validation("Invalid NextToken: \(token)")
        }
        after = place
    }

    /// The elements of this page and the token of the next.
    func cut<T>(_ elements: [T], size: Int = Page.size) -> (page: [T], next: String?) {
        let page = Array(elements.dropFirst(after).prefix(size))
        let end = after + page.count
        return (page, end < elements.count ? PageToken.encode(["after": .number(end)]) : nil)
    }
}
