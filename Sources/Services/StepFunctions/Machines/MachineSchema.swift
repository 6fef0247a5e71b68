import BatonStore

/// The tables of state machines.
///
/// A revision never changes and is never removed while executions may need it: executions, versions and the machine
/// itself point to one. `revision_id` is empty for the first, which AWS does not name either. A machine is `ACTIVE`, or
/// `DELETING` while executions of it run.
enum MachineSchema {
    static let first = Migration(
        name: "stepfunctions-machines-1",
        sql: """
            CREATE TABLE sfn_revision (
                id INTEGER PRIMARY KEY AUTOINCREMENT, machine_arn TEXT NOT NULL, name TEXT NOT NULL,
                type TEXT NOT NULL, revision_id TEXT NOT NULL, definition TEXT NOT NULL, role_arn TEXT NOT NULL,
                logging TEXT NOT NULL, is_traced INTEGER NOT NULL, encryption TEXT NOT NULL,
                updated_ms INTEGER NOT NULL) STRICT;
            CREATE TABLE sfn_state_machine (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                type TEXT NOT NULL, revision INTEGER NOT NULL REFERENCES sfn_revision (id),
                first_revision INTEGER NOT NULL, first_version TEXT NOT NULL, last_version INTEGER NOT NULL DEFAULT 0,
                tags TEXT NOT NULL, created_ms INTEGER NOT NULL, status TEXT NOT NULL DEFAULT 'ACTIVE',
                UNIQUE (account, region, name)) STRICT;
            CREATE TABLE sfn_version (
                machine INTEGER NOT NULL, number INTEGER NOT NULL, revision INTEGER NOT NULL,
                description TEXT NOT NULL, created_ms INTEGER NOT NULL,
                PRIMARY KEY (machine, number)) STRICT;
            CREATE TABLE sfn_alias (
                machine INTEGER NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, routing TEXT NOT NULL,
                created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
                PRIMARY KEY (machine, name)) STRICT;
            """)
}
