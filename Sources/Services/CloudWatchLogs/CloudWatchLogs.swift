public import BatonCore
public import BatonStore

/// Amazon CloudWatch Logs: groups, streams and their events.
public final class CloudWatchLogs: Service {
    public static let id = "logs"

    public init() {}

    public static let operations: [any Operation.Type] = [
        AssociateKmsKey.self, DisassociateKmsKey.self, PutLogGroupDeletionProtection.self, ListLogGroups.self,
        PutSubscriptionFilter.self, DescribeSubscriptionFilters.self, DeleteSubscriptionFilter.self,
        PutMetricFilter.self, DescribeMetricFilters.self, DeleteMetricFilter.self, TestMetricFilter.self,
        PutResourcePolicy.self, DescribeResourcePolicies.self, DeleteResourcePolicy.self,
        PutQueryDefinition.self, DescribeQueryDefinitions.self, DeleteQueryDefinition.self,
        StartQuery.self, GetQueryResults.self, StopQuery.self, DescribeQueries.self, GetLogRecord.self,
        CreateLogGroup.self, CreateLogStream.self, DeleteLogGroup.self, DeleteLogStream.self,
        DeleteRetentionPolicy.self, DescribeLogGroups.self, DescribeLogStreams.self, FilterLogEvents.self,
        GetLogEvents.self, ListTagsForResource.self, ListTagsLogGroup.self, PutLogEvents.self,
        PutRetentionPolicy.self, TagLogGroup.self, TagResource.self, UntagLogGroup.self, UntagResource.self,
    ]

    /// Events are found by their stream and time, and, across the streams of a group, by time alone.
    public static let migrations = [
        Migration(
            name: "logs-1",
            sql: """
                CREATE TABLE logs_group (
                    id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                    created_ms INTEGER NOT NULL, retention_days INTEGER, kms_key TEXT, class TEXT NOT NULL,
                    is_protected INTEGER NOT NULL, tags TEXT NOT NULL, stored_bytes INTEGER NOT NULL DEFAULT 0,
                    UNIQUE (account, region, name)) STRICT;
                CREATE TABLE logs_stream (
                    id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, name TEXT NOT NULL, created_ms INTEGER NOT NULL,
                    first_ms INTEGER, last_ms INTEGER, ingested_ms INTEGER, puts INTEGER NOT NULL DEFAULT 0,
                    UNIQUE (group_id, name)) STRICT;
                CREATE INDEX logs_stream_by_time ON logs_stream (group_id, last_ms);
                CREATE TABLE logs_event (
                    id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, stream_id INTEGER NOT NULL,
                    at_ms INTEGER NOT NULL, ingested_ms INTEGER NOT NULL, message TEXT NOT NULL) STRICT;
                CREATE INDEX logs_event_by_stream ON logs_event (stream_id, at_ms);
                CREATE INDEX logs_event_by_group ON logs_event (group_id, at_ms);
                """),
        LogFilter.migration,
    ]

    public func start(_ host: Host) async throws {
        host.onDue(SubscribedEvents.kind) { row, context in try await SubscribedEvents.deliver(row, context) }
        host.onDue(LogQuery.kind) { row, context in try await LogQuery.run(row, context) }
    }
}
