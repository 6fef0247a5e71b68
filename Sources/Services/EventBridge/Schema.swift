import BatonStore

/// The tables of EventBridge. Every row is one resource: what it is found by has a column, the rest is JSON text in
/// `body`.
enum EventsSchema {
    private static func named(_ table: String) -> String {
        """
        CREATE TABLE \(table) (
            account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (account, region, name)) STRICT, WITHOUT ROWID;
        """
    }

    static let migrations = [
        Migration(
            name: "events-1",
            sql: named("events_bus") + named("events_connection") + named("events_destination")
                + named("events_archive") + named("events_replay") + """
                    CREATE TABLE events_rule (
                        account TEXT NOT NULL, region TEXT NOT NULL, bus TEXT NOT NULL, name TEXT NOT NULL,
                        body TEXT NOT NULL, PRIMARY KEY (account, region, bus, name)) STRICT, WITHOUT ROWID;
                    CREATE TABLE events_target (
                        account TEXT NOT NULL, region TEXT NOT NULL, bus TEXT NOT NULL, rule TEXT NOT NULL,
                        id TEXT NOT NULL, arn TEXT NOT NULL, body TEXT NOT NULL,
                        PRIMARY KEY (account, region, bus, rule, id)) STRICT, WITHOUT ROWID;
                    CREATE INDEX events_target_by_arn ON events_target (account, region, arn);
                    CREATE TABLE events_archived (
                        id INTEGER PRIMARY KEY, archive TEXT NOT NULL, at_ms INTEGER NOT NULL, event TEXT NOT NULL)
                        STRICT;
                    CREATE INDEX events_archived_by_time ON events_archived (archive, at_ms, id);
                    """),
        Migration(name: "events-2", sql: named("events_endpoint")),
    ]
}
