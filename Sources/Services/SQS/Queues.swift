import AWSWire
import BatonCore
import BatonStore
import GRDB
import Synchronization

/// The queues by name and by id, in memory, so that sending costs no look-up in the database.
///
/// It changes on the writer's thread, after the commit of the change and before the next transaction. So it is exact
/// for every transaction but the one that changes a queue; what else is in that one counts as before the change.
final class Queues: Sendable {
    private struct State {
        var byKey: [QueueKey: Queue] = [:]
        var byId: [Int64: Queue] = [:]
    }
    private let state = Mutex(State())

    func load(_ db: Database) throws {
        let queues = try db.rows("SELECT * FROM sqs_queues").map(Queue.init)
        state.withLock { state in
            state.byKey = Dictionary(queues.map { ($0.key, $0) }) { _, last in last }
            state.byId = Dictionary(queues.map { ($0.id, $0) }) { _, last in last }
        }
    }

    func put(_ queue: Queue) {
        state.withLock { state in
            state.byKey[queue.key] = queue
            state.byId[queue.id] = queue
        }
    }

    func remove(_ queue: Queue) {
        state.withLock { state in
            state.byId[queue.id] = nil
            // A queue of the same name may have been created in the same transaction.
            if state.byKey[queue.key]?.id == queue.id { state.byKey[queue.key] = nil }
        }
    }

    subscript(key: QueueKey) -> Queue? { state.withLock { $0.byKey[key] } }

    subscript(arn arn: String) -> Queue? { QueueKey(arn: arn).flatMap { self[$0] } }

    var all: [Queue] { state.withLock { Array($0.byId.values) } }

    /// The queue as it is now, for a write closure that was prepared before.
    func current(_ id: Int64) throws(AWSError) -> Queue {
        guard let queue = state.withLock({ $0.byId[id] }) else { throw SQSError.queueDoesNotExist }
        return queue
    }

    /// The queue that a `QueueUrl` names. Its host does not matter, nor a region in it; the account may be another.
    func find(_ url: String, _ context: Context) throws(AWSError) -> Queue {
        guard let (account, name) = Self.place(url) else { throw SQSError.invalidAddress(url) }
        guard let queue = self[QueueKey(account: account, region: context.region, name: name)] else {
            throw SQSError.queueDoesNotExist
        }
        return queue
    }

    /// The last two parts of the path, of which the first has 12 digits.
    static func place(_ url: String) -> (account: String, name: String)? {
        var url = url
        return url.withUTF8 { url in
            var text = url[...]
            if let query = text.firstIndex(of: UInt8(ascii: "?")) { text = text[..<query] }
            while text.last == UInt8(ascii: "/") { text = text.dropLast() }
            guard let last = text.lastIndex(of: UInt8(ascii: "/")) else { return nil }
            let name = text[(last + 1)...]
            let rest = text[..<last]
            let account = rest.lastIndex(of: UInt8(ascii: "/")).map { rest[($0 + 1)...] } ?? rest
            guard !name.isEmpty, account.count == 12, account.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
                return nil
            }
            return (String(decoding: account, as: UTF8.self), String(decoding: name, as: UTF8.self))
        }
    }
}

extension Transaction {
    /// Runs `change` on the row of a queue and takes the new settings over after the commit.
    /// - Throws: `QueueDoesNotExist` when the queue has gone meanwhile.
    @discardableResult
    func changeQueue(
        _ id: Int64, _ queues: Queues, _ change: (Queue) throws -> Void
    ) throws -> Queue {
        guard let queue = try Queue.find(id, db) else { throw SQSError.queueDoesNotExist }
        try change(queue)
        guard let changed = try Queue.find(id, db) else { throw SQSError.queueDoesNotExist }
        afterCommit { queues.put(changed) }
        return changed
    }
}
