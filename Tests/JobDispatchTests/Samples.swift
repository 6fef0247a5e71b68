import Foundation
import JSON

@testable import JobDispatch

/// The system's own samples, with the names of a deployed stack filled in.
enum Samples {
    static let table = "edw-config-table-dev-99"
    static let queueUrl = "https://sqs.us-west-2.amazonaws.com/000000000000/edw-orch-metl-dev-99-queue.fifo"
    static let deadLetterQueueUrl = "https://sqs.us-west-2.amazonaws.com/000000000000/edw-broker-dlq-dev-99"
    static let topicArn = "arn:aws:sns:us-west-2:000000000000:edw-task-complete-dev-99"

    private static let names = [
        "ListenerQueueUrl": queueUrl,
        "ListenerQueueArn": "arn:aws:sqs:us-west-2:000000000000:edw-orch-metl-dev-99-queue.fifo",
        "Region": "us-west-2", "Account": "000000000000", "TriggerTopicName": "edw-event-dev-99",
        "ConfigTableName": table,
    ]

    static func read(_ name: String) -> JSON {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../Systems/JobDispatch/samples")
        guard var text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8) else { return .null }
        for (name, value) in names { text = text.replacing("${\(name)}", with: value) }
        return (try? JSON.parse(text)) ?? .null
    }

    static let rows: [String: JSON] = {
        var rows: [String: JSON] = [:]
        for row in read("config-rows.json").array ?? [] { rows[row["jobId"]?.string ?? ""] = typed(row) }
        rows["TypedVariables"] = read("config-row-typed.json")
        return rows
    }()

    static let replies = read("replies.json")
    static let bodies = read("expected-bodies.json")

    /// A plain object as DynamoDB returns it.
    static func typed(_ object: JSON) -> JSON {
        .object(JSON.Object((object.object ?? [:]).map { ($0.key, attribute($0.value)) }))
    }

    private static func attribute(_ value: JSON) -> JSON {
        switch value {
        case .null: ["NULL": true]
        case .bool: ["BOOL": value]
        case .number(let number): ["N": .string(number.text)]
        case .array(let elements): ["L": .array(elements.map(attribute))]
        case .object, .written: ["M": typed(value)]
        case .string, .bytes: ["S": value]
        }
    }

    static var settings: Settings {
        get throws {
            try Settings([
                "TABLE_NAME": table, "RUN_TABLE": "edw-run-table-dev-99", "DLQ_URL": deadLetterQueueUrl,
                "TASK_COMPLETE_TOPIC_ARN": topicArn,
            ])
        }
    }
}
