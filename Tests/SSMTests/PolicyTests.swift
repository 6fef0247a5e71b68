import AWSWire
import BatonStore
import BatonTesting
import JSON
import Testing

@testable import SSM

/// Policies on the clock, and the events of the Parameter Store.
struct PolicyTests {
    private let account: Account
    private static let day: Int64 = 86_400_000

    init() async throws {
        account = try await Account()
        try await account.listen()
    }

    private func expiration(inDays days: Int64) -> String {
        let time = Timestamp.iso8601(account.host.clock.nowMs + days * Self.day)
        return #"{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"\#(time)"}}"#
    }

    private static let notification =
        #"{"Type":"ExpirationNotification","Version":"1.0","Attributes":{"Before":"2","Unit":"Days"}}"#
    private static let noChange =
        #"{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"36","Unit":"Hours"}}"#

    private func put(_ policies: [String], _ more: JSON = [:]) async throws {
        var input = more
        input["Policies"] = .string("[\(policies.joined(separator: ","))]")
        input["Tier"] = "Advanced"
        try await account.put("p", "v", input)
    }

    @Test func changesAreTold() async throws {
        try await account.put("/a/b", "v", ["Description": "d"])
        try await account.put("/a/b", "w", ["Overwrite": true])
        try await account.call("LabelParameterVersion", ["Name": "/a/b", "Labels": ["l"]])
        try await account.call("DeleteParameter", ["Name": "/a/b"])
        let events = try await account.events()
        #expect(Set(events.map(\.kind)) == ["Parameter Store Change"])
        #expect(
            events.map { $0.detail["operation"]?.string } == ["Create", "Update", "LabelParameterVersion", "Delete"])
        #expect(
            events.first?.detail == ["operation": "Create", "name": "/a/b", "type": "String", "description": "d"])
    }

    @Test func aParameterExpiresAndIsToldOfBefore() async throws {
        try await put([expiration(inDays: 10), Self.notification])
        _ = try await account.events()
        let policies = try await account.call("DescribeParameters")["Parameters"]?[0]?["Policies"]?.array ?? []
        #expect(policies.compactMap { $0["PolicyStatus"]?.string } == ["Pending", "Pending"])
        await account.host.advance(byMs: 8 * Self.day - 1000)
        #expect(try await account.events().isEmpty)
        await account.host.advance(byMs: 1000)
        let notification = try await account.events()
        #expect(notification.map(\.kind) == ["Parameter Store Policy Action"])
        #expect(notification.first?.detail["policy-type"] == "ExpirationNotification")
        // A new version does not change when it expires.
        try await account.put("p", "w", ["Overwrite": true])
        _ = try await account.events()
        await account.host.advance(byMs: 2 * Self.day)
        #expect(await account.failure("GetParameter", ["Name": "p"]) == "ParameterNotFound")
        #expect(
            Set(try await account.events().map(\.kind)) == ["Parameter Store Policy Action", "Parameter Store Change"])
    }

    @Test func whoDoesNotChangeAParameterIsTold() async throws {
        try await put([Self.noChange])
        await account.host.advance(byMs: Self.day)
        try await account.put("p", "w", ["Overwrite": true])
        _ = try await account.events()
        await account.host.advance(byMs: Self.day)
        #expect(try await account.events().isEmpty)
        await account.host.advance(byMs: Self.day / 2)
        #expect(try await account.events().first?.detail["policy-type"] == "NoChangeNotification")
        #expect(try await account.value("p") == "w")
    }

    @Test func anEmptyPolicyRemovesAll() async throws {
        try await put([expiration(inDays: 1)])
        try await put(["{}"], ["Overwrite": true])
        await account.host.advance(byMs: 2 * Self.day)
        #expect(try await account.value("p") == "v")
    }

    @Test(arguments: [
        (#"[{"Type":"Other"}]"#, "Advanced", "InvalidPolicyTypeException"),
        (
            #"[{"Type":"Expiration","Attributes":{"Timestamp":"2001-01-01T00:00:00Z"}}]"#, "Advanced",
            "InvalidPolicyAttributeException"
        ),
        (
            #"[{"Type":"NoChangeNotification","Attributes":{"After":"1","Unit":"Weeks"}}]"#, "Advanced",
            "InvalidPolicyAttributeException"
        ),
        ("[\(notification)]", "Advanced", "IncompatiblePolicyException"),
        ("no", "Advanced", "InvalidPolicyAttributeException"),
        (
            "[\(Array(repeating: noChange, count: 11).joined(separator: ","))]", "Advanced",
            "PoliciesLimitExceededException"
        ),
        ("[\(noChange)]", "Standard", "ValidationException"),
    ])
    func refuses(_ policies: String, _ tier: String, _ code: String) async throws {
        let failure = await account.failure(
            "PutParameter",
            ["Name": "p", "Value": "v", "Type": "String", "Tier": .string(tier), "Policies": .string(policies)])
        #expect(failure?.prefix { $0 != ":" } == code[...], "\(failure ?? "none")")
    }
}
