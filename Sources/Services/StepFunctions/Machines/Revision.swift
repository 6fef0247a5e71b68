import BatonStore
import GRDB
import JSON
import StatesLanguage

/// What a state machine is at one moment: it never changes. Executions keep the revision with which they began.
final class Revision: Sendable {
    /// The row's id.
    let id: Int64
    let machineArn: String
    let name: String
    let type: MachineType
    /// nil for the first, which AWS does not name.
    let revisionId: String?
    let definitionText: String
    let definition: Definition
    let roleArn: String
    let logging: LoggingConfiguration
    let isTraced: Bool
    let encryption: EncryptionConfiguration?
    let updatedMs: Int64

    init(_ row: Row) throws {
        id = row["id"]
        machineArn = row["machine_arn"]
        name = row["name"]
        type = MachineType(rawValue: row["type"]) ?? .standard
        let revisionId: String = row["revision_id"]
        self.revisionId = revisionId.isEmpty ? nil : revisionId
        definitionText = row["definition"]
        definition = try Definition(parsing: definitionText, type: type)
        roleArn = row["role_arn"]
        logging = try StoredJSON.value(LoggingConfiguration.self, row["logging"]) ?? .none
        isTraced = row["is_traced"]
        encryption = try StoredJSON.value(EncryptionConfiguration.self, row["encryption"])
        updatedMs = row["updated_ms"]
    }
}

/// A revision that is to be stored.
struct RevisionDraft: Sendable, Hashable {
    var definition: String
    var roleArn: String
    var logging: LoggingConfiguration
    var isTraced: Bool
    var encryption: EncryptionConfiguration?

    init(
        definition: String, roleArn: String, logging: LoggingConfiguration, isTraced: Bool,
        encryption: EncryptionConfiguration?
    ) {
        self.definition = definition
        self.roleArn = roleArn
        self.logging = logging
        self.isTraced = isTraced
        self.encryption = encryption
    }

    init(_ revision: Revision) {
        self.init(
            definition: revision.definitionText, roleArn: revision.roleArn, logging: revision.logging,
            isTraced: revision.isTraced, encryption: revision.encryption)
    }

    /// - Returns: the id of the new row.
    func insert(
        _ machine: MachineARN, type: MachineType, revisionId: String, _ tx: Transaction
    ) throws -> Int64 {
        try tx.execute(
            """
            INSERT INTO sfn_revision (machine_arn, name, type, revision_id, definition, role_arn, logging, is_traced,
                encryption, updated_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, machine.unqualified.description, machine.name, type.rawValue, revisionId, definition, roleArn,
            StoredJSON.text(logging), isTraced, StoredJSON.text(encryption), tx.nowMs)
        return tx.db.lastInsertedRowID
    }
}
