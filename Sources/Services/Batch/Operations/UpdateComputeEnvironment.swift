import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Changes a compute environment. What runs goes on; a DISABLED one starts nothing more.
/// Errors: ClientException. Source: Batch API reference, UpdateComputeEnvironment.
enum UpdateComputeEnvironment: WriteOperation {
    typealias Output = JSON

    struct Input: Decodable, Sendable {
        let computeEnvironment: String
        let state: String?
        let unmanagedvCpus: Int?
        let computeResources: JSON?
        let serviceRole: String?
        let updatePolicy: JSON?
        let context: String?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let batch = context.service(Batch.self)
        return { transaction in
            guard var record = try EnvironmentRecord.find(input.computeEnvironment, context, transaction.db) else {
                throw BatchError.missing(input.computeEnvironment)
            }
            record.state = input.state ?? record.state
            if let changes = input.computeResources?.object {
                var resources = record.settings["computeResources"] ?? [:]
                for (name, value) in changes where name != "updateToLatestImageVersion" { resources[name] = value }
                try CreateComputeEnvironment.check(resources, context)
                record.settings["computeResources"] = resources
            }
            if let role = input.serviceRole { record.settings["serviceRole"] = .string(role) }
            if let count = input.unmanagedvCpus { record.settings["unmanagedvCpus"] = .number(count) }
            if let policy = input.updatePolicy { record.settings["updatePolicy"] = policy }
            if let text = input.context { record.settings["context"] = .string(text) }
            try transaction.execute(
                "UPDATE batch_environment SET state = ?, settings = ? WHERE id = ?", record.state,
                record.settings.text(), record.id)
            batch.changed(record, id: record.id, transaction)
            return ["computeEnvironmentName": .string(record.name), "computeEnvironmentArn": .string(record.arn)]
        }
    }
}
