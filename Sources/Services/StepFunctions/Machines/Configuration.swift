import AWSWire
import BatonCore
import JSON
import StatesLanguage

/// STANDARD or EXPRESS.
typealias MachineType = WorkflowType
extension WorkflowType: Codable {}

/// Which events of an execution go to CloudWatch Logs.
enum LogLevel: String, Codable, Sendable { case all = "ALL", error = "ERROR", fatal = "FATAL", off = "OFF" }

/// `loggingConfiguration`.
struct LoggingConfiguration: Codable, Sendable, Hashable {
    struct Destination: Codable, Sendable, Hashable {
        struct LogGroup: Codable, Sendable, Hashable { var logGroupArn: String? }
        var cloudWatchLogsLogGroup: LogGroup?
    }
    var level: LogLevel?
    var includeExecutionData: Bool?
    var destinations: [Destination]?

    static let none = LoggingConfiguration(level: .off, includeExecutionData: false)

    /// With what AWS fills in.
    var complete: LoggingConfiguration {
        LoggingConfiguration(
            level: level ?? .off, includeExecutionData: includeExecutionData ?? false, destinations: destinations)
    }

    /// The name of the log group that histories go to; nil when they go nowhere.
    var logGroup: String? {
        guard (level ?? .off) != .off else { return nil }
        return groupName
    }

    private var groupName: String? {
        guard let arn = destinations?.first?.cloudWatchLogsLogGroup?.logGroupArn.flatMap({ ARN($0) }),
            arn.service == "logs", arn.resource.hasPrefix("log-group:")
        else { return nil }
        let name = arn.resource.dropFirst("log-group:".count)
        return String(name.hasSuffix(":*") ? name.dropLast(2) : name)
    }

    /// Exactly one destination, and it exists; none is needed when nothing is logged.
    func check(_ context: Context) async throws(AWSError) {
        let count = destinations?.count ?? 0
        guard count == 1 || (count == 0 && (level ?? .off) == .off) else {
            throw StepFunctionsError.invalidLogging("Must specify exactly one Log Destination.")
        }
        guard count == 1 else { return }
        guard let groupName else { throw StepFunctionsError.invalidLogging("Log Destination not found.") }
        let answer = try await context.call(
            "logs", "DescribeLogGroups", ["logGroupNamePrefix": .string(groupName)])
        guard answer["logGroups"]?.array?.contains(where: { $0["logGroupName"]?.string == groupName }) == true else {
            throw StepFunctionsError.invalidLogging("Log Destination not found.")
        }
    }
}

struct TracingConfiguration: Codable, Sendable, Hashable { var enabled: Bool? }

/// `encryptionConfiguration`: stored and answered; Baton keeps its data folder as it is.
struct EncryptionConfiguration: Codable, Sendable, Hashable {
    enum Kind: String, Codable, Sendable { case owned = "AWS_OWNED_KEY", customer = "CUSTOMER_MANAGED_KMS_KEY" }
    var type: Kind
    var kmsKeyId: String?
    /// 60–900 seconds; 300 for a customer's key when it is not given.
    var kmsDataKeyReusePeriodSeconds: Int?

    /// Assumed: the messages.
    func checked() throws(AWSError) -> EncryptionConfiguration {
        switch type {
        case .owned:
            guard kmsKeyId == nil, kmsDataKeyReusePeriodSeconds == nil else {
                throw StepFunctionsError.invalidEncryption(
                    "kmsKeyId and kmsDataKeyReusePeriodSeconds must not be set for AWS_OWNED_KEY.")
            }
            return self
        case .customer:
            guard kmsKeyId != nil else {
                throw StepFunctionsError.invalidEncryption("kmsKeyId must be set for CUSTOMER_MANAGED_KMS_KEY.")
            }
            var complete = self
            complete.kmsDataKeyReusePeriodSeconds = kmsDataKeyReusePeriodSeconds ?? 300
            return complete
        }
    }
}

/// Values as JSON text in a column; the empty text is nil.
enum StoredJSON {
    static func text(_ value: (some Encodable)?) throws -> String {
        guard let value else { return "" }
        return try JSON(encoding: value).text()
    }

    static func value<T: Decodable>(_ type: T.Type, _ text: String) throws -> T? {
        guard !text.isEmpty else { return nil }
        return try JSON.parse(text).decoded(as: type)
    }
}
