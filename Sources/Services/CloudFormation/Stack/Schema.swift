import BatonStore

/// The tables of this service. Times are epoch milliseconds, JSON stands as text.
///
/// - `cfn_stacks`: one row per stack, deleted ones included (`live` 0). `definition` is what the stack shall be (template,
///   parameters, tags), `previous` what it was before the update at hand. `operation_id` names the operation at hand,
///   `lifecycle` is its course.
/// - `cfn_resources`: the resources of a stack. `previous` is the record before the update at hand, or, after a
///   replacement was undone, the replacement that has to go.
/// - `cfn_events`: what DescribeStackEvents answers, `seq` ascending.
/// - `cfn_waits`, `cfn_responses`: what custom resources and wait conditions wait for since when, and what has come; with
///   `operation_id` they go with the operation.
/// - `cfn_exports`, `cfn_imports`: by whom a value is exported, and which stacks use it.
enum Schema {
    static let migrations = [
        Migration(
            name: "cloudformation-1",
            sql: """
                CREATE TABLE cfn_stacks (
                    id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                    live INTEGER NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER, deleted_ms INTEGER,
                    status TEXT NOT NULL, reason TEXT, definition TEXT NOT NULL, previous TEXT, settings TEXT NOT NULL,
                    outputs TEXT NOT NULL, operation_id TEXT, lifecycle TEXT) STRICT;
                CREATE UNIQUE INDEX cfn_stacks_by_name ON cfn_stacks (account, region, name) WHERE live = 1;
                CREATE INDEX cfn_stacks_by_time ON cfn_stacks (account, region, created_ms);
                CREATE TABLE cfn_resources (
                    stack_id TEXT NOT NULL, logical_id TEXT NOT NULL, type TEXT NOT NULL, physical_id TEXT NOT NULL,
                    status TEXT NOT NULL, reason TEXT, updated_ms INTEGER NOT NULL, needs TEXT NOT NULL,
                    properties TEXT NOT NULL, attributes TEXT NOT NULL, metadata TEXT, deletion_policy TEXT NOT NULL,
                    replace_policy TEXT NOT NULL, begun TEXT, previous TEXT,
                    PRIMARY KEY (stack_id, logical_id)) STRICT, WITHOUT ROWID;
                CREATE INDEX cfn_resources_by_physical ON cfn_resources (physical_id);
                CREATE TABLE cfn_events (
                    seq INTEGER PRIMARY KEY AUTOINCREMENT, stack_id TEXT NOT NULL, event_id TEXT NOT NULL,
                    logical_id TEXT NOT NULL, physical_id TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
                    reason TEXT, properties TEXT, at_ms INTEGER NOT NULL, token TEXT) STRICT;
                CREATE INDEX cfn_events_by_stack ON cfn_events (stack_id, seq);
                CREATE TABLE cfn_change_sets (
                    id TEXT PRIMARY KEY, stack_id TEXT NOT NULL, name TEXT NOT NULL, created_ms INTEGER NOT NULL,
                    status TEXT NOT NULL, execution_status TEXT NOT NULL, reason TEXT, document TEXT NOT NULL) STRICT;
                CREATE UNIQUE INDEX cfn_change_sets_by_name ON cfn_change_sets (stack_id, name);
                CREATE TABLE cfn_exports (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, stack_id TEXT NOT NULL,
                    value TEXT NOT NULL, PRIMARY KEY (account, region, name)) STRICT, WITHOUT ROWID;
                CREATE TABLE cfn_imports (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, stack_id TEXT NOT NULL,
                    PRIMARY KEY (account, region, name, stack_id)) STRICT, WITHOUT ROWID;
                """),
        Migration(
            name: "cloudformation-responses-1",
            sql: """
                CREATE TABLE cfn_waits (
                    token TEXT PRIMARY KEY, begun_ms INTEGER NOT NULL, operation_id TEXT) STRICT, WITHOUT ROWID;
                CREATE INDEX cfn_waits_by_operation ON cfn_waits (operation_id);
                CREATE TABLE cfn_responses (
                    token TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
                    PRIMARY KEY (token, id)) STRICT, WITHOUT ROWID;
                """),
    ]
}
