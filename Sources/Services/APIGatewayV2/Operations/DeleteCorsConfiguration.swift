import AWSWire
import BatonCore
import BatonStore
import JSON

/// Takes the CORS configuration from an API. Errors: NotFoundException. Source: API reference, DeleteCorsConfiguration.
enum DeleteCorsConfiguration: WriteOperation {
    struct Input: Decodable, Sendable { let apiId: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Changes.write(input.apiId, context) { api, transaction in
            api.body["CorsConfiguration"] = nil
            try api.save(transaction)
            return Nothing()
        }
    }
}
