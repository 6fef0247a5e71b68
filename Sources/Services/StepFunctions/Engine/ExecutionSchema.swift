import BatonStore

/// The tables of executions.
///
/// | table | a row is |
/// |---|---|
/// | `sfn_execution` | one execution; its id is made by the engine |
/// | `sfn_history` | the events of one commit, as a JSON array |
/// | `sfn_thread` | one thread of an execution that has not ended, or that can be redriven |
/// | `sfn_output` | outputs of branches and iterations that ended in one commit while their state goes on |
/// | `sfn_waiter` | a thread that waits for the end of another execution |
/// | `sfn_activity_task` | a task of an activity that no worker has taken yet |
///
/// `sfn_thread.work`: 0 nothing to do, 1 to be run, 2 its attempt is to be made, 3 the execution it waits for has ended.
/// `answer` is the outcome of an attempt that was recorded with the attempt itself.
enum ExecutionSchema {
    static let first = Migration(
        name: "stepfunctions-executions-1",
        sql: """
            CREATE TABLE sfn_execution (
                id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, arn TEXT NOT NULL UNIQUE,
                machine_arn TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, version_arn TEXT,
                alias_arn TEXT, status TEXT NOT NULL, start_ms INTEGER NOT NULL, stop_ms INTEGER, input TEXT NOT NULL,
                output TEXT, error TEXT, cause TEXT, redrive_count INTEGER NOT NULL DEFAULT 0, redrive_ms INTEGER,
                map_run INTEGER, map_state TEXT, item INTEGER, item_count INTEGER, start_at TEXT, trace_header TEXT,
                mock_case TEXT) STRICT;
            CREATE INDEX sfn_execution_by_machine ON sfn_execution (machine_arn, id);
            CREATE INDEX sfn_execution_by_status ON sfn_execution (machine_arn, status, id);
            CREATE INDEX sfn_execution_by_map_run ON sfn_execution (map_run, id) WHERE map_run IS NOT NULL;
            CREATE TABLE sfn_history (
                execution INTEGER NOT NULL, first_id INTEGER NOT NULL, count INTEGER NOT NULL, events BLOB NOT NULL,
                PRIMARY KEY (execution, first_id)) STRICT, WITHOUT ROWID;
            CREATE TABLE sfn_thread (
                execution INTEGER NOT NULL, id INTEGER NOT NULL, work INTEGER NOT NULL, state TEXT NOT NULL,
                answer TEXT, PRIMARY KEY (execution, id)) STRICT, WITHOUT ROWID;
            CREATE INDEX sfn_thread_by_work ON sfn_thread (execution) WHERE work > 0;
            CREATE TABLE sfn_output (
                execution INTEGER NOT NULL, thread INTEGER NOT NULL, after_id INTEGER NOT NULL, outputs TEXT NOT NULL,
                PRIMARY KEY (execution, thread, after_id)) STRICT, WITHOUT ROWID;
            CREATE TABLE sfn_waiter (
                child_arn TEXT NOT NULL, execution INTEGER NOT NULL, thread INTEGER NOT NULL, epoch INTEGER NOT NULL,
                PRIMARY KEY (child_arn, execution, thread)) STRICT, WITHOUT ROWID;
            CREATE TABLE sfn_activity_task (
                id INTEGER PRIMARY KEY AUTOINCREMENT, activity_arn TEXT NOT NULL, execution INTEGER NOT NULL,
                thread INTEGER NOT NULL, epoch INTEGER NOT NULL, token TEXT NOT NULL, input TEXT NOT NULL,
                UNIQUE (execution, thread)) STRICT;
            CREATE INDEX sfn_activity_task_by_activity ON sfn_activity_task (activity_arn, id);
            CREATE INDEX sfn_activity_task_by_token ON sfn_activity_task (token);
            """)
}
