import AWSWire
import BatonCore
import BatonStore

/// Removes labels of a version; those that it does not bear are listed. Errors: ParameterNotFound,
/// ParameterVersionNotFound. Source: API reference, UnlabelParameterVersion.
enum UnlabelParameterVersion: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let parameterVersion: Int
        let labels: [String]
    }

    struct Output: Encodable, Sendable {
        let removedLabels: [String]
        let invalidLabels: [String]
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        { transaction in
            let latest = try Parameter.require(input.name, context, transaction.db)
            guard var target = try latest.version(input.parameterVersion, transaction.db) else {
                throw SSMError.noVersion(input.parameterVersion, input.name)
            }
            let borne = input.labels.filter(target.labels.contains)
            let others = input.labels.filter { !target.labels.contains($0) }
            target.labels.removeAll { borne.contains($0) }
            try target.saveVersion(transaction)
            return Output(removedLabels: borne, invalidLabels: others)
        }
    }
}
