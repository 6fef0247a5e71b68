public import BatonCore
public import BatonStore

/// Amazon DynamoDB: tables, items, indexes, expressions.
///
/// Items are rows keyed by bytes whose order is DynamoDB's own, so that Query and Scan are range reads. Indexes hold
/// keys only and read the items themselves; they are never behind (AWS's global indexes may be).
public final class DynamoDB: Service {
    public static let id = "dynamodb"

    public static let operations: [any Operation.Type] = [
        BatchExecuteStatement.self, BatchGetItem.self, BatchWriteItem.self, CreateTable.self, DeleteItem.self,
        DeleteResourcePolicy.self, DeleteTable.self, DescribeContinuousBackups.self, DescribeEndpoints.self,
        DescribeLimits.self, DescribeTable.self, DescribeTimeToLive.self, ExecuteStatement.self,
        ExecuteTransaction.self, GetItem.self, GetResourcePolicy.self, ListTables.self, ListTagsOfResource.self,
        PutItem.self, PutResourcePolicy.self, Query.self, Scan.self, TagResource.self, TransactGetItems.self,
        TransactWriteItems.self, UntagResource.self, UpdateContinuousBackups.self, UpdateItem.self, UpdateTable.self,
        UpdateTimeToLive.self,
    ]

    public static let migrations = [TableRows.migration, StreamRows.migration, TransactionTokens.migration]

    let cache = TableCache()
    let statistics = StatisticsCache()

    public init() {}

    public func start(_ host: Host) async throws {
        host.onDue(Cleanup.kind, Cleanup.handle)
        host.onDue(Backfill.kind, Backfill.handle)
        host.onDue(Expiry.kind, pullsTime: false) { row, _ in Expiry.handle(row) }
        host.onDue(StreamRows.trimKind, pullsTime: false) { row, _ in StreamRows.trim(row) }
    }
}
