import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds a statement to the queue's policy, under a label of its own. Policies are kept, not enforced.
/// Errors: QueueDoesNotExist, OverLimit (more than 7 actions). Source: SQS API reference, AddPermission.
enum AddPermission: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let label: String
        let awsAccountIds: [String]
        let actions: [String]
    }

    /// The actions that can be shared.
    private static let shareable: Set<String> = [
        "*", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage",
        "SendMessage",
    ]

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let queues = context.sqs.queues
        let id = try queues.find(input.queueUrl, context).id
        try check(input)
        return { tx in
            try tx.changeQueue(id, queues) { queue in
                var policy = QueuePolicy(queue)
                guard !policy.has(input.label) else {
                    throw SQSError.invalid("Label", input.label, "Already exists.")
                }
                policy.add(input.label, accounts: input.awsAccountIds, actions: input.actions, to: queue)
                try tx.setAttributes(policy.attributes(of: queue), of: queue)
            }
            return Nothing()
        }
    }

    private static func check(_ input: Input) throws(AWSError) {
        guard MessageText.isName(input.label) else {
            throw SQSError.invalid(
                "Label", input.label,
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
        }
        guard !input.actions.isEmpty else { throw SQSError.missing("Actions") }
        guard !input.awsAccountIds.isEmpty else {
            throw SQSError.invalid("Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.")
        }
        guard input.actions.count <= Limits.permissionActions else {
            throw SQSError.overLimit(
                "\(input.actions.count) Actions were found, maximum allowed is \(Limits.permissionActions).")
        }
        if let action = input.actions.first(where: { !shareable.contains($0) }) {
            throw SQSError.invalid(
                "ActionName", "SQS:\(action)", "Please refer to the appropriate WSDL for a list of valid actions.")
        }
        let isAccount = { (id: String) in id.utf8.count == 12 && id.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
        guard input.awsAccountIds.allSatisfy(isAccount) else {
            throw SQSError.invalid(
                "PrincipalId", "[\(input.awsAccountIds.joined(separator: ", "))]", "Unable to verify.")
        }
    }
}

/// The policy of a queue as a list of statements.
struct QueuePolicy {
    private var policy: JSON
    private var statements: [JSON]

    init(_ queue: Queue) {
        policy =
            queue.settings.given["Policy"].flatMap { try? JSON.parse($0) }
            ?? ["Version": "2008-10-17", "Id": .string("\(queue.key.arn)/SQSDefaultPolicy"), "Statement": []]
        // A single statement may stand without its list.
        statements = policy["Statement"]?.array ?? policy["Statement"].map { [$0] } ?? []
    }

    func has(_ label: String) -> Bool { statements.contains { $0["Sid"]?.string == label } }

    mutating func add(_ label: String, accounts: [String], actions: [String], to queue: Queue) {
        statements.append([
            "Sid": .string(label), "Effect": "Allow",
            "Principal": ["AWS": Self.oneOrMany(accounts.map { "arn:aws:iam::\($0):root" })],
            "Action": Self.oneOrMany(actions.map { "SQS:\($0)" }), "Resource": .string(queue.key.arn),
        ])
    }

    mutating func remove(_ label: String) { statements.removeAll { $0["Sid"]?.string == label } }

    /// The attributes of the queue with this policy; without any when no statement is left.
    func attributes(of queue: Queue) -> [String: String] {
        var changed = policy
        changed["Statement"] = .array(statements)
        var attributes = queue.settings.given
        attributes["Policy"] = statements.isEmpty ? nil : changed.text()
        return attributes
    }

    private static func oneOrMany(_ values: [String]) -> JSON {
        values.count == 1 ? .string(values[0]) : .array(values.map(JSON.string))
    }
}
