import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The schedules of one group or of all, 100 at a time. Errors: ResourceNotFoundException. Source: API reference,
/// ListSchedules.
enum ListSchedules: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let groupName: String?
        let maxResults: Int?
        let namePrefix: String?
        let nextToken: String?
        let state: String?
    }

    struct Output: Encodable, Sendable {
        let schedules: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let start = try Page.start(input.nextToken)
        let found: [Schedule] = try context.read { db in
            if let group = input.groupName { _ = try ScheduleGroup.require(group, context, db) }
            return try db.rows(
                """
                SELECT body FROM scheduler_schedule
                WHERE account = ? AND region = ? AND group_name || '/' || name > ? ORDER BY group_name || '/' || name
                """, context.account, context.region, start
            ).map { try JSON.parse($0["body"] as String).decoded(as: Schedule.self) }
        }
        let wanted = found.filter { schedule in
            (input.groupName == nil || schedule.group == input.groupName)
                && schedule.name.hasPrefix(input.namePrefix ?? "")
                && (input.state == nil || schedule.state == input.state)
        }
        let (page, token) = Page.cut(wanted, input.maxResults) { "\($0.group)/\($0.name)" }
        return Output(schedules: page.map(\.listed), nextToken: token)
    }
}

/// Pages of lists in the order of names: 100 at most.
enum Page {
    static let size = 100

    /// The name behind which to go on.
    static func start(_ token: String?) throws(AWSError) -> String {
        guard let token else { return "" }
        guard let start = PageToken.decode(token)?.string else { throw SchedulerError.nextToken }
        return start
    }

    static func cut<T>(_ items: [T], _ limit: Int?, _ name: (T) -> String) -> (items: [T], token: String?) {
        let count = min(limit ?? size, size)
        guard items.count > count, let last = items.prefix(count).last else { return (items, nil) }
        return (Array(items.prefix(count)), PageToken.encode(.string(name(last))))
    }
}
