import AWSWire
import BatonCore
import BatonStore
import JSON

/// Gives a setting its default again. Errors: ServiceSettingNotFound. Source: API reference, ResetServiceSetting.
enum ResetServiceSetting: WriteOperation {
    struct Input: Decodable, Sendable { let settingId: String }

    typealias Output = GetServiceSetting.Output

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let id = try ServiceSetting.known(input.settingId)
        return { transaction in
            try transaction.execute(
                "DELETE FROM ssm_setting WHERE account = ? AND region = ? AND id = ?", context.account, context.region,
                id)
            let setting = try ServiceSetting.find(id, context, transaction.db)
            return Output(serviceSetting: setting.described(context))
        }
    }
}
