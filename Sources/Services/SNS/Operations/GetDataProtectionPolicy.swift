import AWSWire
import BatonCore

/// The data protection policy of a topic as it was put; Baton does not apply it.
///
/// Errors: InvalidParameter, NotFound. Source: API reference, GetDataProtectionPolicy.
enum GetDataProtectionPolicy: Operation {
    struct Input: Decodable, Sendable { let resourceArn: String }
    struct Output: Encodable, Sendable { let dataProtectionPolicy: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let arn = try ResourceName.topic(input.resourceArn, region: context.region, parameter: "ResourceArn")
        guard let entry = context.service(SNS.self).topics[arn] else { throw SNSError.topicNotFound }
        return Output(dataProtectionPolicy: entry.topic.dataProtectionPolicy)
    }
}
