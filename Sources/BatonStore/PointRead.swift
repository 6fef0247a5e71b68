public import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// A connection for reading. Whoever took it from the store's pool has it alone until he puts it back.
final class Reader: @unchecked Sendable {
    let queue: DatabaseQueue
    private let connection: OpaquePointer?
    /// By the place of the SQL, which is a literal of the program: so finding one compares no text.
    private var statements: [(sql: UnsafePointer<UInt8>, statement: OpaquePointer)] = []

    init(_ queue: DatabaseQueue) throws {
        self.queue = queue
        connection = queue.unsafeRead { $0.sqliteConnection }
    }

    func first<T>(
        _ sql: StaticString, _ bind: (borrowing Arguments) -> Void, _ read: (borrowing Columns) -> T
    ) throws -> T? {
        try PointRead(statement: statement(sql)).first(bind, read)
    }

    private func statement(_ sql: StaticString) throws -> OpaquePointer {
        for known in statements where known.sql == sql.utf8Start { return known.statement }
        var statement: OpaquePointer?
        let text = UnsafeRawPointer(sql.utf8Start).assumingMemoryBound(to: CChar.self)
        sqlite3_prepare_v3(
            connection, text, CInt(sql.utf8CodeUnitCount), CUnsignedInt(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard let statement else { throw DatabaseError(lastOf: connection) }
        statements.append((sql.utf8Start, statement))
        return statement
    }

    func close() throws {
        for (_, statement) in statements { sqlite3_finalize(statement) }
        statements = []
        try queue.close()
    }
}

/// One run of a statement that reads at most one row.
struct PointRead {
    let statement: OpaquePointer

    func first<T>(_ bind: (borrowing Arguments) -> Void, _ read: (borrowing Columns) -> T) throws -> T? {
        bind(Arguments(statement))
        // At once: until then it holds on to its snapshot.
        defer { sqlite3_reset(statement) }
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return read(Columns(statement))
        case SQLITE_DONE: return nil
        default: throw DatabaseError(lastOf: sqlite3_db_handle(statement))
        }
    }
}

extension DatabaseError {
    fileprivate init(lastOf connection: OpaquePointer?) {
        self.init(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)))
    }
}

/// Where the values of a statement go, by their position from 0.
public struct Arguments: ~Copyable {
    private let statement: OpaquePointer

    fileprivate init(_ statement: OpaquePointer) { self.statement = statement }

    public func set(_ position: Int, _ number: Int64) { sqlite3_bind_int64(statement, CInt(position + 1), number) }

    public func set(_ position: Int, _ data: Data) {
        _ = data.withUnsafeBytes { bytes in
            // No bytes at all would be NULL. SQLite takes a copy of the others.
            if bytes.isEmpty {
                sqlite3_bind_zeroblob(statement, CInt(position + 1), 0)
            } else {
                sqlite3_bind_blob(
                    statement, CInt(position + 1), bytes.baseAddress, CInt(bytes.count),
                    unsafeBitCast(-1, to: sqlite3_destructor_type.self))
            }
        }
    }
}

extension Store {
    /// Reads at most one row by a single statement, past everything that costs more than the statement.
    /// - Parameters:
    ///   - sql: with as many `?` as `bind` sets.
    ///   - read: looks at the row where SQLite has it.
    public func first<T>(
        _ sql: StaticString, bind: (borrowing Arguments) -> Void, read: (borrowing Columns) -> T
    ) throws -> T? {
        try withReader { reader in
            if let reader { return try reader.first(sql, bind, read) }
            return try readOne { db in
                try PointRead(statement: db.cachedStatement(sql: "\(sql)").sqliteStatement).first(bind, read)
            }
        }
    }
}
