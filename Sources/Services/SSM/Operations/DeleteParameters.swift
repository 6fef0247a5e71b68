import AWSWire
import BatonCore
import BatonStore

/// Deletes up to ten parameters; those that are not there are listed. Source: API reference, DeleteParameters.
enum DeleteParameters: WriteOperation {
    struct Input: Decodable, Sendable { let names: [String] }

    struct Output: Encodable, Sendable {
        var deletedParameters: [String] = []
        var invalidParameters: [String] = []
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        { transaction in
            var output = Output()
            for name in input.names {
                let key = (try? ParameterName(name))?.key ?? ""
                let found = try Parameter.find(
                    key, account: context.account, region: context.region, transaction.db)
                if let found {
                    try found.delete(context, transaction)
                    output.deletedParameters.append(name)
                } else {
                    output.invalidParameters.append(name)
                }
            }
            return output
        }
    }
}
