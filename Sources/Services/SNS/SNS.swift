public import BatonCore
public import BatonStore

/// Simple Notification Service: topics, subscriptions, filtered fan-out to queues, functions and HTTP endpoints.
public final class SNS: Service {
    public static let id = "sns"
    public static let operations: [any Operation.Type] =
        [
            AddPermission.self, ConfirmSubscription.self, CreateTopic.self, DeleteTopic.self,
            GetDataProtectionPolicy.self, GetSubscriptionAttributes.self, GetTopicAttributes.self,
            ListSubscriptions.self, ListSubscriptionsByTopic.self, ListTagsForResource.self, ListTopics.self,
            Publish.self, PublishBatch.self, PutDataProtectionPolicy.self, RemovePermission.self,
            SetSubscriptionAttributes.self, SetTopicAttributes.self, Subscribe.self, TagResource.self,
            Unsubscribe.self, UntagResource.self,
        ] + TextMessages.operations
    public static let migrations = SNSSchema.migrations + [TextMessages.migration]

    let topics = Topics()

    public init() {}

    public func start(_ host: Host) async throws {
        try topics.load(host.store)
        host.onDue(DueDelivery.kind) { [topics] row, context in
            try await DueDelivery(topics: topics, context: context).handle(row)
        }
        host.onDue(Expiry.kind) { [topics] row, _ in Expiry.outcome(row, topics) }
    }
}
