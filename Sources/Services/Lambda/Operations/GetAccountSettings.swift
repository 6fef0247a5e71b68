import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Limits of the account and how much of them is in use.
/// Source: Lambda API reference, GetAccountSettings.
enum GetAccountSettings: Operation {
    struct Output: Encodable, Sendable {
        struct Limit: Encodable, Sendable {
            /// Bytes; the quota for all packages of an account and region, 75 GB.
            let totalCodeSize = 80_530_636_800
            let codeSizeUnzipped = Limits.unpackedCode
            let codeSizeZipped = Limits.uploadedCode
            let concurrentExecutions = Limits.accountConcurrency
            let unreservedConcurrentExecutions: Int
        }
        struct Usage: Encodable, Sendable {
            let totalCodeSize: Int
            let functionCount: Int
        }
        let accountLimit: Limit
        let accountUsage: Usage
    }

    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> Output {
        try context.read { db in
            let functions = try db.row(
                """
                SELECT count(*) AS count, coalesce(sum(reserved), 0) AS reserved FROM lambda_function
                WHERE account = ? AND region = ?
                """, context.account, context.region)
            let code = try db.row(
                "SELECT coalesce(sum(code_size), 0) AS size FROM lambda_version WHERE account = ? AND region = ?",
                context.account, context.region)
            return Output(
                accountLimit: Output.Limit(
                    unreservedConcurrentExecutions: Limits.accountConcurrency - (functions?["reserved"] ?? 0)),
                accountUsage: Output.Usage(
                    totalCodeSize: code?["size"] ?? 0, functionCount: functions?["count"] ?? 0))
        }
    }
}
