import AWSWire
import BatonCore
import JSON

/// All versions of a parameter that are kept, oldest first, 50 at a time. Errors: ParameterNotFound, InvalidNextToken,
/// InvalidKeyId. Source: API reference, GetParameterHistory.
enum GetParameterHistory: ReadOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let withDecryption: Bool?
        let maxResults: Int?
        let nextToken: String?
    }

    struct Output: Encodable, Sendable {
        let parameters: [JSON]
        let nextToken: String?
    }

    static let pageSize = 50

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let reference = try ParameterReference(input.name, context)
        let versions = try context.read { try Parameter.require(reference, $0).versions($0) }
        let (page, token) = try Page.cut(versions, after: input.nextToken, input.maxResults ?? pageSize) {
            // Numbers in the order of texts.
            String($0.version + 1_000_000_000)
        }
        var shown: [JSON] = []
        for version in page {
            var entry = version.described(context)
            entry["Value"] = .string(
                input.withDecryption == true ? try version.plainValue(context) : version.value)
            entry["Labels"] = .array(version.labels.map { .string($0) })
            shown.append(entry)
        }
        return Output(parameters: shown, nextToken: token)
    }
}
