import BatonStore

/// The tables of Batch. Names, states and numbers that are searched for have columns; what is only handed on is JSON.
enum Schema {
    /// - `batch_job`: one row for each job, child of an array and node. `spec` is what was submitted, resolved; children
    ///   have their parent's. `status`: see ``JobStatus``; `kind`: see ``JobKind``. `open_dependencies` counts edges, and
    ///   for children one more as long as their parent waits. `vcpus` are thousandths, `memory` MiB.
    ///   The order of the columns is that of ``JobRecord``.
    /// - `batch_log`: how much of the output in a container's folder is in its log stream, bytes.
    /// - `batch_edge`: `target` waits for `source`; goes when `source` ends.
    static let migration = Migration(
        name: "batch-1",
        sql: """
            CREATE TABLE batch_environment (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                state TEXT NOT NULL, type TEXT NOT NULL, settings TEXT NOT NULL, tags TEXT NOT NULL,
                UNIQUE (account, region, name)) STRICT;
            CREATE TABLE batch_queue (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                state TEXT NOT NULL, priority INTEGER NOT NULL, policy TEXT, settings TEXT NOT NULL, tags TEXT NOT NULL,
                UNIQUE (account, region, name)) STRICT;
            CREATE TABLE batch_definition (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL,
                status TEXT NOT NULL, settings TEXT NOT NULL, tags TEXT NOT NULL,
                PRIMARY KEY (account, region, name, revision)) STRICT, WITHOUT ROWID;
            CREATE TABLE batch_policy (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, settings TEXT NOT NULL,
                tags TEXT NOT NULL, PRIMARY KEY (account, region, name)) STRICT, WITHOUT ROWID;
            CREATE TABLE batch_consumable (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                type TEXT NOT NULL, total INTEGER NOT NULL, created_ms INTEGER NOT NULL, tags TEXT NOT NULL,
                UNIQUE (account, region, name)) STRICT;
            CREATE TABLE batch_job (
                seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL,
                region TEXT NOT NULL, queue_id INTEGER NOT NULL, kind INTEGER NOT NULL, parent INTEGER,
                child_index INTEGER, name TEXT NOT NULL, definition TEXT NOT NULL, status INTEGER NOT NULL, spec TEXT,
                vcpus INTEGER NOT NULL, memory INTEGER NOT NULL, gpus INTEGER NOT NULL, priority INTEGER NOT NULL,
                share TEXT, needs TEXT, open_dependencies INTEGER NOT NULL DEFAULT 0,
                open_children INTEGER NOT NULL DEFAULT 0, failed_children INTEGER NOT NULL DEFAULT 0,
                environment_id INTEGER, attempt INTEGER NOT NULL DEFAULT 0, attempts TEXT NOT NULL DEFAULT '[]',
                launch TEXT, log_stream TEXT, exit_code INTEGER, exit_reason TEXT, reason TEXT,
                cancelled INTEGER NOT NULL DEFAULT 0, terminated INTEGER NOT NULL DEFAULT 0, stop_reason TEXT, tags TEXT,
                created_ms INTEGER NOT NULL, runnable_ms INTEGER, started_ms INTEGER, stopped_ms INTEGER) STRICT;
            CREATE INDEX batch_job_unfinished ON batch_job (status) WHERE status < 5;
            CREATE INDEX batch_job_of_queue ON batch_job (queue_id, status) WHERE parent IS NULL;
            CREATE INDEX batch_job_of_parent ON batch_job (parent, child_index) WHERE parent IS NOT NULL;
            CREATE INDEX batch_job_history ON batch_job (stopped_ms) WHERE parent IS NULL AND stopped_ms IS NOT NULL;
            CREATE TABLE batch_log (folder TEXT PRIMARY KEY, delivered INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE batch_edge (
                source INTEGER NOT NULL, target INTEGER NOT NULL, PRIMARY KEY (source, target)) STRICT, WITHOUT ROWID;
            """)
}
