import AWSWire
import BatonCore

/// The ARN of a state machine, of a version of it or of an alias:
/// `arn:aws:states:REGION:ACCOUNT:stateMachine:NAME[:VERSION|:ALIAS]`. The machine of a distributed map state's child
/// executions is `NAME/LABEL`.
struct MachineARN: Sendable, Hashable, CustomStringConvertible {
    enum Qualifier: Sendable, Hashable {
        case version(Int)
        case alias(String)
    }

    var region: String
    var account: String
    var name: String
    var label: String?
    var qualifier: Qualifier?

    init(region: String, account: String, name: String, qualifier: Qualifier? = nil) {
        self.region = region
        self.account = account
        self.name = name
        self.qualifier = qualifier
    }

    init(_ text: String) throws(AWSError) {
        let (arn, parts) = try StatesARN.parts(text, type: "stateMachine")
        region = arn.region
        account = arn.account
        guard (2...3).contains(parts.count), !parts[1].isEmpty else {
            throw StepFunctionsError.invalidArn("Invalid ARN: \(text)")
        }
        let pieces = parts[1].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(pieces[0])
        label = pieces.count > 1 ? String(pieces[1]) : nil
        guard parts.count == 3 else { return }
        let last = parts[2]
        guard !last.isEmpty else { throw StepFunctionsError.invalidArn("Invalid ARN: \(text)") }
        // Names of aliases have at least one character that is no digit.
        qualifier = Int(last).map { .version($0) } ?? .alias(last)
    }

    /// That of the machine itself.
    var unqualified: MachineARN {
        var arn = self
        arn.qualifier = nil
        return arn
    }

    func version(_ number: Int) -> MachineARN {
        var arn = self
        arn.qualifier = .version(number)
        return arn
    }

    func alias(_ name: String) -> MachineARN {
        var arn = self
        arn.qualifier = .alias(name)
        return arn
    }

    var description: String {
        let base = "arn:aws:states:\(region):\(account):stateMachine:\(name)" + (label.map { "/\($0)" } ?? "")
        return switch qualifier {
        case .version(let number): "\(base):\(number)"
        case .alias(let name): "\(base):\(name)"
        case nil: base
        }
    }
}

/// What all ARNs of the service share.
enum StatesARN {
    /// - Parameter type: the first word of the resource that is wanted: `stateMachine`, `execution`, `activity` …
    /// - Returns: the ARN, and its resource split at colons.
    static func parts(_ text: String, type: String) throws(AWSError) -> (ARN, [String]) {
        let (arn, parts) = try parts(text)
        guard parts.first == type else {
            throw StepFunctionsError.invalidArn("Resource type not valid in this context: \(parts.first ?? "")")
        }
        return (arn, parts)
    }

    /// An ARN of the service, and its resource split at colons.
    static func parts(_ text: String) throws(AWSError) -> (ARN, [String]) {
        guard text.hasPrefix("arn:") else { throw StepFunctionsError.invalidArn("Invalid ARN prefix: \(text)") }
        guard let arn = ARN(text), arn.service == "states" else {
            throw StepFunctionsError.invalidArn("Invalid ARN: \(text)")
        }
        return (arn, arn.resource.split(separator: ":", omittingEmptySubsequences: false).map(String.init))
    }
}

/// Names of machines, activities, executions.
enum ResourceName {
    private static let forbidden = Set("<>{}[]?*\"#%\\^|~`$&,;:/".unicodeScalars)

    /// 1–80 characters without white space, brackets, wild cards, special and control characters.
    /// Source: Step Functions API reference, CreateStateMachine.
    static func check(_ name: String) throws(AWSError) {
        let isValid =
            !name.isEmpty && name.count <= 80
            && name.unicodeScalars.allSatisfy { scalar in
                !forbidden.contains(scalar) && !scalar.properties.isWhitespace && scalar.value > 0x1F
                    && !(0x7F...0x9F).contains(scalar.value) && !(0xFFFE...0xFFFF).contains(scalar.value)
            }
        guard isValid else { throw StepFunctionsError.invalidName(name) }
    }
}
