import BatonStore
import Foundation
import GRDB
import Synchronization
import Testing

/// Writes without a task, and the statements of the hottest paths.
@Suite struct SubmittedWriteTests {
    struct Refused: Error {}

    private func open() throws -> Store {
        let table = Migration(name: "t-1", sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT")
        return try Store(.folder(Folder.new()), clock: ControlledClock(), migrations: [table])
    }

    /// Counts its parcels and delivers them.
    private final class Doorstep: Recipient {
        let parcels = Mutex<[Int]>([])
        func receive(_ outcomes: [any Outcome]) {
            parcels.withLock { $0.append(outcomes.count) }
            for outcome in outcomes { outcome.deliver() }
        }
    }

    @Test func aRecipientGetsTheOutcomesOfACommitAtOnce() async throws {
        let store = try open()
        let (first, second) = (Doorstep(), Doorstep())
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let gate = DispatchSemaphore(value: 0)
        // Holds the writer until all that follows has been submitted.
        store.submit(to: nil, { _ in gate.wait() }) { _ in }
        for (name, recipient) in [("a", first), ("b", second), ("c", first), ("bad", first)] {
            store.submit(
                to: recipient,
                { transaction in
                    try transaction.execute("INSERT INTO t (v) VALUES (?)", name)
                    if name == "bad" { throw Refused() }
                    return name
                },
                completion: { result in
                    let isRefused = if case .failure(is Refused) = result { true } else { false }
                    continuation.yield(isRefused ? "refused" : (try? result.get()) ?? "lost")
                })
        }
        gate.signal()
        var seen: Set<String> = []
        for await outcome in stream.prefix(4) { seen.insert(outcome) }
        #expect(seen == ["a", "b", "c", "refused"])
        #expect(first.parcels.withLock { $0 } == [3])
        #expect(second.parcels.withLock { $0 } == [1])
        let rows = try store.read { try $0.rows("SELECT v FROM t ORDER BY v").map { $0["v"] as String } }
        #expect(rows == ["a", "b", "c"])
        await store.close()
    }

    @Test func afterTheEndTheOutcomeComesAtOnce() async throws {
        let store = try open()
        await store.close()
        let failure = Mutex<StoreError?>(nil)
        store.submit(to: Doorstep(), { _ in }) { result in
            if case .failure(let error) = result { failure.withLock { $0 = error as? StoreError } }
        }
        #expect(failure.withLock { $0 } == .closed)
    }

    @Test func argumentsAreGivenOneAfterTheOther() async throws {
        let store = try open()
        let large = String(repeating: "x", count: 100_000)
        try await store.write { transaction in
            for (id, text) in [(Int64.max, "é\0" as String?), (2, nil), (3, large), (4, "")] {
                let changed = try transaction.execute("INSERT INTO t (id, v) VALUES (?, ?)") {
                    $0.int(id)
                    $0.text(text)
                }
                #expect(changed == 1)
            }
        }
        let found = try await store.write { transaction in
            var found: [String?] = []
            try transaction.forEach("SELECT v FROM t WHERE id > ? ORDER BY id") {
                $0.int(1)
            } read: {
                found.append($0.isNull(0) ? nil : $0.text(0))
            }
            return found
        }
        #expect(found == [nil, large, "", "é\0"])
        let kinds = try await store.write { transaction in
            var kinds = ""
            try transaction.forEach("SELECT typeof(?1), typeof(?2), length(?2)") {
                $0.blob(Data())
                $0.blob(Data([0, 1]))
            } read: {
                kinds = "\($0.text(0)) \($0.text(1)) \($0.int(2))"
            }
            return kinds
        }
        #expect(kinds == "blob blob 2")
        await store.close()
    }

    @Test func aMissingArgumentIsAnErrorAndAFailedStatementCanBeUsedAgain() async throws {
        let store = try open()
        for expected in [1, 0, 1] {
            let changed = try? await store.write { transaction in
                try transaction.execute("INSERT OR FAIL INTO t (id) VALUES (?)") { if expected == 1 { $0.null() } }
            }
            #expect(changed ?? 0 == expected)
        }
        for _ in 0..<2 {
            await #expect(throws: DatabaseError.self) {
                try await store.write { try $0.execute("INSERT INTO t (id) VALUES (1)") { _ in } }
            }
        }
        await store.close()
    }
}
