import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The groups, 100 at a time. Source: API reference, ListScheduleGroups.
enum ListScheduleGroups: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let maxResults: Int?
        let namePrefix: String?
        let nextToken: String?
    }

    struct Output: Encodable, Sendable {
        let scheduleGroups: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let start = try Page.start(input.nextToken)
        let groups: [ScheduleGroup] = try context.read { db in
            var all = try db.rows(
                "SELECT body FROM scheduler_group WHERE account = ? AND region = ?", context.account, context.region
            ).map { try JSON.parse($0["body"] as String).decoded(as: ScheduleGroup.self) }
            if !all.contains(where: { $0.name == ScheduleGroup.defaultName }) {
                all.append(try ScheduleGroup.require(ScheduleGroup.defaultName, context, db))
            }
            return all.filter { $0.name > start && $0.name.hasPrefix(input.namePrefix ?? "") }
                .sorted { $0.name < $1.name }
        }
        let (page, token) = Page.cut(groups, input.maxResults) { $0.name }
        return Output(scheduleGroups: page.map(\.described), nextToken: token)
    }
}
