import AWSWire
import BatonCore
import JSON

/// Up to ten parameters; those that cannot be had are listed. Errors: ValidationException, InvalidKeyId. Source: API
/// reference, GetParameters.
enum GetParameters: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let names: [String]
        let withDecryption: Bool?
    }

    struct Output: Encodable, Sendable {
        let parameters: [JSON]
        let invalidParameters: [String]
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        var (found, missing): ([JSON], [String]) = ([], [])
        var seen: Set<String> = []
        for name in input.names where seen.insert(name).inserted {
            do throws(AWSError) {
                found.append(try await GetParameter.get(name, decrypted: input.withDecryption ?? false, context))
            } catch {
                guard error.code == "ParameterNotFound" || error.code == "ParameterVersionNotFound" else { throw error }
                missing.append(name)
            }
        }
        return Output(parameters: found, invalidParameters: missing)
    }
}
