import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging

/// A secret value, text or bytes: 1 byte to 64 KB.
enum SecretValue: Equatable, Sendable {
    case text(String)
    case binary([UInt8])

    /// nil when neither was given.
    /// - Throws: InvalidParameterException when both were.
    static func given(_ text: String?, _ binary: JSON?) throws(AWSError) -> SecretValue? {
        switch (text, binary?.bytes) {
        case (.some, .some): throw SecretsManagerError.bothValues
        case (.some(let text), nil): .text(text)
        case (nil, .some(let bytes)): .binary(bytes)
        default: nil
        }
    }

    private var bytes: [UInt8] {
        switch self {
        case .text(let text): Array(text.utf8)
        case .binary(let bytes): bytes
        }
    }

    var isBinary: Bool { if case .binary = self { true } else { false } }

    func sealed(_ version: String, _ context: Context) throws(AWSError) -> [UInt8] {
        do {
            return try context.host.vault.seal(bytes, for: Self.purpose(version))
        } catch {
            context.logger.error("a secret cannot be sealed", metadata: ["error": "\(error)"])
            throw SecretsManagerError.encryption
        }
    }

    static func opened(
        _ sealed: [UInt8], isBinary: Bool, _ version: String, _ context: Context
    ) throws(AWSError) -> SecretValue {
        do {
            let bytes = try context.host.vault.open(sealed, for: purpose(version))
            return isBinary ? .binary(bytes) : .text(String(decoding: bytes, as: UTF8.self))
        } catch {
            context.logger.error("a secret cannot be opened", metadata: ["error": "\(error)"])
            throw SecretsManagerError.decryption
        }
    }

    /// Binds a value to its version, so that it cannot be exchanged for that of another.
    private static func purpose(_ version: String) -> String {
        "secretsmanager/\(version)"
    }
}

/// The id of a version that is to be made.
enum ClientToken {
    /// SDKs make one up; AWS refuses requests without. Calls from inside get a new one.
    static func required(
        _ token: String?, _ context: Context, _ error: (String) -> AWSError = SecretsManagerError.request
    ) throws(AWSError) -> String {
        if let token { return token }
        guard context.request == nil else { throw error(SecretsManagerError.noToken) }
        return context.random.uuid()
    }
}
