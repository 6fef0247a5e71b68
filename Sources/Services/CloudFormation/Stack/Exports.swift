import AWSWire
import BatonStore
import GRDB
import JSON

/// Values that stacks export and other stacks of the same account and region import.
enum Exports {
    static func value(_ name: String, _ account: String, _ region: String, _ db: Database) throws -> String? {
        try db.row(
            "SELECT value FROM cfn_exports WHERE account = ? AND region = ? AND name = ?", account, region, name)?[
                "value"]
    }

    static func all(_ account: String, _ region: String, _ db: Database) throws -> [String: String] {
        let rows = try db.rows("SELECT name, value FROM cfn_exports WHERE account = ? AND region = ?", account, region)
        return Dictionary(rows.map { ($0["name"] as String, $0["value"] as String) }) { first, _ in first }
    }

    /// The names of the living stacks that import a value.
    static func importers(_ name: String, _ account: String, _ region: String, _ db: Database) throws -> [String] {
        try db.rows(
            """
            SELECT s.name AS name FROM cfn_imports i JOIN cfn_stacks s ON s.id = i.stack_id
            WHERE i.account = ? AND i.region = ? AND i.name = ? AND s.live = 1 ORDER BY s.name
            """, account, region, name
        ).map { $0["name"] }
    }

    /// Replaces the exports of a stack. Throws a ValidationError where that must not be.
    static func publish(_ exports: [(name: String, value: String)], _ stack: StackRecord, _ db: Database) throws {
        let rows = try db.rows("SELECT name, value FROM cfn_exports WHERE stack_id = ? ORDER BY name", stack.id)
        for row in rows {
            let (name, value) = (row["name"] as String, row["value"] as String)
            let kept = exports.first { $0.name == name }
            guard kept?.value != value, let user = try importers(name, stack.account, stack.region, db).first else {
                continue
            }
            throw CloudFormationError.validation(
                "Export \(name) cannot be \(kept == nil ? "deleted" : "updated") as it is in use by \(user)")
        }
        try db.execute("DELETE FROM cfn_exports WHERE stack_id = ?", stack.id)
        for (name, value) in exports {
            let owner = try db.row(
                """
                SELECT s.name AS name FROM cfn_exports e JOIN cfn_stacks s ON s.id = e.stack_id
                WHERE e.account = ? AND e.region = ? AND e.name = ?
                """, stack.account, stack.region, name)
            if let owner {
                throw CloudFormationError.validation(
                    "Export with name \(name) is already exported by stack \(owner["name"] as String)")
            }
            try db.execute(
                "INSERT INTO cfn_exports (account, region, name, stack_id, value) VALUES (?, ?, ?, ?, ?)",
                stack.account, stack.region, name, stack.id, value)
        }
    }

    static func keepImports(_ names: Set<String>, _ stack: StackRecord, _ db: Database) throws {
        for name in names.sorted() {
            try db.execute(
                "INSERT OR IGNORE INTO cfn_imports (account, region, name, stack_id) VALUES (?, ?, ?, ?)",
                stack.account, stack.region, name, stack.id)
        }
    }

    /// After an operation: exactly these names are imported.
    static func replaceImports(_ names: Set<String>, _ stack: StackRecord, _ db: Database) throws {
        try db.execute("DELETE FROM cfn_imports WHERE stack_id = ?", stack.id)
        try keepImports(names, stack, db)
    }

    /// Refuses to give up exports that others use. Source: DeleteStack.
    static func checkUnused(_ stack: StackRecord, _ db: Database) throws {
        for row in try db.rows("SELECT name FROM cfn_exports WHERE stack_id = ? ORDER BY name", stack.id) {
            let name: String = row["name"]
            let users = try importers(name, stack.account, stack.region, db).filter { $0 != stack.name }
            guard let user = users.first else { continue }
            throw CloudFormationError.validation("Export \(name) cannot be deleted as it is in use by \(user)")
        }
    }

    static func forget(_ stack: StackRecord, _ db: Database) throws {
        try db.execute("DELETE FROM cfn_exports WHERE stack_id = ?", stack.id)
        try db.execute("DELETE FROM cfn_imports WHERE stack_id = ?", stack.id)
    }
}
