import BatonTesting
import BatonCore
import BatonStore
import GRDB
import JSON
import Synchronization
import Testing

@testable import SQS

/// How SQLite runs the statements of messages: by index alone, so that a million messages cost no more than ten.
@Suite struct PlanTests {
    private final class Statements: Sendable {
        let seen = Mutex<Set<String>>([])
    }

    @Test func everyStatementUsesAnIndexAndNoneSorts() async throws {
        let account = try await Account()
        let statements = Statements()
        try await account.host.host.store.write { tx in
            tx.db.trace { event in
                if case .statement(let statement) = event {
                    statements.seen.withLock { _ = $0.insert(statement.sql) }
                }
            }
        }
        try await work(account)
        let plans = try await account.host.host.store.write { tx -> [String] in
            tx.db.trace(nil)
            let seen = statements.seen.withLock { $0 }
            return try seen.filter { $0.contains("sqs_") && !$0.contains("sqs_queues") }.flatMap { sql in
                let statement = try tx.db.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
                let nulls = [(any DatabaseValueConvertible)?](
                    repeating: nil, count: statement.sql.count { $0 == "?" })
                return try Row.fetchAll(statement, arguments: StatementArguments(nulls)).map {
                    "\($0["detail"] as String) — \(sql)"
                }
            }
        }
        #expect(plans.count > 20)
        for plan in plans {
            let isSlow = plan.contains("TEMP B-TREE") || plan.hasPrefix("SCAN sqs_messages")
            #expect(!isSlow, "\(plan)")
        }
    }

    /// One of everything that touches messages.
    private func work(_ account: Account) async throws {
        for suffix in ["", ".fifo"] {
            let more: JSON.Object = suffix.isEmpty ? [:] : ["ReceiveRequestAttemptId": "a"]
            let dead = try await account.create("dead\(suffix)")
            let url = try await account.create("q\(suffix)", deadLetters: "dead\(suffix)", after: 1)
            for body in ["1", "2", "3"] {
                if suffix.isEmpty {
                    try await account.send(url, body)
                } else {
                    try await account.send(url, body, group: "g")
                }
            }
            let receiver = Task { try await account.bodies(dead, 1, ["WaitTimeSeconds": 20]) }
            await account.receivers(1)
            let messages = try await account.receive(url, 2, more)
            _ = try await account.receive(url, 2, more)
            try await account.delete(url, messages.first)
            try await account.hide(url, messages.last, seconds: 0)
            _ = try await account.receive(url)
            _ = try await receiver.value
            _ = try await account.counts(url)
            account.clock.advance(byMs: 60_000)
            try await account.call("StartMessageMoveTask", ["SourceArn": .string(account.arn("dead\(suffix)"))])
            await account.host.advance(byMs: 0)
            try await account.call("PurgeQueue", ["QueueUrl": .string(url)])
            await account.host.advance(byMs: 0)
        }
        account.clock.advance(byMs: 345_600_000)
        try await Retention.sweep(account.host.host.store, account.sqs.queues)
    }
}
