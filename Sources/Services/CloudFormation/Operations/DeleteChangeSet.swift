import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a change set; one that does not exist is no error. Source: CloudFormation API reference, DeleteChangeSet.
enum DeleteChangeSet: Operation {
    struct Input: Decodable, Sendable {
        let changeSetName: String
        let stackName: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        try await context.write { transaction in
            do {
                let (changeSet, _) = try ChangeSetRecord.find(
                    input.changeSetName, stack: input.stackName, context.account, context.region, transaction.db)
                try transaction.execute("DELETE FROM cfn_change_sets WHERE id = ?", changeSet.id)
            } catch let error as AWSError where error.code == "ChangeSetNotFound" {
                return Nothing()
            }
            return Nothing()
        }
    }
}
