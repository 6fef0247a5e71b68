import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes what is given of an archive. Errors: ResourceNotFoundException, InvalidEventPatternException. Source: API
/// reference, UpdateArchive.
enum UpdateArchive: WriteOperation {
    struct Input: Decodable, Sendable {
        let archiveName: String
        let description: String?
        let eventPattern: String?
        let retentionDays: Int?
        let kmsKeyIdentifier: String?
    }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let buses = context.service(EventBridge.self).buses
        return { transaction in
            var archive = try Archive.require(input.archiveName, context, transaction.db)
            archive.description = input.description ?? archive.description
            archive.eventPattern = input.eventPattern ?? archive.eventPattern
            archive.retentionDays = input.retentionDays ?? archive.retentionDays
            archive.kmsKeyIdentifier = input.kmsKeyIdentifier ?? archive.kmsKeyIdentifier
            try archive.check()
            try archive.save(transaction)
            transaction.afterCommit { [archive] in buses.put(archive) }
            return archive.changed
        }
    }
}
