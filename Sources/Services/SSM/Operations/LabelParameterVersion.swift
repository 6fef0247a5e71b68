import AWSWire
import BatonCore
import BatonStore

/// Attaches labels to a version, the latest by default; a label that is on another version moves. Labels that cannot be
/// are listed.
///
/// Errors: ParameterNotFound, ParameterVersionNotFound, ParameterVersionLabelLimitExceeded. Source: API reference,
/// LabelParameterVersion.
enum LabelParameterVersion: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let parameterVersion: Int?
        let labels: [String]
    }

    struct Output: Encodable, Sendable {
        let invalidLabels: [String]
        let parameterVersion: Int
    }

    /// Letters, digits and `.-_`, not beginning with a digit, `aws` or `ssm`.
    static func isValid(_ label: String) -> Bool {
        let lower = label.lowercased()
        let isAllowed = label.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || [0x2D, 0x2E, 0x5F].contains(byte)
        }
        let startsWithDigit = label.utf8.first.map { (0x30...0x39).contains($0) } ?? true
        return isAllowed && !startsWithDigit && !lower.hasPrefix("aws") && !lower.hasPrefix("ssm")
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let valid = input.labels.filter(isValid)
        let invalid = input.labels.filter { !isValid($0) }
        return { transaction in
            let latest = try Parameter.require(input.name, context, transaction.db)
            let number = input.parameterVersion ?? latest.version
            guard var target = try latest.version(number, transaction.db) else {
                throw SSMError.noVersion(number, input.name)
            }
            for var other in try latest.versions(transaction.db) where other.version != number {
                guard other.labels.contains(where: valid.contains) else { continue }
                other.labels.removeAll { valid.contains($0) }
                try other.saveVersion(transaction)
            }
            for label in valid where !target.labels.contains(label) { target.labels.append(label) }
            guard target.labels.count <= Limits.labels else { throw SSMError.tooManyLabels }
            try target.saveVersion(transaction)
            if !valid.isEmpty { try target.tell("LabelParameterVersion", context, transaction) }
            return Output(invalidLabels: invalid, parameterVersion: number)
        }
    }
}
