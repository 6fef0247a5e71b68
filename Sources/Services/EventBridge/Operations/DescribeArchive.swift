import AWSWire
import BatonCore
import BatonStore
import JSON

/// One archive. Errors: ResourceNotFoundException. Source: API reference, DescribeArchive.
enum DescribeArchive: BatonCore.Operation {
    struct Input: Decodable, Sendable { let archiveName: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        try context.read { db in
            let archive = try Archive.require(input.archiveName, context, db)
            var result = try archive.listed(db)
            result["ArchiveArn"] = .string(archive.arn)
            result["Description"] = archive.description.map { .string($0) }
            result["EventPattern"] = archive.eventPattern.map { .string($0) }
            result["KmsKeyIdentifier"] = archive.kmsKeyIdentifier.map { .string($0) }
            return result
        }
    }
}
