import AWSWire
import BatonTesting
import IAM
import JSON

/// A Baton with nothing but IAM.
struct IAMHost {
    static let trust =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
    static let document = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}"#

    let host: TestHost

    init() async throws { host = try await TestHost([IAM()]) }

    @discardableResult
    func callAsFunction(_ operation: String, _ input: JSON = [:]) async throws(AWSError) -> JSON {
        try await host.call("iam", operation, input)
    }

    /// The code and message of a call that must fail.
    func failure(_ operation: String, _ input: JSON) async -> String? {
        await host.failure("iam", operation, input).map { "\($0.code) \($0.message)" }
    }

    @discardableResult
    func role(_ name: String = "r", _ more: JSON.Object = [:]) async throws -> JSON {
        var input = more
        input["RoleName"] = .string(name)
        input["AssumeRolePolicyDocument"] = .string(Self.trust)
        return try await self("CreateRole", .object(input))["Role"] ?? nil
    }

    @discardableResult
    func policy(_ name: String = "p") async throws -> String {
        let input: JSON = ["PolicyName": .string(name), "PolicyDocument": .string(Self.document)]
        return try await self("CreatePolicy", input)["Policy"]?["Arn"]?.string ?? ""
    }
}
