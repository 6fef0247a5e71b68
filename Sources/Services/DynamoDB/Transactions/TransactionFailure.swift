import AWSWire
import BatonStore
import Crypto
import DynamoDBExpressions
import Foundation
import GRDB
import JSON

/// Why a transaction was cancelled: one reason for each of its items, in their order.
struct CancellationReasons {
    private var reasons: [JSON] = []
    private var codes: [String] = []
    private(set) var isEmpty = true

    mutating func none() {
        reasons.append(["Code": "None"])
        codes.append("None")
    }

    /// - Returns: false for errors that are no reason of a single item.
    mutating func add(_ error: AWSError) -> Bool {
        let code: String
        switch error.code {
        case "ConditionalCheckFailedException": code = "ConditionalCheckFailed"
        case "ValidationException": code = "ValidationError"
        default: return false
        }
        var reason: JSON = ["Code": .string(code), "Message": .string(error.message)]
        reason["Item"] = error.fields["Item"]
        reasons.append(reason)
        codes.append(code)
        isEmpty = false
        return true
    }

    var error: AWSError {
        AWSError(
            "TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
                + "[\(codes.joined(separator: ", "))]",
            fields: ["CancellationReasons": .array(reasons)])
    }
}

extension AWSError {
    static let repeatedItem = AWSError.validation(
        "Transaction request cannot include multiple operations on one item")
}

/// Tokens of transactions that were carried out in the last ten minutes. Source: API reference, TransactWriteItems.
enum TransactionTokens {
    static let migration = Migration(
        name: "dynamodb-transactions-1",
        sql: """
            CREATE TABLE ddb_transactions (
                account TEXT NOT NULL, region TEXT NOT NULL, token TEXT NOT NULL, digest BLOB NOT NULL,
                at_ms INTEGER NOT NULL, PRIMARY KEY (account, region, token)) STRICT, WITHOUT ROWID;
            CREATE INDEX ddb_transactions_by_time ON ddb_transactions (at_ms);
            """)

    private static let lifeMs: Int64 = 600_000

    struct Use: Sendable {
        let account: String
        let region: String
        let token: String
        /// Of what the transaction does.
        let digest: [UInt8]

        init(_ token: String, _ content: JSON, account: String, region: String) {
            (self.account, self.region, self.token) = (account, region, token)
            digest = Array(SHA256.hash(data: content.serialized()))
        }
    }

    /// Notes the use of a token.
    /// - Returns: false when the same transaction was carried out with it before.
    /// - Throws: IdempotentParameterMismatchException.
    static func isFirst(_ use: Use, _ transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "DELETE FROM ddb_transactions WHERE at_ms <= ?", transaction.nowMs - lifeMs)
        let known = try transaction.row(
            "SELECT digest FROM ddb_transactions WHERE account = ? AND region = ? AND token = ?", use.account,
            use.region, use.token)
        guard let known else {
            try transaction.execute(
                "INSERT INTO ddb_transactions (account, region, token, digest, at_ms) VALUES (?, ?, ?, ?, ?)",
                use.account, use.region, use.token, Data(use.digest), transaction.nowMs)
            return true
        }
        guard known["digest"] == Data(use.digest) else {
            throw AWSError(
                "IdempotentParameterMismatchException",
                "Request parameters are inconsistent with the parameters of the first request that used this token")
        }
        return false
    }
}
