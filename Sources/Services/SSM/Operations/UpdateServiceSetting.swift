import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes a setting of the Parameter Store. Errors: ServiceSettingNotFound. Source: API reference,
/// UpdateServiceSetting.
enum UpdateServiceSetting: WriteOperation {
    struct Input: Decodable, Sendable {
        let settingId: String
        let settingValue: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let id = try ServiceSetting.known(input.settingId)
        return { transaction in
            let body: JSON = [
                "value": .string(input.settingValue), "modifiedMs": .number(JSON.Number(transaction.nowMs)),
            ]
            try transaction.execute(
                "INSERT OR REPLACE INTO ssm_setting (account, region, id, body) VALUES (?, ?, ?, ?)", context.account,
                context.region, id, body.text())
            return Nothing()
        }
    }
}
