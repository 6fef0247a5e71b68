import AWSWire
import BatonCore
import BatonStore
import JSON

/// Labels of APIs and stages: `arn:aws:apigateway:REGION::/apis/ID` and `…/stages/NAME`.
enum Tagging {
    static func place(_ arn: String) throws(AWSError) -> (api: String, stage: String?) {
        let parts = ARN(arn)?.resource.split(separator: "/").map(String.init) ?? []
        guard parts.count >= 2, parts[0] == "apis" else { throw APIGatewayError.noResource(arn) }
        return (parts[1], parts.count == 4 && parts[2] == "stages" ? parts[3] : nil)
    }

    static func change(
        _ arn: String, _ context: Context, _ change: @escaping @Sendable (inout JSON) -> Void
    ) throws(AWSError) -> Write<Nothing> {
        let (id, stage) = try place(arn)
        return Changes.write(id, context) { api, transaction in
            if let stage {
                var part = try api.part(.stage, stage)
                var tags = part["Tags"] ?? [:]
                change(&tags)
                part["Tags"] = tags
                try api.put(.stage, stage, part, transaction)
            } else {
                var tags = api.body["Tags"] ?? [:]
                change(&tags)
                api.body["Tags"] = tags
                try api.save(transaction)
            }
            return Nothing()
        }
    }
}
