public import BatonCore
public import BatonStore

/// Amazon EventBridge Scheduler: one-time and recurring schedules with any operation as their target.
public final class Scheduler: Service {
    public static let id = "scheduler"
    public static let operations: [any BatonCore.Operation.Type] = [
        CreateSchedule.self, CreateScheduleGroup.self, DeleteSchedule.self, DeleteScheduleGroup.self,
        GetSchedule.self, GetScheduleGroup.self, ListScheduleGroups.self, ListSchedules.self,
        ListTagsForResource.self, TagResource.self, UntagResource.self, UpdateSchedule.self,
    ]
    public static let migrations = [
        Migration(
            name: "scheduler-1",
            sql: """
                CREATE TABLE scheduler_group (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
                    PRIMARY KEY (account, region, name)) STRICT, WITHOUT ROWID;
                CREATE TABLE scheduler_schedule (
                    account TEXT NOT NULL, region TEXT NOT NULL, group_name TEXT NOT NULL, name TEXT NOT NULL,
                    body TEXT NOT NULL, PRIMARY KEY (account, region, group_name, name)) STRICT, WITHOUT ROWID;
                """)
    ]

    public init() {}

    public func start(_ host: Host) async throws {
        host.onDue(ScheduleTimer.once) { row, context in try ScheduleTimer.handle(row, context) }
        host.onDue(ScheduleTimer.recurring, pullsTime: false) { row, context in
            try ScheduleTimer.handle(row, context)
        }
        host.onDue(Invocation.kind) { row, context in try await Invocation.handle(row, context) }
    }
}
