public import BatonCore
public import BatonStore

/// Amazon EventBridge: event buses, rules, schedules as rules, connections and API destinations, archives.
public final class EventBridge: Service {
    public static let id = "events"
    public static let operations: [any BatonCore.Operation.Type] =
        PartnerSources.operations + [
            CreateEndpoint.self, UpdateEndpoint.self, DeleteEndpoint.self, DescribeEndpoint.self, ListEndpoints.self,
            CancelReplay.self, CreateApiDestination.self, CreateArchive.self, CreateConnection.self,
            CreateEventBus.self,
            DeauthorizeConnection.self, DeleteApiDestination.self, DeleteArchive.self, DeleteConnection.self,
            DeleteEventBus.self, DeleteRule.self, DescribeApiDestination.self, DescribeArchive.self,
            DescribeConnection.self, DescribeEventBus.self, DescribeReplay.self, DescribeRule.self, DisableRule.self,
            EnableRule.self, ListApiDestinations.self, ListArchives.self, ListConnections.self, ListEventBuses.self,
            ListReplays.self, ListRuleNamesByTarget.self, ListRules.self, ListTagsForResource.self,
            ListTargetsByRule.self, PutEvents.self, PutPermission.self, PutRule.self, PutTargets.self,
            RemovePermission.self, RemoveTargets.self, StartReplay.self, TagResource.self, TestEventPattern.self,
            UntagResource.self, UpdateApiDestination.self, UpdateArchive.self, UpdateConnection.self,
            UpdateEventBus.self,
        ]
    public static let migrations = EventsSchema.migrations

    let buses = Buses()
    let keeper = ConnectionKeeper()
    let pace = Pace()

    public init() {}

    public func start(_ host: Host) async throws {
        try buses.load(host.store)
        host.publisher = Publisher(buses: buses)
        host.connections = keeper
        host.onDue(DueDelivery.kind) { [buses] row, context in
            try await DueDelivery(buses: buses, context: context).handle(row)
        }
        host.onDue(RuleSchedule.kind, pullsTime: false) { [buses] row, context in
            RuleSchedule.handle(row, buses, context)
        }
        host.onDue(Replay.kind) { [buses] row, context in try Replay.handle(row, buses, context) }
    }
}
