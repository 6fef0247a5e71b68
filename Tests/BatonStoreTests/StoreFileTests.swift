import BatonStore
import Foundation
import GRDB
import Synchronization
import Testing

/// What only a store on file can show: it opens again, and it says clearly why it cannot.
@Suite struct StoreFileTests {
    private let table = Migration(name: "t-1", sql: "CREATE TABLE t (v TEXT NOT NULL) STRICT")

    private func open(_ folder: String, _ migrations: [Migration]) throws -> Store {
        try Store(.folder(folder), clock: ControlledClock(), migrations: migrations)
    }

    @Test func opensAgainWithAllThatWasCommitted() async throws {
        let folder = Folder.new()
        let first = try open(folder, [table])
        try await first.write { try $0.execute("INSERT INTO t (v) VALUES ('kept')") }
        await first.close()
        let second = try open(folder, [table, Migration(name: "t-2", sql: "ALTER TABLE t ADD COLUMN w TEXT")])
        #expect(try second.read { try $0.rows("SELECT v, w FROM t").map { $0["v"] as String } } == ["kept"])
        await second.close()
    }

    @Test func aDueRowSurvivesTheRestart() async throws {
        let folder = Folder.new()
        let first = try open(folder, [table])
        try await first.write { try $0.schedule("k", atMs: 0, payload: "kept") }
        await first.close()
        let second = try open(folder, [table])
        second.due.handle("k") { row in .commit { try $0.execute("INSERT INTO t (v) VALUES (?)", row.payload) } }
        second.due.start()
        await second.due.idle()
        #expect(try second.read { try $0.rows("SELECT v FROM t").map { $0["v"] as String } } == ["kept"])
        await second.close()
    }

    @Test func aSecondProcessOnTheFolderIsRefused() async throws {
        let folder = Folder.new()
        let first = try open(folder, [])
        #expect(throws: StoreError.inUse(folder: folder)) { try open(folder, []) }
        await first.close()
        let second = try open(folder, [])
        await second.close()
    }

    @Test func aDamagedDatabaseIsNamed() throws {
        let folder = Folder.new()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("this is not a database, whatever its name says".utf8)
            .write(to: URL(fileURLWithPath: folder + "/baton.db"))
        #expect {
            try open(folder, [])
        } throws: { error in
            "\(error)".contains("is damaged")
        }
    }

    @Test func aDatabaseOfANewerBatonIsRefused() async throws {
        let folder = Folder.new()
        let newer = try open(folder, [table])
        await newer.close()
        #expect(throws: StoreError.newer(path: folder + "/baton.db", migration: "t-1")) { try open(folder, []) }
    }

    @Test func aFullDiskRefusesWritesAndKeepsReading() async throws {
        let store = try open(Folder.new(), [table])
        try await store.write { try $0.execute("INSERT INTO t (v) VALUES ('kept')") }
        try await store.write { try $0.db.execute(sql: "PRAGMA max_page_count = 12") }
        let large = String(repeating: "x", count: 200_000)
        await #expect(throws: StoreError.full) {
            try await store.write { try $0.execute("INSERT INTO t (v) VALUES (?)", large) }
        }
        #expect(try store.read { try $0.rows("SELECT v FROM t").map { $0["v"] as String } } == ["kept"])
        try await store.write { try $0.db.execute(sql: "PRAGMA max_page_count = 100000") }
        try await store.write { try $0.execute("INSERT INTO t (v) VALUES (?)", large) }
        await store.close()
    }

    @Test func aDueResultWaitsForRoomOnTheDisk() async throws {
        let clock = ControlledClock()
        let store = try Store(.folder(Folder.new()), clock: clock, migrations: [table])
        let runs = Mutex(0)
        store.due.handle("k") { _ in
            runs.withLock { $0 += 1 }
            return .commit { try $0.execute("INSERT INTO t (v) VALUES (?)", String(repeating: "x", count: 200_000)) }
        }
        try await store.write {
            try $0.schedule("k", atMs: 0)
            try $0.db.execute(sql: "PRAGMA max_page_count = 12")
        }
        store.due.start()
        while clock.nextTimerMs == nil { await Task.yield() }
        try await store.write { try $0.db.execute(sql: "PRAGMA max_page_count = 100000") }
        clock.advance(byMs: 1_000)
        await store.due.idle()
        #expect(runs.withLock { $0 } == 1)
        #expect(try store.read { try $0.row("SELECT count(*) AS n FROM t")?["n"] as Int? } == 1)
        await store.close()
    }
}
