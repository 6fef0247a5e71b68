import AWSWire
import BatonCore
import BatonStore

/// Removes an archive with its events. Errors: ResourceNotFoundException. Source: API reference, DeleteArchive.
enum DeleteArchive: WriteOperation {
    struct Input: Decodable, Sendable { let archiveName: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let buses = context.service(EventBridge.self).buses
        return { transaction in
            let archive = try Archive.require(input.archiveName, context, transaction.db)
            try archive.delete(transaction)
            try transaction.execute("DELETE FROM events_archived WHERE archive = ?", archive.arn)
            transaction.afterCommit { buses.remove(archive) }
            return Nothing()
        }
    }
}
