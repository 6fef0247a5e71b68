import AWSWire
import BatonCore
import JSON

/// A setting of the Parameter Store. Errors: ServiceSettingNotFound. Source: API reference, GetServiceSetting.
enum GetServiceSetting: ReadOperation {
    struct Input: Decodable, Sendable { let settingId: String }
    struct Output: Encodable, Sendable { let serviceSetting: JSON }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        Output(
            serviceSetting: try context.read { try ServiceSetting.find(input.settingId, context, $0) }
                .described(context))
    }
}
