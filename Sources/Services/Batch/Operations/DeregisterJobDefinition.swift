import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Makes a revision INACTIVE: nothing can be submitted with it any more.
/// Errors: ClientException. Source: Batch API reference, DeregisterJobDefinition.
enum DeregisterJobDefinition: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable, Sendable { let jobDefinition: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let reference = DefinitionRecord.Reference(input.jobDefinition)
        guard let revision = reference.revision else {
            throw BatchError.executing(
                "A job definition must be named with its revision: \(input.jobDefinition)", context)
        }
        return { transaction in
            let changes = try transaction.execute(
                """
                UPDATE batch_definition SET status = 'INACTIVE'
                WHERE account = ? AND region = ? AND name = ? AND revision = ?
                """, context.account, context.region, reference.name, revision)
            guard changes == 1 else {
                throw BatchError.executing("JobDefinition \(input.jobDefinition) not found", context)
            }
            return Nothing()
        }
    }
}
