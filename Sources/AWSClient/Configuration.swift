public import AWSWire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a client sends its requests, and as whom.
public struct Configuration: Sendable {
    public var region: String
    /// nil leaves requests to this machine to a placeholder key, and refuses all others.
    public var credentials: SigV4.Credentials?
    /// One endpoint for all services, for example `http://127.0.0.1:4566`; nil means AWS itself.
    public var endpoint: String?
    /// Endpoints of single services by the id of their model, for example `sqs`.
    public var endpoints: [String: String]
    public var retry: RetryPolicy
    /// For one attempt. Longer than the longest poll of SQS.
    public var timeoutMs: Int

    public init(
        region: String = "us-east-1", credentials: SigV4.Credentials? = nil, endpoint: String? = nil,
        endpoints: [String: String] = [:], retry: RetryPolicy = RetryPolicy(), timeoutMs: Int = 60_000
    ) {
        self.region = region
        self.credentials = credentials
        self.endpoint = endpoint
        self.endpoints = endpoints
        self.retry = retry
        self.timeoutMs = timeoutMs
    }
}

extension Configuration {
    /// Reads what every AWS SDK reads: `AWS_REGION`, `AWS_ACCESS_KEY_ID` and its companions, `AWS_ENDPOINT_URL`,
    /// `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_MAX_ATTEMPTS`, and for what these leave open the shared files' profile
    /// (`AWS_PROFILE`, `AWS_SHARED_CREDENTIALS_FILE`, `AWS_CONFIG_FILE`).
    ///
    /// - Parameter file: reads a file's text, nil when there is none.
    public static func of(
        environment: [String: String], file: (_ path: String) -> String?
    ) -> Configuration {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let home = value("HOME") ?? ""
        let credentialsFile = value("AWS_SHARED_CREDENTIALS_FILE") ?? "\(home)/.aws/credentials"
        let configFile = value("AWS_CONFIG_FILE") ?? "\(home)/.aws/config"
        let profile = Profile(
            named: value("AWS_PROFILE") ?? "default", credentials: file(credentialsFile) ?? "",
            config: file(configFile) ?? "")

        var configuration = Configuration()
        configuration.region =
            value("AWS_REGION") ?? value("AWS_DEFAULT_REGION") ?? profile["region"] ?? configuration.region
        configuration.endpoint = value("AWS_ENDPOINT_URL") ?? profile["endpoint_url"]
        configuration.retry.maxAttempts = value("AWS_MAX_ATTEMPTS").flatMap { Int($0) }.map { max(1, $0) } ?? 3
        if let key = value("AWS_ACCESS_KEY_ID"), let secret = value("AWS_SECRET_ACCESS_KEY") {
            configuration.credentials = SigV4.Credentials(
                accessKeyId: key, secretAccessKey: secret, sessionToken: value("AWS_SESSION_TOKEN"))
        } else if let key = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] {
            configuration.credentials = SigV4.Credentials(
                accessKeyId: key, secretAccessKey: secret, sessionToken: profile["aws_session_token"])
        }
        let prefix = "AWS_ENDPOINT_URL_"
        for (name, url) in environment where name.hasPrefix(prefix) && !url.isEmpty {
            configuration.endpoints[String(name.dropFirst(prefix.count))] = url
        }
        return configuration
    }
}

extension Configuration {
    /// The same with the environment and the files of this process.
    public static func ofProcess() -> Configuration {
        of(environment: ProcessInfo.processInfo.environment) { try? String(contentsOfFile: $0, encoding: .utf8) }
    }
}
