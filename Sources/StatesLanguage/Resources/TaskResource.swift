/// The `Resource` of a Task state, taken apart.
///
/// | written | kind |
/// |---|---|
/// | `arn:aws:lambda:us-east-1:1…:function:F[:qualifier]` | ``Kind/lambdaFunction(arn:)`` |
/// | `arn:aws:states:us-east-1:1…:activity:A` | ``Kind/activity(arn:)`` |
/// | `arn:aws:states:::sqs:sendMessage.waitForTaskToken` | ``Kind/integration(resourceType:action:)``, an optimised one |
/// | `arn:aws:states:::aws-sdk:sqs:sendMessage` | ``Kind/integration(resourceType:action:)``, of any API |
public struct TaskResource: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case lambdaFunction(arn: String)
        case activity(arn: String)
        /// Both as histories show them: `sqs`, `aws-sdk:sqs`, `states`, `http`; `sendMessage.waitForTaskToken`.
        case integration(resourceType: String, action: String)
    }

    /// When the task is over.
    public enum Pattern: String, Sendable, Hashable {
        /// With the answer of the call.
        case requestResponse = ""
        /// When the job is, with what describes it.
        case sync = ".sync"
        /// As `sync`; what the job has put out is JSON instead of text.
        case sync2 = ".sync:2"
        /// When somebody brings the token back.
        case waitForTaskToken = ".waitForTaskToken"
    }

    /// The `Resource` as written.
    public let text: String
    public let kind: Kind
    public let pattern: Pattern

    /// Why a text is no resource of a Task state.
    public enum Refusal: Error, Sendable, Equatable {
        case notAnARN
        /// An ARN, but of nothing that a task can be.
        case notRecognized(String)

        /// As the checker of AWS words it.
        public var message: String {
            switch self {
            case .notAnARN: "Value is not a valid resource ARN"
            case .notRecognized(let text):
                "The resource provided \(text) is not recognized. The value is not a valid resource ARN, or the "
                    + "resource is not available in this region."
            }
        }
    }

    public init(_ text: String) throws(Refusal) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), !parts[2].isEmpty, !parts[5].isEmpty
        else { throw .notAnARN }
        self.text = text
        switch (parts[2], parts[3].isEmpty && parts[4].isEmpty) {
        case ("lambda", false) where parts[5].hasPrefix("function:") && parts[5].utf8.count > 9:
            (kind, pattern) = (.lambdaFunction(arn: text), .requestResponse)
        case ("states", false) where parts[5].hasPrefix("activity:") && parts[5].utf8.count > 9:
            (kind, pattern) = (.activity(arn: text), .requestResponse)
        case ("states", true):
            guard let found = Self.integration(parts[5]) else { throw .notRecognized(text) }
            (kind, pattern) = found
        default: throw .notRecognized(text)
        }
    }

    private static func integration(_ text: String) -> (Kind, Pattern)? {
        var words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let isSDK = words.first == "aws-sdk"
        let typeWords = isSDK ? 2 : 1
        guard words.count > typeWords, !words.contains("") else { return nil }
        let resourceType = words[..<typeWords].joined(separator: ":")
        words.removeFirst(typeWords)
        let action = words.joined(separator: ":")
        let name = action.prefix { $0 != "." }
        guard !name.contains(":"), let pattern = Pattern(rawValue: String(action.dropFirst(name.count))) else {
            return nil
        }
        if isSDK {
            guard pattern == .requestResponse || pattern == .waitForTaskToken else { return nil }
        } else {
            guard OptimizedIntegration.find(resourceType, String(name))?.patterns.contains(pattern) == true else {
                return nil
            }
        }
        return (.integration(resourceType: resourceType, action: action), pattern)
    }

    // MARK: What histories show

    /// `lambda` for a function, `activity` for an activity: those have events of their own.
    public var resourceType: String {
        switch kind {
        case .lambdaFunction: "lambda"
        case .activity: "activity"
        case .integration(let resourceType, _): resourceType
        }
    }

    /// `resource` of the Task… events: the action; of the LambdaFunction… and Activity… events: the ARN.
    public var resource: String {
        switch kind {
        case .lambdaFunction(let arn), .activity(let arn): arn
        case .integration(_, let action): action
        }
    }

    // MARK: Parts of an integration

    /// The service of an `aws-sdk` integration, as written: `sqs`, `sfn`, `dynamodb`.
    public var sdkService: String? {
        guard case .integration(let type, _) = kind, type.hasPrefix("aws-sdk:") else { return nil }
        return String(type.dropFirst("aws-sdk:".count))
    }

    /// The action without its pattern: `sendMessage`.
    public var action: String {
        guard case .integration(_, let action) = kind else { return "" }
        return String(action.prefix { $0 != "." })
    }
}
