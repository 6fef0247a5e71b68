import AWSWire
import BatonCore
import BatonStore
import JSON

/// Keeps a data protection policy for a topic; Baton does not apply it.
///
/// Errors: InvalidParameter, NotFound. Source: API reference, PutDataProtectionPolicy.
enum PutDataProtectionPolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let dataProtectionPolicy: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try ResourceName.topic(input.resourceArn, region: context.region, parameter: "ResourceArn")
        guard (try? JSON.parse(input.dataProtectionPolicy))?.object != nil else {
            // Assumed: the text.
            throw SNSError.invalidParameter("DataProtectionPolicy Reason: the policy is not valid JSON")
        }
        return TopicChange.prepare(arn, context) { $0.dataProtectionPolicy = input.dataProtectionPolicy }
    }
}
