import AWSWire
import JSON

/// What an update of a stack would do to one resource.
struct ResourceChange: Sendable, Equatable {
    enum Action: String, Sendable { case add = "Add", modify = "Modify", remove = "Remove" }
    enum Replacement: String, Sendable { case yes = "True", no = "False", conditional = "Conditional" }

    var action: Action
    var logicalId: String
    var physicalId: String?
    var type: String
    var replacement: Replacement?
    var policyAction: String?
    var scope: [String] = []
    var details: [Detail] = []

    struct Detail: Sendable, Equatable {
        /// `Properties`, `Tags` or `Metadata`.
        var attribute: String
        var name: String?
        var recreation: String
        /// The new value is known only when the update has come that far.
        var isDynamic: Bool
        var source: String
        var cause: String?
    }

    /// In the form of DescribeChangeSet.
    var json: JSON {
        var change: JSON = [
            "Action": .string(action.rawValue), "LogicalResourceId": .string(logicalId), "ResourceType": .string(type),
            "Scope": .array(scope.map { .string($0) }), "Details": .array(details.map(\.json)),
        ]
        if let physicalId { change["PhysicalResourceId"] = .string(physicalId) }
        if let replacement { change["Replacement"] = .string(replacement.rawValue) }
        if let policyAction { change["PolicyAction"] = .string(policyAction) }
        return ["Type": "Resource", "ResourceChange": change]
    }
}

extension ResourceChange.Detail {
    fileprivate var json: JSON {
        var target: JSON = ["Attribute": .string(attribute), "RequiresRecreation": .string(recreation)]
        if let name { target["Name"] = .string(name) }
        var detail: JSON = [
            "Target": target, "Evaluation": .string(isDynamic ? "Dynamic" : "Static"), "ChangeSource": .string(source),
        ]
        if let cause { detail["CausingEntity"] = .string(cause) }
        return detail
    }
}

/// Compares a stack as it is with what a template would make of it, without touching anything.
struct Changes: Sendable {
    private(set) var list: [ResourceChange] = []
    /// Outputs or exports would differ although no resource does.
    private(set) var changesOutputs = false

    var isEmpty: Bool { list.isEmpty && !changesOutputs }

    /// - Parameter view: the stack as it is; its definition is the new one.
    init(_ view: StackView, _ resolved: ResolvedTemplate) throws(AWSError) {
        var comparison = Comparison(view: view, resolved: resolved)
        list = try comparison.changes()
        if list.isEmpty {
            let outputs = try Outputs(resolved, view.evaluator(resolved, imports: Imports()))
            changesOutputs = JSON.array(outputs.list) != JSON.array(view.stack.outputs)
        }
    }
}

private struct Comparison {
    let view: StackView
    let resolved: ResolvedTemplate
    /// What becomes of the resources looked at so far.
    var fates: [String: Fate] = [:]
    enum Fate { case same, modified, new }

    /// Stands for a value that is not known yet: of a resource that is to be made, or an attribute that may change.
    static let unknown = "\u{1}"

    mutating func changes() throws(AWSError) -> [ResourceChange] {
        var changes: [ResourceChange] = []
        for logicalId in resolved.graph.order {
            guard let resource = resolved.resources.first(where: { $0.logicalId == logicalId }) else { continue }
            if let change = try change(resource) { changes.append(change) }
        }
        let present = Set(resolved.resources.map(\.logicalId))
        for record in view.records.values.sorted(by: { $0.logicalId < $1.logicalId })
        where !present.contains(record.logicalId) {
            changes.append(
                ResourceChange(
                    action: .remove, logicalId: record.logicalId, physicalId: record.physicalId, type: record.type,
                    policyAction: record.deletionPolicy == "Delete" ? "Delete" : "Retain"))
        }
        return changes
    }

    private mutating func change(_ resource: Template.Resource) throws(AWSError) -> ResourceChange? {
        let id = resource.logicalId
        guard let record = view.records[id], record.isThere else {
            fates[id] = .new
            return ResourceChange(action: .add, logicalId: id, type: resource.type)
        }
        let fates = fates
        let evaluator = resolved.evaluator(
            resource: { [view] (other, attribute) throws(AWSError) in
                switch fates[other] {
                case .new?: return .string(Self.unknown)
                case .modified? where attribute != nil: return .string(Self.unknown)
                default: break
                }
                guard let known = view.records[other] else { return nil }
                guard let attribute else { return .string(known.physicalId) }
                return known.attributes[attribute] ?? .string(Self.unknown)
            },
            export: { [view] (name) throws(AWSError) in view.exports[name] })
        let evaluated = try evaluator.value(resource.properties) ?? [:]
        guard let type = ResourceCatalog.type(resource.type) else { return nil }
        var properties = evaluated
        if let coerced = try? type.coerced(evaluated) { properties = coerced }
        properties = StackView.tagged(properties, type, view.stack.definition.tags)
        let details = try details(record, resource, properties, type)
        guard !details.isEmpty else {
            self.fates[id] = .same
            return nil
        }
        let replacement = Self.replacement(details)
        self.fates[id] = replacement == .no ? .modified : .new
        let isKept = record.replacePolicy == Template.DeletionPolicy.retain.rawValue
        return ResourceChange(
            action: .modify, logicalId: id, physicalId: record.physicalId, type: resource.type,
            replacement: replacement,
            policyAction: replacement == .no ? nil : isKept ? "ReplaceAndRetain" : "ReplaceAndDelete",
            scope: Template.unique(details.map(\.attribute)), details: details)
    }

    private static func replacement(_ details: [ResourceChange.Detail]) -> ResourceChange.Replacement {
        let recreating = details.filter { $0.recreation == "Always" }
        if recreating.isEmpty { return .no }
        return recreating.contains { !$0.isDynamic } ? .yes : .conditional
    }

    private func details(
        _ record: ResourceRecord, _ resource: Template.Resource, _ properties: JSON, _ type: any ResourceType
    ) throws(AWSError) -> [ResourceChange.Detail] {
        var details: [ResourceChange.Detail] = []
        for key in type.changed(record.properties, properties) {
            let (source, cause) = try source(resource.properties[key])
            details.append(
                ResourceChange.Detail(
                    attribute: key == "Tags" ? "Tags" : "Properties", name: key == "Tags" ? nil : key,
                    recreation: type.properties[key]?.isReplacing ?? false ? "Always" : "Never",
                    isDynamic: properties[key].map(Self.isUnknown) ?? false, source: source, cause: cause))
        }
        if record.metadata != resource.metadata {
            details.append(
                ResourceChange.Detail(
                    attribute: "Metadata", recreation: "Never", isDynamic: false, source: "DirectModification"))
        }
        return details
    }

    private static func isUnknown(_ value: JSON) -> Bool {
        switch value {
        case .string(let text): text.contains(unknown)
        case .array(let elements): elements.contains(where: isUnknown)
        case .object(let object): object.values.contains(where: isUnknown)
        default: false
        }
    }

    /// What a property follows: a parameter, a resource, an attribute, or the template alone.
    private func source(_ tree: JSON?) throws(AWSError) -> (source: String, cause: String?) {
        guard let tree else { return ("DirectModification", nil) }
        if let (name, attribute) = try References.attributes(of: tree).first {
            return ("ResourceAttribute", "\(name).\(attribute)")
        }
        for name in try References(tree).names {
            if view.records[name] != nil || fates[name] != nil { return ("ResourceReference", name) }
            if resolved.parameters[name] != nil { return ("ParameterReference", name) }
        }
        return ("DirectModification", nil)
    }
}
