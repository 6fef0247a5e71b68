import AWSWire
import BatonCore
import BatonStore

/// Which characters a password is made of. Source: API reference, GetRandomPassword.
struct RandomPassword: Sendable {
    static let defaultLength = 32

    private let types: [[Character]]
    private let length: Int
    private let requiresEachType: Bool

    /// - Throws: InvalidParameterException when there are too few characters, or too many types. Assumed: the texts.
    init(
        length: Int?, excluded: String?, lowercase: Bool, uppercase: Bool, numbers: Bool, punctuation: Bool,
        space: Bool, requiresEachType: Bool
    ) throws(AWSError) {
        var types: [String] = []
        if lowercase { types.append("abcdefghijklmnopqrstuvwxyz") }
        if uppercase { types.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ") }
        if numbers { types.append("0123456789") }
        if punctuation { types.append("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") }
        if space { types.append(" ") }
        let excluded = Set(excluded ?? "")
        self.types = types.map { $0.filter { !excluded.contains($0) } }.filter { !$0.isEmpty }.map(Array.init)
        self.length = length ?? Self.defaultLength
        self.requiresEachType = requiresEachType
        guard !self.types.isEmpty else {
            throw SecretsManagerError.parameter("No valid characters found for password.")
        }
        guard !requiresEachType || self.types.count <= self.length else {
            throw SecretsManagerError.parameter("Password length is too short based on the required types.")
        }
    }

    func text(_ random: RandomSource) -> String {
        let all = types.flatMap { $0 }
        func one(of characters: [Character]) -> Character { characters[random.int(in: 0..<characters.count)] }
        var result = requiresEachType ? types.map(one) : []
        while result.count < length { result.append(one(of: all)) }
        // The required ones must not always come first.
        for index in result.indices.dropFirst().reversed() { result.swapAt(index, random.int(in: 0..<(index + 1))) }
        return String(result)
    }
}
