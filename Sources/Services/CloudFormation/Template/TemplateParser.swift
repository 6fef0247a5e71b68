import AWSWire
import JSON

extension Template {
    private static let sections: Set<String> = [
        "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions",
        "Transform", "Resources", "Outputs", "Hooks", "Globals",
    ]

    /// Reads the sections of a tree. Errors: ValidationError with AWS's texts.
    init(_ tree: JSON) throws(AWSError) {
        guard let root = tree.object else { throw CloudFormationError.format("unsupported structure.") }
        let unknown = root.keys.filter { !Self.sections.contains($0) }
        guard unknown.isEmpty else {
            throw CloudFormationError.validation(
                "Invalid template property or properties \(CloudFormationError.list(unknown))")
        }
        self.tree = tree
        version = try Self.version(root["AWSTemplateFormatVersion"])
        if let given = root["Description"] {
            guard let text = given.string else {
                throw CloudFormationError.format("Description should be a string.")
            }
            guard text.utf8.count <= 1024 else {
                throw CloudFormationError.format("'Description' length is greater than 1024.")
            }
            description = text
        }
        metadata = root["Metadata"]
        transforms = try Self.transforms(root["Transform"])
        mappings = try Self.mappings(root["Mappings"])
        conditions = try Self.section(root["Conditions"], "Conditions")
        rules = try Self.section(root["Rules"], "Rules")
        parameters = []
        for (name, value) in try Self.section(root["Parameters"], "Parameters") {
            parameters.append(try Parameter(name, value))
        }
        resources = []
        for (name, value) in try Self.section(root["Resources"], "Resources") {
            resources.append(try Self.resource(name, value))
        }
        outputs = []
        for (name, value) in try Self.section(root["Outputs"], "Outputs") {
            outputs.append(try Self.output(name, value))
        }
        guard !resources.isEmpty else {
            throw CloudFormationError.format("At least one Resources member must be defined.")
        }
        try checkCounts()
    }

    private func checkCounts() throws(AWSError) {
        let counts = [
            ("resources", resources.count, TemplateLimit.resources),
            ("parameters", parameters.count, TemplateLimit.parameters),
            ("outputs", outputs.count, TemplateLimit.outputs), ("mappings", mappings.count, TemplateLimit.mappings),
        ]
        for (name, count, limit) in counts where count > limit {
            throw CloudFormationError.format("Number of \(name), \(count), is greater than maximum allowed, \(limit)")
        }
    }

    private static func version(_ given: JSON?) throws(AWSError) -> String? {
        guard let given else { return nil }
        let text = given.string ?? given.text()
        guard text == "2010-09-09" else {
            throw CloudFormationError.format("\(text) is not a supported value for AWSTemplateFormatVersion.")
        }
        return text
    }

    /// `Transform` is one name or a list of names; a transform with parameters (`AWS::Include`) is not supported.
    private static func transforms(_ given: JSON?) throws(AWSError) -> [String] {
        guard let given else { return [] }
        var names: [String] = []
        for element in given.array ?? [given] {
            guard let name = element.string ?? element["Name"]?.string else {
                throw CloudFormationError.format("Transform section must be a string or a list of strings")
            }
            names.append(name)
        }
        return names
    }

    private static func section(_ given: JSON?, _ name: String) throws(AWSError) -> JSON.Object {
        guard let given else { return [:] }
        guard let object = given.object else { throw CloudFormationError.format("\(name) must be an object.") }
        for key in object.keys {
            let isNamed = !key.isEmpty && key.utf8.allSatisfy(isAlphanumeric)
            guard !isNamed, !key.hasPrefix("Fn::ForEach::") else { continue }
            switch name {
            case "Resources": throw CloudFormationError.format("Resource name \(key) is non alphanumeric.")
            case "Parameters": throw CloudFormationError.format("Parameter name \(key) is non alphanumeric.")
            case "Outputs": throw CloudFormationError.format("Output name \(key) is non alphanumeric.")
            default: continue
            }
        }
        return object
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }

