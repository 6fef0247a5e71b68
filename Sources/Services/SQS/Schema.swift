import BatonStore

/// The tables of SQS.
///
/// Messages belong to a *lane*, not to a queue: purging or deleting a queue gives up its lane at once, and the rows in
/// it are removed afterwards in small steps.
enum Schema {
    static let first = Migration(
        name: "sqs-1",
        sql: """
            -- attributes and tags: JSON objects of strings; sequence: the last sequence number given (FIFO).
            CREATE TABLE sqs_queues (
                id INTEGER PRIMARY KEY AUTOINCREMENT, lane INTEGER NOT NULL,
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                attributes TEXT NOT NULL, tags TEXT NOT NULL,
                created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL, purged_ms INTEGER NOT NULL DEFAULT 0,
                sequence INTEGER NOT NULL DEFAULT 0,
                UNIQUE (account, region, name)) STRICT;
            CREATE TABLE sqs_lanes (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;

            -- visible_ms: when the message can be received next; receives: how often it was; first_ms: when first.
            -- grp: MessageGroupId; sequence: FIFO only; extra: JSON, see MessageExtra. A long body comes last.
            CREATE TABLE sqs_messages (
                id INTEGER PRIMARY KEY, lane INTEGER NOT NULL,
                visible_ms INTEGER NOT NULL, sent_ms INTEGER NOT NULL,
                receives INTEGER NOT NULL DEFAULT 0, first_ms INTEGER,
                message_id TEXT NOT NULL, sender TEXT NOT NULL, grp TEXT, sequence INTEGER, extra TEXT,
                body TEXT NOT NULL) STRICT;
            CREATE INDEX sqs_messages_by_time ON sqs_messages (lane, visible_ms, sent_ms, receives);
            CREATE INDEX sqs_messages_by_group ON sqs_messages (lane, grp) WHERE sequence IS NOT NULL;

            -- One row for each message group of a FIFO queue that has messages. ready_ms: when its head can be received;
            -- while messages of the group are in flight, when the last of them returns.
            CREATE TABLE sqs_groups (
                lane INTEGER NOT NULL, grp TEXT NOT NULL, ready_ms INTEGER NOT NULL, head INTEGER NOT NULL,
                PRIMARY KEY (lane, grp)) STRICT, WITHOUT ROWID;
            CREATE INDEX sqs_groups_by_time ON sqs_groups (lane, ready_ms, head);

            -- What was sent to FIFO queues in the last five minutes.
            CREATE TABLE sqs_deduplication (
                queue INTEGER NOT NULL, key TEXT NOT NULL, message_id TEXT NOT NULL, sequence INTEGER NOT NULL,
                expires_ms INTEGER NOT NULL, PRIMARY KEY (queue, key)) STRICT, WITHOUT ROWID;
            CREATE INDEX sqs_deduplication_by_time ON sqs_deduplication (expires_ms);

            -- What a ReceiveRequestAttemptId got; messages: JSON array of [row, receives, receivedMs].
            CREATE TABLE sqs_attempts (
                queue INTEGER NOT NULL, attempt TEXT NOT NULL, messages TEXT NOT NULL, expires_ms INTEGER NOT NULL,
                PRIMARY KEY (queue, attempt)) STRICT, WITHOUT ROWID;
            CREATE INDEX sqs_attempts_by_time ON sqs_attempts (expires_ms);

            CREATE TABLE sqs_move_tasks (
                id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL,
                source TEXT NOT NULL, destination TEXT, per_second INTEGER, status TEXT NOT NULL,
                moved INTEGER NOT NULL DEFAULT 0, to_move INTEGER NOT NULL, failure TEXT,
                started_ms INTEGER NOT NULL) STRICT;
            CREATE INDEX sqs_move_tasks_by_source ON sqs_move_tasks (source, started_ms);
            """)
}
