import AWSWire
import BatonCore
import BatonStore
import JSON

/// Starts to keep the events of a bus. Errors: ResourceAlreadyExistsException, ResourceNotFoundException,
/// InvalidEventPatternException. Source: API reference, CreateArchive.
enum CreateArchive: WriteOperation {
    struct Input: Decodable, Sendable {
        let archiveName: String
        let eventSourceArn: String
        let description: String?
        let eventPattern: String?
        let retentionDays: Int?
        let kmsKeyIdentifier: String?
    }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let archive = Archive(
            account: context.account, region: context.region, name: input.archiveName,
            eventSourceArn: input.eventSourceArn, description: input.description, eventPattern: input.eventPattern,
            retentionDays: input.retentionDays ?? 0, kmsKeyIdentifier: input.kmsKeyIdentifier,
            createdMs: context.nowMs)
        try archive.check()
        let buses = context.service(EventBridge.self).buses
        return { transaction in
            guard try Archive.find(archive.name, context, transaction.db) == nil else {
                throw EventsError.exists("Archive \(archive.name) already exists.")
            }
            guard let key = archive.key else { throw EventsError.noBus(archive.eventSourceArn) }
            _ = try EventBus.find(key, transaction.db)
            try archive.save(transaction)
            transaction.afterCommit { buses.put(archive) }
            return archive.changed
        }
    }
}