    private static func mappings(_ given: JSON?) throws(AWSError) -> JSON.Object {
        let maps = try section(given, "Mappings")
        for (_, map) in maps {
            guard let keys = map.object else {
                throw CloudFormationError.format("Every Mappings member must be a map")
            }
            for (key, attributes) in keys where attributes.object == nil && !key.hasPrefix("Fn::") {
                throw CloudFormationError.format("Every Mappings attribute must be a map")
            }
        }
        return maps
    }
}

// MARK: - Resources and outputs

extension Template {
    private static let attributes: Set<String> = [
        "Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy",
        "CreationPolicy", "Metadata", "Connectors", "IgnoreGlobals", "Version", "Description",
    ]

    private static func resource(_ name: String, _ value: JSON) throws(AWSError) -> Resource {
        guard let object = value.object else {
            throw CloudFormationError.format("[/Resources/\(name)] resource definition is malformed")
        }
        for key in object.keys where !attributes.contains(key) {
            throw CloudFormationError.validation("Invalid template resource property '\(key)'")
        }
        guard let given = object["Type"] else {
            throw CloudFormationError.format("[/Resources/\(name)] Every Resources object must contain a Type member.")
        }
        guard let type = given.string else {
            throw CloudFormationError.format("[/Resources/\(name)/Type] 'Type' must be a string.")
        }
        let properties = object["Properties"] ?? [:]
        guard properties.object != nil else {
            throw CloudFormationError.format("[/Resources/\(name)/Properties] Any Properties member must be an object.")
        }
        return Resource(
            logicalId: name, type: type, properties: properties, condition: try condition(object["Condition"], name),
            dependsOn: try dependsOn(object["DependsOn"], name),
            deletionPolicy: try policy(object["DeletionPolicy"], "DeletionPolicy", name),
            updateReplacePolicy: try policy(object["UpdateReplacePolicy"], "UpdateReplacePolicy", name),
            metadata: object["Metadata"])
    }

    private static func condition(_ given: JSON?, _ name: String) throws(AWSError) -> String? {
        guard let given else { return nil }
        guard let text = given.string else {
            throw CloudFormationError.format("Every Condition member must be a string.")
        }
        return text
    }

    private static func dependsOn(_ given: JSON?, _ name: String) throws(AWSError) -> [String] {
        guard let given else { return [] }
        var names: [String] = []
        for element in given.array ?? [given] {
            guard let text = element.string else {
                throw CloudFormationError.format("Every DependsOn value must be a string.")
            }
            if !names.contains(text) { names.append(text) }
        }
        return names
    }

    /// Assumed: `Snapshot` is accepted for every type and then means `Delete`, since nothing here has snapshots.
    private static func policy(_ given: JSON?, _ member: String, _ name: String) throws(AWSError) -> DeletionPolicy {
        guard let given else { return .delete }
        guard let text = given.string else {
            throw CloudFormationError.format("Every \(member) member must be a string.")
        }
        guard let policy = DeletionPolicy(rawValue: text), policy != .retainExceptOnCreate || member == "DeletionPolicy"
        else { throw CloudFormationError.format("Unrecognized \(member) \(text) for resource \(name)") }
        return policy
    }

    private static func output(_ name: String, _ value: JSON) throws(AWSError) -> Output {
        guard let object = value.object else { throw CloudFormationError.format("Output \(name) is malformed.") }
        guard let result = object["Value"] else {
            throw CloudFormationError.format("Every Outputs member must contain a Value object")
        }
        for key in object.keys where !["Value", "Description", "Condition", "Export"].contains(key) {
            throw CloudFormationError.format("Output \(name) is malformed. Invalid property \(key).")
        }
        if let export = object["Export"], export["Name"] == nil || export.object?.count != 1 {
            throw CloudFormationError.format(
                "Output \(name) is malformed. The Name field of every Export member must be specified.")
        }
        return Output(
            name: name, value: result, description: object["Description"]?.string,
            condition: try condition(object["Condition"], name), exportName: object["Export"]?["Name"])
    }
}
