public import Foundation
import GRDB
import GRDBSQLite

/// The statements of the hottest paths of one connection. They are found by where their text lies in the program, which
/// costs less than to look at the text. Used on the writer's thread alone, hence unchecked.
final class PreparedStatements: @unchecked Sendable {
    private var byPlace: [UnsafePointer<UInt8>: Statement] = [:]

    func statement(_ sql: StaticString, _ db: Database) throws -> OpaquePointer {
        if let known = byPlace[sql.utf8Start] { return known.sqliteStatement }
        let made = try db.makeStatement(sql: sql.description)
        byPlace[sql.utf8Start] = made
        return made.sqliteStatement
    }

    /// A connection closes only without statements.
    func removeAll() { byPlace = [:] }
}

/// Takes the arguments of a statement in their order.
public struct Binder: ~Copyable {
    private let statement: OpaquePointer
    private var index: CInt = 0
    fileprivate private(set) var hasFailed = false
    /// Whether so much was bound that the statement should not keep it until its next use.
    fileprivate private(set) var isLarge = false

    fileprivate init(_ statement: OpaquePointer) { self.statement = statement }

    fileprivate var isComplete: Bool { !hasFailed && index == sqlite3_bind_parameter_count(statement) }

    public mutating func int(_ value: Int64) { note(sqlite3_bind_int64(statement, next(), value)) }

    public mutating func int(_ value: Int) { int(Int64(value)) }

    public mutating func text(_ text: String) {
        var text = text
        let (statement, index) = (statement, next())
        let code = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(statement, index, $0.baseAddress, CInt($0.count), Self.copying)
            }
        }
        note(code, bytes: text.utf8.count)
    }

    public mutating func text(_ text: String?) {
        if let text { self.text(text) } else { null() }
    }

    public mutating func blob(_ data: Data) {
        let (statement, index) = (statement, next())
        let code = data.withUnsafeBytes { bytes in
            // No bytes at all would be NULL.
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(statement, index, 0)
                : sqlite3_bind_blob(statement, index, bytes.baseAddress, CInt(bytes.count), Self.copying)
        }
        note(code, bytes: data.count)
    }

    public mutating func null() { note(sqlite3_bind_null(statement, next())) }

    private static let largeBytes = 16 * 1024
    private static var copying: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    private mutating func next() -> CInt {
        index += 1
        return index
    }

    private mutating func note(_ code: CInt, bytes: Int = 0) {
        if code != SQLITE_OK { hasFailed = true }
        if bytes > Self.largeBytes { isLarge = true }
    }
}

extension Transaction {
    /// ``execute(_:_:)`` for the hottest paths: `bind` gives the arguments.
    @discardableResult
    public func execute(_ sql: StaticString, bind: (inout Binder) -> Void) throws -> Int {
        try forEach(sql, bind: bind) { _ in }
        return Int(sqlite3_changes(db.sqliteConnection))
    }

    /// ``rows(_:_:)`` for the hottest paths: `read` looks at each row where SQLite has it.
    public func forEach(
        _ sql: StaticString, bind: (inout Binder) -> Void, read: (borrowing Columns) -> Void
    ) throws {
        let statement = try statements.statement(sql, db)
        var binder = Binder(statement)
        bind(&binder)
        defer {
            sqlite3_reset(statement)
            if binder.isLarge { sqlite3_clear_bindings(statement) }
        }
        guard binder.isComplete else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "wrong arguments", sql: sql.description)
        }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: read(Columns(statement))
            case SQLITE_DONE: return
            default: throw db.failure(sql.description)
            }
        }
    }
}
