public import Foundation
public import GRDB
import GRDBSQLite

/// The few verbs that SQL needs here. Every statement is prepared once for each connection.
extension Database {
    /// Runs a statement; the result is the number of changed rows.
    @discardableResult
    public func execute(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> Int {
        try execute(sql, list: arguments)
    }

    @discardableResult
    public func execute(_ sql: String, list arguments: [(any DatabaseValueConvertible)?]) throws -> Int {
        try stepping(sql, arguments) { _ in }
        return changesCount
    }

    public func row(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    public func rows(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    public func rows(_ sql: String, list arguments: [(any DatabaseValueConvertible)?]) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    /// ``rows(_:_:)`` for statements of the hottest paths: `read` looks at each row where SQLite has it, by the position
    /// of its columns, without a copy of the row in between.
    public func values<T>(
        _ sql: String, _ arguments: (any DatabaseValueConvertible)?..., read: (borrowing Columns) -> T
    ) throws -> [T] {
        var values: [T] = []
        try stepping(sql, arguments) { values.append(read($0)) }
        return values
    }

    /// Steps through a statement. This goes past GRDB's own way of running one, which keeps observers and schema caches
    /// informed that do not exist here, and costs more than the statement.
    private func stepping(
        _ sql: String, _ arguments: [(any DatabaseValueConvertible)?], row: (borrowing Columns) -> Void
    ) throws {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        defer {
            sqlite3_reset(statement)
            if !arguments.isEmpty { sqlite3_clear_bindings(statement) }
        }
        guard arguments.count == sqlite3_bind_parameter_count(statement) else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "wrong number of arguments", sql: sql)
        }
        for (index, argument) in zip(CInt(1)..., arguments) {
            guard let value = argument?.databaseValue, bind(value, to: statement, at: index) != SQLITE_OK else {
                continue
            }
            throw failure(sql)
        }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: row(Columns(statement))
            case SQLITE_DONE: return
            default: throw failure(sql)
            }
        }
    }

    private func bind(_ value: DatabaseValue, to statement: OpaquePointer, at index: CInt) -> CInt {
        // SQLite takes a copy.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        return switch value.storage {
        case .null: sqlite3_bind_null(statement, index)
        case .int64(let number): sqlite3_bind_int64(statement, index, number)
        case .double(let number): sqlite3_bind_double(statement, index, number)
        case .string(var text):
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(statement, index, $0.baseAddress, CInt($0.count), transient)
                }
            }
        case .blob(let data):
            data.withUnsafeBytes { bytes in
                // No bytes at all would be NULL.
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob(statement, index, bytes.baseAddress, CInt(bytes.count), transient)
            }
        }
    }

    func failure(_ sql: String) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(sqliteConnection)),
            message: String(cString: sqlite3_errmsg(sqliteConnection)), sql: sql)
    }
}

/// The row at which a statement stands.
public struct Columns: ~Copyable {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { self.statement = statement }

    public func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement, CInt(column)) == SQLITE_NULL }
    public func int(_ column: Int) -> Int64 { sqlite3_column_int64(statement, CInt(column)) }

    public func text(_ column: Int) -> String {
        String(decoding: bytes(column, sqlite3_column_text(statement, CInt(column))), as: UTF8.self)
    }

    public func data(_ column: Int) -> Data { Data(bytes(column, sqlite3_column_blob(statement, CInt(column)))) }

    public func bytes(_ column: Int) -> [UInt8] { Array(bytes(column, sqlite3_column_blob(statement, CInt(column)))) }

    /// - Parameter start: asked for before the count, because asking for it may convert the value.
    private func bytes(_ column: Int, _ start: UnsafeRawPointer?) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, CInt(column))))
    }
}
