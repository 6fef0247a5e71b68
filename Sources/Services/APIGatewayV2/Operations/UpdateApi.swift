import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes what is given of an API. Errors: NotFoundException. Source: API reference, UpdateApi.
enum UpdateApi: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        Changes.write(input["ApiId"]?.string ?? "", context) { api, transaction in
            for name in [
                "Name", "Description", "Version", "CorsConfiguration", "DisableExecuteApiEndpoint", "IpAddressType",
            ] {
                if let value = input[name] { api.body[name] = value }
            }
            try api.save(transaction)
            return api.body
        }
    }
}
