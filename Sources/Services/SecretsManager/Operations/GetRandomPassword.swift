import AWSWire
import BatonCore

/// A random password of 32 characters, or of 1–4096. Errors: InvalidParameterException. Source: API reference,
/// GetRandomPassword.
enum GetRandomPassword: ReadOperation {
    struct Input: Decodable, Sendable {
        let passwordLength: Int?
        let excludeCharacters: String?
        let excludeNumbers: Bool?
        let excludePunctuation: Bool?
        let excludeUppercase: Bool?
        let excludeLowercase: Bool?
        let includeSpace: Bool?
        let requireEachIncludedType: Bool?
    }

    struct Output: Encodable, Sendable { let randomPassword: String }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let password = try RandomPassword(
            length: input.passwordLength, excluded: input.excludeCharacters,
            lowercase: input.excludeLowercase != true, uppercase: input.excludeUppercase != true,
            numbers: input.excludeNumbers != true, punctuation: input.excludePunctuation != true,
            space: input.includeSpace ?? false, requiresEachType: input.requireEachIncludedType ?? true)
        return Output(randomPassword: password.text(context.random))
    }
}
