import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The settings of the Parameter Store itself. The default tier is kept to; throughput is only stored.
struct ServiceSetting: Sendable {
    static let defaultTier = "/ssm/parameter-store/default-parameter-tier"
    private static let defaults = [defaultTier: "Standard", "/ssm/parameter-store/high-throughput-enabled": "false"]

    let id: String
    let value: String
    /// nil while the default holds.
    let modifiedMs: Int64?

    /// - Parameter given: an id, or the ARN of one.
    /// - Throws: ServiceSettingNotFound. Assumed: the text.
    static func find(_ given: String, _ context: Context, _ db: Database) throws -> ServiceSetting {
        let id = try known(given)
        let body = try db.row(
            "SELECT body FROM ssm_setting WHERE account = ? AND region = ? AND id = ?", context.account,
            context.region, id
        ).map { try JSON.parse($0["body"] as String) }
        return ServiceSetting(
            id: id, value: body?["value"]?.string ?? defaults[id] ?? "",
            modifiedMs: (body?["modifiedMs"]?.int).map(Int64.init))
    }

    static func known(_ given: String) throws(AWSError) -> String {
        var id = given
        if let arn = ARN(given), arn.resource.hasPrefix("servicesetting") {
            id = String(arn.resource.dropFirst("servicesetting".count))
        }
        guard defaults[id] != nil else {
            throw AWSError("ServiceSettingNotFound", "Setting \(given) not found.")
        }
        return id
    }

    func described(_ context: Context) -> JSON {
        var result: JSON = [
            "SettingId": .string(id), "SettingValue": .string(value),
            "ARN": .string(context.arn("ssm", "servicesetting\(id)").description),
            "Status": modifiedMs == nil ? "Default" : "Customized",
        ]
        if let modifiedMs {
            result["LastModifiedDate"] = .number(Timestamp.number(modifiedMs))
            result["LastModifiedUser"] = .string("arn:aws:iam::\(context.account):root")
        }
        return result
    }
}
