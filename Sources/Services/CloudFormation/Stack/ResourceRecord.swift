import BatonStore
import GRDB
import JSON

/// One row of `cfn_resources`: a resource of a stack as it is.
struct ResourceRecord: Codable, Sendable {
    var logicalId: String
    var type: String
    /// Empty as long as nothing has been made.
    var physicalId: String
    var status: ResourceStatus
    var reason: String?
    var updatedMs: Int64
    /// The logical ids of the resources that it needs.
    var needs: [String]
    var properties: JSON
    var attributes: JSON
    var metadata: JSON?
    var deletionPolicy: String
    var replacePolicy: String
    /// The name or id with which the effect at hand was begun.
    var begun: String?

    init(_ row: Row) throws {
        logicalId = row["logical_id"]
        type = row["type"]
        physicalId = row["physical_id"]
        status = ResourceStatus(rawValue: row["status"]) ?? .createFailed
        reason = row["reason"]
        updatedMs = row["updated_ms"]
        needs = try JSON.parse(row["needs"] as String).array?.compactMap(\.string) ?? []
        properties = try JSON.parse(row["properties"] as String)
        attributes = try JSON.parse(row["attributes"] as String)
        metadata = try (row["metadata"] as String?).map { try JSON.parse($0) }
        deletionPolicy = row["deletion_policy"]
        replacePolicy = row["replace_policy"]
        begun = row["begun"]
    }

    init(_ resource: Template.Resource, needs: [String], properties: JSON, atMs: Int64) {
        logicalId = resource.logicalId
        type = resource.type
        physicalId = ""
        status = .createInProgress
        updatedMs = atMs
        self.needs = needs
        self.properties = properties
        attributes = [:]
        metadata = resource.metadata
        deletionPolicy = resource.deletionPolicy.rawValue
        replacePolicy = resource.updateReplacePolicy.rawValue
    }

    /// Whether there is something physical behind the record.
    var isThere: Bool { !physicalId.isEmpty }

    static func all(_ stackId: String, _ db: Database) throws -> [ResourceRecord] {
        try db.rows("SELECT * FROM cfn_resources WHERE stack_id = ? ORDER BY logical_id", stackId)
            .map { try ResourceRecord($0) }
    }

    static func find(_ stackId: String, _ logicalId: String, _ db: Database) throws -> ResourceRecord? {
        try db.row("SELECT * FROM cfn_resources WHERE stack_id = ? AND logical_id = ?", stackId, logicalId)
            .map { try ResourceRecord($0) }
    }

    /// The record kept beside the present one.
    static func previous(_ stackId: String, _ logicalId: String, _ db: Database) throws -> ResourceRecord? {
        let row = try db.row(
            "SELECT previous FROM cfn_resources WHERE stack_id = ? AND logical_id = ?", stackId, logicalId)
        guard let text = row?["previous"] as String? else { return nil }
        return try JSON.parse(text).decoded()
    }

    static func keepPrevious(_ record: ResourceRecord?, _ stackId: String, _ logicalId: String, _ db: Database) throws {
        try db.execute(
            "UPDATE cfn_resources SET previous = ? WHERE stack_id = ? AND logical_id = ?",
            try record.map { try JSON(encoding: $0).text() }, stackId, logicalId)
    }

    func save(_ stackId: String, _ db: Database) throws {
        try db.execute(
            """
            INSERT INTO cfn_resources (stack_id, logical_id, type, physical_id, status, reason, updated_ms, needs,
                properties, attributes, metadata, deletion_policy, replace_policy, begun)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (stack_id, logical_id) DO UPDATE SET type = excluded.type, physical_id = excluded.physical_id,
                status = excluded.status, reason = excluded.reason, updated_ms = excluded.updated_ms,
                needs = excluded.needs, properties = excluded.properties, attributes = excluded.attributes,
                metadata = excluded.metadata, deletion_policy = excluded.deletion_policy,
                replace_policy = excluded.replace_policy, begun = excluded.begun
            """, stackId, logicalId, type, physicalId, status.rawValue, reason, updatedMs,
            JSON.array(needs.map { .string($0) }).text(), properties.text(), attributes.text(), metadata?.text(),
            deletionPolicy, replacePolicy, begun)
    }

    static func remove(_ stackId: String, _ logicalId: String, _ db: Database) throws {
        try db.execute("DELETE FROM cfn_resources WHERE stack_id = ? AND logical_id = ?", stackId, logicalId)
    }
}
