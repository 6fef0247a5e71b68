import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import Testing

@testable import EventBridge

@Suite("Endpoints, partners and the pace of API destinations")
struct EndpointTests {
    private static func endpoint(_ more: JSON.Object = [:]) -> JSON {
        let bus = { (region: String) in
            ["EventBusArn": .string("arn:aws:events:\(region):000000000000:event-bus/b")] as JSON
        }
        var input: JSON.Object = [
            "Name": "e", "ReplicationConfig": ["State": "DISABLED"],
            "RoutingConfig": [
                "FailoverConfig": [
                    "Primary": ["HealthCheck": "arn:aws:route53:::healthcheck/1"], "Secondary": ["Route": "us-west-2"],
                ]
            ], "EventBuses": [bus("us-east-1"), bus("us-west-2")],
        ]
        for (name, value) in more { input[name] = value }
        return .object(input)
    }

    @Test("an endpoint is kept, shown, changed and removed")
    func kept() async throws {
        let account = try await Account()
        #expect(try await account.events("CreateEndpoint", Self.endpoint())["State"] == "CREATING")
        let shown = try await account.events("DescribeEndpoint", ["Name": "e"])
        #expect(shown["State"] == "ACTIVE" && shown["EventBuses"]?.array?.count == 2)
        let id = try #require(shown["EndpointId"]?.string)
        #expect(shown["EndpointUrl"]?.string == "https://\(id).endpoint.events.amazonaws.com")
        try await account.events("UpdateEndpoint", ["Name": "e", "Description": "new"])
        let listed = try await account.events("ListEndpoints", ["NamePrefix": "e"])["Endpoints"]
        #expect(listed?[0]?["Description"] == "new")
        let entry: JSON = ["Source": "s", "DetailType": "t", "Detail": "{}"]
        let put = try await account.events("PutEvents", ["EndpointId": .string(id), "Entries": [entry]])
        #expect(put["FailedEntryCount"] == 0)
        try await account.events("DeleteEndpoint", ["Name": "e"])
        #expect(await account.failure("DescribeEndpoint", ["Name": "e"])?.code == "ResourceNotFoundException")
        #expect(
            await account.failure("PutEvents", ["EndpointId": .string(id), "Entries": [entry]])?.code
                == "ResourceNotFoundException")
    }

    @Test(
        arguments: [
            [
                "EventBuses": [
                    ["EventBusArn": "arn:aws:events:us-east-1:000000000000:event-bus/b"],
                    ["EventBusArn": "arn:aws:events:us-east-1:000000000000:event-bus/b"],
                ]
            ],
            [
                "EventBuses": [
                    ["EventBusArn": "arn:aws:events:us-east-1:000000000000:event-bus/b"],
                    ["EventBusArn": "arn:aws:events:us-west-2:000000000000:event-bus/c"],
                ]
            ],
            ["ReplicationConfig": ["State": "ENABLED"]],
        ] as [JSON.Object])
    func anEndpointIsRefused(_ more: JSON.Object) async throws {
        let account = try await Account()
        #expect(await account.failure("CreateEndpoint", Self.endpoint(more))?.code == "ValidationException")
    }

    @Test(
        arguments: [
            ("ListEventSources", [:], nil), ("ListPartnerEventSources", ["NamePrefix": "aws.partner/x/"], nil),
            ("DescribeEventSource", ["Name": "aws.partner/x.y/z"], "ResourceNotFoundException"),
            ("ActivateEventSource", ["Name": "aws.partner/x.y/z"], "ResourceNotFoundException"),
            (
                "CreatePartnerEventSource", ["Name": "aws.partner/x.y/z", "Account": "000000000000"],
                "OperationDisabledException"
            ),
        ] as [(String, JSON, String?)])
    func anAccountWithoutPartners(_ operation: String, _ input: JSON, _ code: String?) async throws {
        let account = try await Account()
        #expect(await account.failure(operation, input)?.code == code)
    }

    @Test("a destination is called no more often than its rate allows")
    func pace() async throws {
        let account = try await Account()
        let connection = try await account.events(
            "CreateConnection",
            [
                "Name": "c", "AuthorizationType": "API_KEY", "KmsKeyIdentifier": "alias/k",
                "AuthParameters": ["ApiKeyAuthParameters": ["ApiKeyName": "k", "ApiKeyValue": "v"]],
            ])
        #expect(try await account.events("DescribeConnection", ["Name": "c"])["KmsKeyIdentifier"] == "alias/k")
        let destination = try await account.events(
            "CreateApiDestination",
            [
                "Name": "d", "ConnectionArn": connection["ConnectionArn"] ?? "", "HttpMethod": "POST",
                "InvocationEndpoint": "https://example.com/", "InvocationRateLimitPerSecond": 2,
            ])
        try await account.rule(#"{"source":["shop"]}"#, ["Arn": destination["ApiDestinationArn"] ?? ""])
        for _ in 0..<5 { try await account.put() }
        var sent = [await account.host.http.sent.count]
        for _ in 0..<2 {
            await account.host.advance(byMs: 1000)
            sent.append(await account.host.http.sent.count)
        }
        #expect(sent == [2, 4, 5])
    }
}
