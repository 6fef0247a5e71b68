import BatonStore
import GRDB
import JSON

/// Rows of `cfn_events`.
enum StackEvents {
    static func add(
        _ stack: StackRecord, _ resource: ResourceRecord, _ status: ResourceStatus, reason: String? = nil,
        _ transaction: Transaction
    ) throws {
        try insert(
            stack, logicalId: resource.logicalId, physicalId: resource.physicalId, type: resource.type,
            status: status.rawValue, reason: reason, properties: resource.properties.text(), transaction)
    }

    /// An event of the stack itself.
    static func add(_ stack: StackRecord, _ status: StackStatus, reason: String?, _ transaction: Transaction) throws {
        try insert(
            stack, logicalId: stack.name, physicalId: stack.id, type: "AWS::CloudFormation::Stack",
            status: status.rawValue, reason: reason, properties: nil, transaction)
    }

    private static func insert(
        _ stack: StackRecord, logicalId: String, physicalId: String, type: String, status: String, reason: String?,
        properties: String?, _ transaction: Transaction
    ) throws {
        let last = try transaction.row("SELECT coalesce(max(seq), 0) AS last FROM cfn_events")
        let next = (last?["last"] as Int64? ?? 0) + 1
        // Unique and without randomness, so that a step that is committed again gives the same.
        let eventId = "\(logicalId)-\(status)-\(Timestamp.text(transaction.nowMs))-\(next)"
        try transaction.execute(
            """
            INSERT INTO cfn_events (stack_id, event_id, logical_id, physical_id, type, status, reason, properties, at_ms,
                token) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, stack.id, eventId, logicalId, physicalId, type, status, reason, properties, transaction.nowMs,
            stack.settings.clientToken)
    }
}

/// Times as answers and event ids carry them.
enum Timestamp {
    /// Epoch seconds with milliseconds, as the tree of members has them.
    static func value(_ milliseconds: Int64) -> JSON {
        .number(JSON.Number(unchecked: "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"))
    }

    /// `2026-01-01T00:00:00.000Z`.
    static func text(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        let (days, rest) = (seconds / 86_400, seconds % 86_400)
        // Days since 0000-03-01 in eras of 400 years (the civil calendar).
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let thousandths = String(milliseconds % 1000 + 1000).dropFirst()
        return
            "\(year)-\(two(civilMonth))-\(two(day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60)).\(thousandths)Z"
    }
}
