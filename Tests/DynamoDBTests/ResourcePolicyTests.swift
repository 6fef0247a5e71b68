import AWSWire
import BatonTesting
import JSON
import Testing

@testable import DynamoDB

@Suite("Policies of tables")
struct ResourcePolicyTests {
    @Test("are kept, shown and removed")
    func lifecycle() async throws {
        let host = try await dynamoHost()
        let arn: JSON = "arn:aws:dynamodb:us-east-1:000000000000:table/plain"
        let policy: JSON = #"{"Version": "2012-10-17", "Statement": []}"#
        #expect(
            await host.failure("dynamodb", "GetResourcePolicy", ["ResourceArn": arn])?.code == "PolicyNotFoundException"
        )
        let put = try await host.dynamo("PutResourcePolicy", ["ResourceArn": arn, "Policy": policy])
        let got = try await host.dynamo("GetResourcePolicy", ["ResourceArn": arn])
        #expect(got == ["Policy": policy, "RevisionId": put["RevisionId"] ?? ""])
        #expect(
            await host.failure(
                "dynamodb", "PutResourcePolicy",
                ["ResourceArn": arn, "Policy": policy, "ExpectedRevisionId": "NO_POLICY"])?.code
                == "PolicyNotFoundException")
        #expect(
            try await host.dynamo("DeleteResourcePolicy", ["ResourceArn": arn])["RevisionId"] == put["RevisionId"])
        #expect(try await host.dynamo("DeleteResourcePolicy", ["ResourceArn": arn]) == [:])
    }

    @Test("come with a new table")
    func created() async throws {
        let host = try await dynamoHost()
        let policy: JSON = #"{"Statement": []}"#
        _ = try await host.dynamo(
            "CreateTable",
            [
                "TableName": "with-policy", "BillingMode": "PAY_PER_REQUEST", "ResourcePolicy": policy,
                "AttributeDefinitions": [["AttributeName": "pk", "AttributeType": "S"]],
                "KeySchema": [["AttributeName": "pk", "KeyType": "HASH"]],
            ])
        let arn: JSON = "arn:aws:dynamodb:us-east-1:000000000000:table/with-policy"
        #expect(try await host.dynamo("GetResourcePolicy", ["ResourceArn": arn])["Policy"] == policy)
    }

    @Test("global tables are refused in words")
    func globalTables() async throws {
        let host = try await dynamoHost()
        #expect(
            await host.refusal("UpdateTable", ["TableName": "plain", "MultiRegionConsistency": "STRONG"])
                == "Baton has no global tables: ReplicaUpdates cannot be used")
    }
}
