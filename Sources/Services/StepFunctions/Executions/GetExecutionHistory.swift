import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

import struct Foundation.Data

/// The events of a standard execution, oldest first unless reversed; pages of 100, at most 1,000.
/// Errors: InvalidArn, ExecutionDoesNotExist, InvalidToken.
/// Source: Step Functions API reference, GetExecutionHistory.
enum GetExecutionHistory: Operation {
    struct Input: Decodable, Sendable {
        let executionArn: String
        let maxResults: Int?
        let reverseOrder: Bool?
        let nextToken: String?
        let includeExecutionData: Bool?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let size = Paging.size(input.maxResults)
        let isReversed = input.reverseOrder ?? false
        let place = try Paging.place(input.nextToken)?.int
        return try context.read { db in
            let record = try ExecutionRecord.existing(input.executionArn, db)
            var events: [JSON] = []
            // One more than the page tells whether there is a next one.
            let rows =
                isReversed
                ? try Row.fetchCursor(
                    db,
                    sql: """
                        SELECT events FROM sfn_history WHERE execution = ? AND first_id <= ? ORDER BY first_id DESC
                        """, arguments: [record.id, place ?? .max])
                : try Row.fetchCursor(
                    db,
                    sql: """
                        SELECT events FROM sfn_history WHERE execution = ? AND first_id + count > ? ORDER BY first_id
                        """, arguments: [record.id, place ?? 0])
            while events.count <= size, let row = try rows.next() {
                let bytes: Data = row["events"]
                let block = try JSON.parse(Array(bytes)).array ?? []
                for event in isReversed ? block.reversed() : block where events.count <= size {
                    let id = event["id"]?.int ?? 0
                    guard place.map({ isReversed ? id <= $0 : id >= $0 }) ?? true else { continue }
                    events.append(event)
                }
            }
            var answer: JSON.Object = [:]
            if events.count > size, let next = events.last?["id"] {
                events.removeLast()
                answer["nextToken"] = .string(PageToken.encode(next))
            }
            if input.includeExecutionData == false { events = events.map(withoutData) }
            answer["events"] = .array(events)
            return .object(answer)
        }
    }

    private static let data: Set<String> = ["input", "output", "parameters", "assignedVariables"]

    private static func withoutData(_ event: JSON) -> JSON {
        guard let members = event.object else { return event }
        return .object(
            JSON.Object(
                members.map { name, value in
                    guard name.hasSuffix("EventDetails"), let details = value.object else { return (name, value) }
                    return (
                        name, .object(JSON.Object(details.filter { !data.contains($0.key) }.map { ($0.key, $0.value) }))
                    )
                }))
    }
}
