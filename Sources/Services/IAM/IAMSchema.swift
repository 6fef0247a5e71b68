import BatonStore

/// The tables of IAM. Everything belongs to an account; there are no regions.
enum IAMSchema {
    static let migrations = [
        Migration(
            name: "iam-1",
            sql: """
                CREATE TABLE iam_entity (
                    account TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
                    path TEXT NOT NULL, id TEXT NOT NULL, created_ms INTEGER NOT NULL, body TEXT NOT NULL,
                    PRIMARY KEY (account, kind, key)) STRICT, WITHOUT ROWID;
                CREATE TABLE iam_link (
                    account TEXT NOT NULL, relation TEXT NOT NULL, holder TEXT NOT NULL, target TEXT NOT NULL,
                    number INTEGER NOT NULL, PRIMARY KEY (account, relation, holder, target)) STRICT, WITHOUT ROWID;
                CREATE INDEX iam_link_by_target ON iam_link (account, relation, target);
                CREATE TABLE iam_access_key (
                    id TEXT PRIMARY KEY, account TEXT NOT NULL, user_key TEXT NOT NULL, secret TEXT NOT NULL,
                    status TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
                CREATE INDEX iam_access_key_by_user ON iam_access_key (account, user_key);
                """)
    ]
}
