public import BatonStore

extension Lambda {
    /// - lambda_function: one row for each name.
    /// - lambda_version: `$LATEST` and the published versions, each with its settings as JSON.
    /// - lambda_alias, lambda_permission, lambda_event_config: by function and alias; `qualifier` is `$LATEST` where AWS
    ///   means the function itself.
    /// - lambda_mapping: event source mappings with their settings as JSON.
    /// - lambda_layer_version: layers; deleted ones stay for the functions that use them.
    /// - lambda_layer_permission: statements of the policies of layer versions.
    /// - lambda_attachment: what is kept beside a function, a version or an alias, by its kind: its URL, its provisioned
    ///   concurrency and the like. `qualifier` is empty where AWS means the function itself.
    /// - lambda_stream_position: where the reader of a stream goes on, and how its last batch ended.
    public static let migrations = [
        Migration(
            name: "lambda-1",
            sql: """
                CREATE TABLE lambda_function (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                    next_version INTEGER NOT NULL DEFAULT 1, reserved INTEGER, tags TEXT NOT NULL,
                    PRIMARY KEY (account, region, name)) STRICT, WITHOUT ROWID;
                CREATE TABLE lambda_version (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
                    number INTEGER NOT NULL, settings TEXT NOT NULL, code_sha256 TEXT NOT NULL,
                    code_size INTEGER NOT NULL, revision TEXT NOT NULL, modified_ms INTEGER NOT NULL,
                    PRIMARY KEY (account, region, name, version)) STRICT, WITHOUT ROWID;
                CREATE TABLE lambda_alias (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, alias TEXT NOT NULL,
                    version TEXT NOT NULL, description TEXT NOT NULL, weights TEXT NOT NULL, revision TEXT NOT NULL,
                    PRIMARY KEY (account, region, name, alias)) STRICT, WITHOUT ROWID;
                CREATE TABLE lambda_permission (
                    id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                    qualifier TEXT NOT NULL, statement_id TEXT NOT NULL, statement TEXT NOT NULL,
                    revision TEXT NOT NULL,
                    UNIQUE (account, region, name, qualifier, statement_id)) STRICT;
                CREATE TABLE lambda_event_config (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, qualifier TEXT NOT NULL,
                    settings TEXT NOT NULL, modified_ms INTEGER NOT NULL,
                    PRIMARY KEY (account, region, name, qualifier)) STRICT, WITHOUT ROWID;
                CREATE TABLE lambda_mapping (
                    uuid TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                    qualifier TEXT, source_arn TEXT NOT NULL, is_enabled INTEGER NOT NULL, settings TEXT NOT NULL,
                    tags TEXT NOT NULL, modified_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                CREATE INDEX lambda_mapping_by_function ON lambda_mapping (account, region, name);
                """),
        Migration(
            name: "lambda-streams-1",
            sql: """
                CREATE TABLE lambda_stream_position (
                    mapping TEXT PRIMARY KEY, iterator TEXT NOT NULL, result TEXT NOT NULL) STRICT, WITHOUT ROWID;
                """),
        Migration(
            name: "lambda-layers-1",
            sql: """
                CREATE TABLE lambda_layer_version (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
                    description TEXT, runtimes TEXT NOT NULL, architectures TEXT NOT NULL, license TEXT,
                    code_sha256 TEXT NOT NULL, code_size INTEGER NOT NULL, created_ms INTEGER NOT NULL,
                    is_deleted INTEGER NOT NULL DEFAULT 0,
                    PRIMARY KEY (account, region, name, version)) STRICT, WITHOUT ROWID;
                CREATE TABLE lambda_layer_permission (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
                    statement_id TEXT NOT NULL, statement TEXT NOT NULL, revision TEXT NOT NULL,
                    PRIMARY KEY (account, region, name, version, statement_id)) STRICT, WITHOUT ROWID;
                CREATE TABLE lambda_attachment (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
                    qualifier TEXT NOT NULL, settings TEXT NOT NULL, created_ms INTEGER NOT NULL,
                    modified_ms INTEGER NOT NULL,
                    PRIMARY KEY (account, region, name, kind, qualifier)) STRICT, WITHOUT ROWID;
                """),
    ]
}
