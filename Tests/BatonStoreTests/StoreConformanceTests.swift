import BatonStore
import Foundation
import GRDB
import Testing

/// What every store keeps, in memory and on file.
@Suite struct StoreConformanceTests {
    enum Kind: CaseIterable { case memory, file }

    struct Refused: Error {}

    private func open(_ kind: Kind, clock: ControlledClock = ControlledClock()) throws -> Store {
        let table = Migration(name: "t-1", sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL) STRICT")
        return try Store(kind == .memory ? .memory : .folder(Folder.new()), clock: clock, migrations: [table])
    }

    private func values(_ store: Store) throws -> [String] {
        try store.read { db in try db.rows("SELECT v FROM t ORDER BY id").map { $0["v"] } }
    }

    @Test(arguments: Kind.allCases) func aReadSeesWhatAWriteHasReturned(_ kind: Kind) async throws {
        let store = try open(kind)
        let changed = try await store.write { try $0.execute("INSERT INTO t (v) VALUES (?)", "a") }
        #expect(changed == 1)
        #expect(try values(store) == ["a"])
        await store.close()
    }

    @Test(arguments: Kind.allCases) func aClosureThatThrowsRollsBackAlone(_ kind: Kind) async throws {
        let store = try open(kind)
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<50 {
                group.addTask {
                    _ = try? await store.write { transaction in
                        try transaction.execute("INSERT INTO t (id, v) VALUES (?, ?)", index, "v\(index)")
                        if index % 3 == 0 { throw Refused() }
                    }
                }
            }
        }
        #expect(try values(store) == (0..<50).filter { $0 % 3 != 0 }.map { "v\($0)" })
        await store.close()
    }

    @Test(arguments: Kind.allCases) func aSingleStatementThatFailsIsUndoneWithoutASavepoint(
        _ kind: Kind
    ) async throws {
        let store = try open(kind)
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<50 {
                group.addTask {
                    _ = try? await store.write(needsSavepoint: false) { transaction in
                        // Every third statement fails at its second row, when the first is already there.
                        let taken = index % 3 == 0 ? index : -1 - index
                        try transaction.execute(
                            "INSERT INTO t (id, v) VALUES (?, 'v'), (?, 'w')", index, taken)
                    }
                }
            }
        }
        let count = try store.readOne { db in try db.values("SELECT count(*) FROM t") { $0.int(0) } }
        #expect(count == [66])
        await store.close()
    }

    @Test(arguments: Kind.allCases) func valuesAreReadInPlace(_ kind: Kind) async throws {
        let store = try open(kind)
        let rows = try store.readOne { db in
            try db.values(
                "SELECT ?, ?, ?, ? UNION ALL SELECT 1, '', x'', NULL", Int64.min, "é\0", Data([0, 255]), 1.5
            ) { "\($0.int(0)) \(Array($0.text(1).utf8)) \(Array($0.data(2))) \($0.isNull(3))" }
        }
        #expect(rows == ["-9223372036854775808 [195, 169, 0] [0, 255] false", "1 [] [] true"])
        #expect(throws: DatabaseError.self) { try store.readOne { try $0.values("SELECT ?") { $0.int(0) } } }
        await store.close()
    }

    /// Twice, because a statement is prepared once.
    @Test(arguments: Kind.allCases) func oneRowIsReadInPlace(_ kind: Kind) async throws {
        let store = try open(kind)
        func find(_ number: Int64, _ data: Data) throws -> String? {
            try store.first("SELECT ?1, ?2 WHERE ?1 > 0") { arguments in
                arguments.set(0, number)
                arguments.set(1, data)
            } read: {
                "\($0.int(0)) \($0.bytes(1))"
            }
        }
        for _ in 0..<2 {
            #expect(try find(7, Data([0, 255])) == "7 [0, 255]")
            #expect(try find(7, Data()) == "7 []")
            #expect(try find(-7, Data()) == nil)
            #expect(throws: DatabaseError.self) {
                try store.first("SELECT no FROM t") { _ in
                } read: {
                    $0.int(0)
                }
            }
            #expect(throws: DatabaseError.self) {
                try store.first("SELECT abs(?)") {
                    $0.set(0, Int64.min)
                } read: {
                    $0.int(0)
                }
            }
        }
        try await store.write { try $0.execute("INSERT INTO t (v) VALUES (?)", "a") }
        #expect(try store.first("SELECT v FROM t", bind: { _ in }, read: { $0.text(0) }) == "a")
        await store.close()
    }

    @Test(arguments: Kind.allCases) func whatThrowsReachesItsCaller(_ kind: Kind) async throws {
        let store = try open(kind)
        await #expect(throws: Refused.self) { try await store.write { _ in throw Refused() } }
        await store.close()
    }

    @Test(arguments: Kind.allCases) func hooksRunAfterTheCommitAndNotAfterARollBack(_ kind: Kind) async throws {
        let store = try open(kind)
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        _ = try? await store.write { transaction in
            transaction.afterCommit { continuation.yield("rolled back") }
            throw Refused()
        }
        try await store.write { transaction in
            transaction.afterCommit { continuation.yield("committed") }
            _ = try? transaction.nested { inner in
                inner.afterCommit { continuation.yield("nested") }
                throw Refused()
            }
        }
        continuation.finish()
        var seen: [String] = []
        for await hook in stream { seen.append(hook) }
        #expect(seen == ["committed"])
        await store.close()
    }

    @Test(arguments: Kind.allCases) func aNestedClosureThatThrowsLeavesTheOuterOne(_ kind: Kind) async throws {
        let store = try open(kind)
        try await store.write { transaction in
            try transaction.execute("INSERT INTO t (v) VALUES ('outer')")
            _ = try? transaction.nested { inner in
                try inner.execute("INSERT INTO t (v) VALUES ('inner')")
                throw Refused()
            }
        }
        #expect(try values(store) == ["outer"])
        await store.close()
    }

    @Test(arguments: Kind.allCases) func closuresOfOneMomentShareACommit(_ kind: Kind) async throws {
        let store = try open(kind)
        let before = store.count
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 { group.addTask { _ = try? await store.write { _ in } } }
        }
        #expect(store.count.closures - before.closures == 200)
        #expect(store.count.commits - before.commits <= 200)
        await store.close()
    }

    // MARK: Due rows

    @Test(arguments: Kind.allCases) func aDueRowIsHandledAtItsTime(_ kind: Kind) async throws {
        let clock = ControlledClock()
        let store = try open(kind, clock: clock)
        store.due.handle("greet") { row in
            .commit { try $0.execute("INSERT INTO t (v) VALUES (?)", row.payload) }
        }
        store.due.start()
        let start = clock.nowMs
        try await store.write { transaction in
            try transaction.schedule("greet", atMs: start + 1000, payload: "later")
            try transaction.schedule("greet", atMs: start, payload: "now")
        }
        await store.due.idle()
        #expect(try values(store) == ["now"])
        clock.advance(byMs: 999)
        await store.due.idle()
        #expect(try values(store) == ["now"])
        clock.advance(byMs: 1)
        await store.due.idle()
        #expect(try values(store) == ["now", "later"])
        await store.close()
    }

    @Test(arguments: Kind.allCases) func aHandlerThatThrowsIsTriedAgainLater(_ kind: Kind) async throws {
        let clock = ControlledClock()
        let store = try open(kind, clock: clock)
        store.due.handle("flaky") { row in
            guard row.attempts == 2 else { throw Refused() }
            return .commit { try $0.execute("INSERT INTO t (v) VALUES ('third time')") }
        }
        store.due.start()
        try await store.write { [now = clock.nowMs] in try $0.schedule("flaky", atMs: now) }
        for _ in 0..<3 {
            await store.due.idle()
            clock.advance(byMs: 10_000)
        }
        await store.due.idle()
        #expect(try values(store) == ["third time"])
        #expect(try store.read { try $0.row("SELECT count(*) AS n FROM due")?["n"] as Int? } == 0)
        await store.close()
    }

    @Test(arguments: Kind.allCases) func aCancelledRowIsNotHandled(_ kind: Kind) async throws {
        let clock = ControlledClock()
        let store = try open(kind, clock: clock)
        store.due.handle("k") { _ in .commit { try $0.execute("INSERT INTO t (v) VALUES ('wrong')") } }
        store.due.start()
        try await store.write { [now = clock.nowMs] in try $0.schedule("k", atMs: now + 5, key: "x") }
        try await store.write { try $0.cancelDue(kind: "k", key: "x") }
        clock.advance(byMs: 10)
        await store.due.idle()
        #expect(try values(store).isEmpty)
        await store.close()
    }

    @Test(arguments: Kind.allCases) func noMoreRowsOfAKindRunThanItsLimit(_ kind: Kind) async throws {
        let clock = ControlledClock()
        let store = try open(kind, clock: clock)
        store.due.handle("k", limit: 3) { row in
            .commit { try $0.execute("INSERT INTO t (v) VALUES (?)", row.payload) }
        }
        store.due.start()
        try await store.write { [now = clock.nowMs] transaction in
            for index in 0..<20 { try transaction.schedule("k", atMs: now, payload: "\(index)") }
        }
        await store.due.idle()
        #expect(try values(store).count == 20)
        await store.close()
    }
}

enum Folder {
    /// A new path for a test's data; the system cleans its temporary folder.
    static func new() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("baton-test-\(RandomSource().uuid())").path
    }
}
