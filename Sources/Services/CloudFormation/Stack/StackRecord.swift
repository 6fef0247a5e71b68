import AWSWire
import BatonStore
import GRDB
import JSON

/// What a stack shall be: everything that its resources follow from.
struct StackDefinition: Codable, Sendable, Equatable {
    struct Given: Codable, Sendable, Equatable {
        var name: String
        var value: String
    }
    struct Tag: Codable, Sendable, Equatable {
        var key: String
        var value: String
    }

    var template: String
    var parameters: [Given] = []
    /// Values from the parameter store, read when the operation began.
    var stored: [String: String] = [:]
    /// What `AWS::Include` brings in, by its address, read when the operation began.
    var included: [String: String]?
    var tags: [Tag] = []
    var capabilities: [String] = []
    var notificationARNs: [String] = []
    var roleARN: String?

    var given: [(name: String, value: String)] { parameters.map { (name: $0.name, value: $0.value) } }

    /// The template with transforms done, parameters and conditions decided.
    func resolved(_ pseudo: PseudoParameters) throws(AWSError) -> ResolvedTemplate {
        var pseudo = pseudo
        pseudo.notificationARNs = notificationARNs
        let source = try TemplateSource(template)
        let values = try ParameterValues.resolve(source.parameters, given: given, stored: stored)
        let template = try source.template(parameters: values, pseudo: pseudo, included: included ?? [:])
        return try ResolvedTemplate(template, parameters: values, pseudo: pseudo)
    }
}

/// What a stack has besides its definition.
struct StackSettings: Codable, Sendable, Equatable {
    var onFailure = StackLifecycle.OnFailure.rollback
    /// As the caller wrote it, for DescribeStacks.
    var disableRollback = false
    var timeoutMinutes: Int?
    var terminationProtection = false
    var policy: String?
    /// Takes the place of the policy for the update at hand.
    var policyDuringUpdate: String?
    /// What an operation has made goes with it when it is undone, whatever `DeletionPolicy` says.
    var retainsExceptOnCreate: Bool?
    /// What cannot be deleted is left behind.
    var isForced: Bool?
    var description: String?
    var parentId: String?
    var rootId: String?
    var changeSetId: String?
    var rollbackConfiguration: JSON?
    /// The payload of the step of another stack that waits for this one, with that stack's id.
    var waiter: Waiter?
    var clientToken: String?
    var retained: [String] = []

    struct Waiter: Codable, Sendable, Equatable {
        var stackId: String
        var payload: String
    }
}

/// One row of `cfn_stacks`.
struct StackRecord: Sendable {
    var id: String
    var account: String
    var region: String
    var name: String
    var createdMs: Int64
    var updatedMs: Int64?
    var deletedMs: Int64?
    var status: StackStatus
    var reason: String?
    var definition: StackDefinition
    var previous: StackDefinition?
    var settings: StackSettings
    /// In the form of DescribeStacks.
    var outputs: [JSON]
    var operationId: String?
    var lifecycle: StackLifecycle?

    var pseudo: PseudoParameters {
        PseudoParameters(account: account, region: region, stackId: id, stackName: name)
    }

    static func id(_ name: String, account: String, region: String, uuid: String) -> String {
        ARN(service: "cloudformation", region: region, account: account, resource: "stack/\(name)/\(uuid)").description
    }
}

extension StackRecord {
    init(_ row: Row) throws {
        id = row["id"]
        account = row["account"]
        region = row["region"]
        name = row["name"]
        createdMs = row["created_ms"]
        updatedMs = row["updated_ms"]
        deletedMs = row["deleted_ms"]
        status = StackStatus(rawValue: row["status"]) ?? .createFailed
        reason = row["reason"]
        definition = try JSON.parse(row["definition"] as String).decoded()
        previous = try (row["previous"] as String?).map { try JSON.parse($0).decoded() }
        settings = try JSON.parse(row["settings"] as String).decoded()
        outputs = try JSON.parse(row["outputs"] as String).array ?? []
        operationId = row["operation_id"]
        lifecycle = try (row["lifecycle"] as String?).map { try JSON.parse($0).decoded() }
    }

    /// By name (living stacks only) or by id; nil when there is none in this account and region.
    static func find(_ nameOrId: String, _ account: String, _ region: String, _ db: Database) throws -> StackRecord? {
        let row =
            nameOrId.hasPrefix("arn:")
            ? try db.row(
                "SELECT * FROM cfn_stacks WHERE id = ? AND account = ? AND region = ?", nameOrId, account, region)
            : try db.row(
                "SELECT * FROM cfn_stacks WHERE account = ? AND region = ? AND name = ? AND live = 1", account, region,
                nameOrId)
        return try row.map { try StackRecord($0) }
    }

    static func find(id: String, _ db: Database) throws -> StackRecord? {
        try db.row("SELECT * FROM cfn_stacks WHERE id = ?", id).map { try StackRecord($0) }
    }

    func insert(_ db: Database) throws {
        try db.execute(
            """
            INSERT INTO cfn_stacks (id, account, region, name, live, created_ms, status, definition, settings, outputs)
            VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, '[]')
            """, id, account, region, name, createdMs, status.rawValue, try JSON(encoding: definition).text(),
            try JSON(encoding: settings).text())
    }

    /// Everything that an operation changes, apart from its course.
    func update(_ db: Database) throws {
        try db.execute(
            """
            UPDATE cfn_stacks SET live = ?, updated_ms = ?, deleted_ms = ?, status = ?, reason = ?, definition = ?,
                previous = ?, settings = ?, outputs = ?, operation_id = ?, lifecycle = ? WHERE id = ?
            """, deletedMs == nil ? 1 : 0, updatedMs, deletedMs, status.rawValue, reason,
            try JSON(encoding: definition).text(), try previous.map { try JSON(encoding: $0).text() },
            try JSON(encoding: settings).text(), JSON.array(outputs).text(), operationId,
            try lifecycle.map { try JSON(encoding: $0).text() }, id)
    }

    /// What a step changes.
    func updateCourse(_ db: Database) throws {
        try db.execute(
            "UPDATE cfn_stacks SET status = ?, reason = ?, lifecycle = ? WHERE id = ?", status.rawValue, reason,
            try lifecycle.map { try JSON(encoding: $0).text() }, id)
    }
}
