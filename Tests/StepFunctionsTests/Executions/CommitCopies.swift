import BatonStore
import BatonTesting
import Foundation
import GRDB
import Synchronization

/// Copies the data folder after each commit, as a kill at that moment would leave it.
final class CommitCopies: TransactionObserver, Sendable {
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

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidRollback(_ db: Database) {}

    func databaseDidCommit(_ db: Database) {
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
