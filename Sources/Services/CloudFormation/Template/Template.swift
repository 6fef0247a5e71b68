import JSON

/// The sections of one template, checked for their shape, nothing evaluated yet.
struct Template: Sendable {
    /// The whole tree, after transforms.
    var tree: JSON
    var version: String?
    var description: String?
    var metadata: JSON?
    var transforms: [String]
    var parameters: [Parameter]
    /// Map name → top-level key → second-level key → value.
    var mappings: JSON.Object
    var conditions: JSON.Object
    var rules: JSON.Object
    var resources: [Resource]
    var outputs: [Output]

    /// One member of `Resources`.
    struct Resource: Sendable {
        var logicalId: String
        var type: String
        var properties: JSON
        var condition: String?
        var dependsOn: [String]
        var deletionPolicy: DeletionPolicy
        var updateReplacePolicy: DeletionPolicy
        var metadata: JSON?
    }

    enum DeletionPolicy: String, Sendable {
        case delete = "Delete"
        case retain = "Retain"
        case retainExceptOnCreate = "RetainExceptOnCreate"
        case snapshot = "Snapshot"
    }

    /// One member of `Outputs`.
    struct Output: Sendable {
        var name: String
        var value: JSON
        var description: String?
        var condition: String?
        var exportName: JSON?
    }

    func resource(_ logicalId: String) -> Resource? { resources.first { $0.logicalId == logicalId } }
}

/// What a template may hold. Source: CloudFormation quotas.
enum TemplateLimit {
    /// Bytes of `TemplateBody`.
    static let body = 51_200
    /// Bytes of a template behind `TemplateURL`.
    static let object = 1_048_576
    static let resources = 500
    static let parameters = 200
    static let outputs = 200
    static let mappings = 200
}
