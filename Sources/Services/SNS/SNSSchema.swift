import BatonStore

/// The tables of SNS. What is only shown to callers is kept as JSON text; what is searched for has a column.
enum SNSSchema {
    static let migrations = [
        Migration(
            name: "sns-1",
            sql: """
                CREATE TABLE sns_topic (
                    arn TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                    attributes TEXT NOT NULL, tags TEXT NOT NULL, data_protection_policy TEXT NOT NULL DEFAULT '',
                    unsubscribed INTEGER NOT NULL DEFAULT 0, sequence INTEGER NOT NULL DEFAULT 0) STRICT;
                CREATE INDEX sns_topic_by_owner ON sns_topic (account, region, arn);
                CREATE TABLE sns_subscription (
                    arn TEXT PRIMARY KEY, topic_arn TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
                    protocol TEXT NOT NULL, endpoint TEXT NOT NULL, state TEXT NOT NULL,
                    is_authenticated INTEGER NOT NULL, attributes TEXT NOT NULL, token TEXT NOT NULL) STRICT;
                CREATE INDEX sns_subscription_by_topic ON sns_subscription (topic_arn, arn);
                CREATE INDEX sns_subscription_by_owner ON sns_subscription (account, region, arn);
                CREATE INDEX sns_subscription_by_token ON sns_subscription (token);
                CREATE TABLE sns_deduplication (
                    topic_arn TEXT NOT NULL, key TEXT NOT NULL, at_ms INTEGER NOT NULL, message_id TEXT NOT NULL,
                    sequence INTEGER NOT NULL, PRIMARY KEY (topic_arn, key)) STRICT, WITHOUT ROWID;
                CREATE INDEX sns_deduplication_by_time ON sns_deduplication (at_ms);
                """)
    ]
}
