import GRDB

/// Why the store cannot do its work, with what to do about it.
public enum StoreError: Error, Equatable, CustomStringConvertible {
    /// Another process holds the data folder.
    case inUse(folder: String)
    case corrupt(path: String, detail: String)
    case readOnly(path: String)
    case cannotOpen(path: String, detail: String)
    /// The disk is full: nothing was written; reads go on.
    case full
    /// A commit failed in a way that leaves its outcome unknown; the store accepts no more writes.
    case failed(detail: String)
    /// The data folder was written by a newer Baton.
    case newer(path: String, migration: String)
    case closed

    public var description: String {
        switch self {
        case .inUse(let folder):
            "The data folder \(folder) is in use by another Baton. Stop that one, or choose another folder with --data."
        case .corrupt(let path, let detail):
            "The database \(path) is damaged (\(detail)). Restore the data folder from a backup, or try "
                + "`sqlite3 \(path) .recover`, or start afresh with `baton reset`."
        case .readOnly(let path):
            "The database \(path) cannot be written. Give this user write permission on the file and its folder, "
                + "or choose another folder with --data."
        case .cannotOpen(let path, let detail):
            "The database \(path) cannot be opened (\(detail)). Check that the folder exists and that this user may "
                + "read and write it."
        case .full: "The disk that holds the data folder is full. Free some space: writes resume by themselves."
        case .failed(let detail):
            "A commit failed (\(detail)) and its outcome is unknown. Baton stops rather than guess: check the disk, "
                + "then start it again."
        case .newer(let path, let migration):
            "The database \(path) was written by a newer Baton (it knows migration \(migration)). Use that version, "
                + "or another folder with --data."
        case .closed: "The store is closed."
        }
    }

    /// The store's view of an SQLite error; nil when it is an ordinary one that its caller should see.
    static func of(_ error: any Error, path: String) -> StoreError? {
        guard let error = error as? DatabaseError else { return error as? StoreError }
        switch error.resultCode {
        case .SQLITE_FULL: return .full
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .corrupt(path: path, detail: error.message ?? "\(error)")
        case .SQLITE_READONLY: return .readOnly(path: path)
        case .SQLITE_CANTOPEN, .SQLITE_PERM: return .cannotOpen(path: path, detail: error.message ?? "\(error)")
        case .SQLITE_IOERR: return .failed(detail: error.message ?? "\(error)")
        default: return nil
        }
    }
}
