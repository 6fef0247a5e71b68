import BatonStore
import BatonTesting
import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// Copies the data folder after each commit, as a kill at that moment would leave it.
final class CommitCopies: Sendable {
    struct Copy: Sendable {
        let folder: String
        let nowMs: Int64
    }
    private let folder: String
    private let clock: ControlledClock
    private let copies = Mutex<[Copy]>([])

    init(of folder: String, clock: ControlledClock) {
        self.folder = folder
        self.clock = clock
    }

    var all: [Copy] { copies.withLock { $0 } }

    /// SQLite calls the hook after each commit, on the writer's thread.
    func attach(to db: Database) {
        sqlite3_wal_hook(
            db.sqliteConnection,
            { copies, _, _, _ in
                copies.map { Unmanaged<CommitCopies>.fromOpaque($0).takeUnretainedValue().take() }
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func take() {
        copies.withLock { copies in
            let copy = "\(folder)-\(copies.count)"
            try? FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
            for name in ["baton.db", "baton.db-wal"] {
                try? FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(copy)/\(name)")
            }
            copies.append(Copy(folder: copy, nowMs: clock.nowMs))
        }
    }

    func removeAll() {
        for copy in all { try? FileManager.default.removeItem(atPath: copy.folder) }
        try? FileManager.default.removeItem(atPath: folder)
    }
}
