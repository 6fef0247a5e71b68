import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import Testing

@testable import IAM

@Suite("What belongs to an account as a whole")
struct AccountTests {
    private static let provider = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com"

    private static func host() async throws -> TestHost {
        let host = try await TestHost([IAM()])
        try await host.call("iam", "CreateUser", ["UserName": "ann"])
        try await host.call(
            "iam", "CreateOpenIDConnectProvider",
            ["Url": "https://token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"]])
        return host
    }

    @Test func anIdentityProviderIsKeptAndChanged() async throws {
        let host = try await Self.host()
        let arn = JSON.string(Self.provider)
        let listed = try await host.call("iam", "ListOpenIDConnectProviders")["OpenIDConnectProviderList"]
        #expect(listed?[0]?["Arn"] == arn)
        try await host.call(
            "iam", "AddClientIDToOpenIDConnectProvider", ["OpenIDConnectProviderArn": arn, "ClientID": "me"])
        try await host.call(
            "iam", "TagOpenIDConnectProvider", ["OpenIDConnectProviderArn": arn, "Tags": [["Key": "a", "Value": "b"]]])
        let shown = try await host.call("iam", "GetOpenIDConnectProvider", ["OpenIDConnectProviderArn": arn])
        #expect(shown["ClientIDList"] == ["sts.amazonaws.com", "me"])
        #expect(shown["Url"] == "token.actions.githubusercontent.com" && shown["Tags"]?.array?.count == 1)
        try await host.call("iam", "DeleteOpenIDConnectProvider", ["OpenIDConnectProviderArn": arn])
        #expect(
            await host.failure("iam", "GetOpenIDConnectProvider", ["OpenIDConnectProviderArn": arn])?.code
                == "NoSuchEntity")
    }

    @Test func settingsOfTheAccount() async throws {
        let host = try await Self.host()
        #expect(await host.failure("iam", "GetAccountPasswordPolicy")?.code == "NoSuchEntity")
        try await host.call("iam", "UpdateAccountPasswordPolicy", ["MinimumPasswordLength": 12, "MaxPasswordAge": 90])
        let policy = try await host.call("iam", "GetAccountPasswordPolicy")["PasswordPolicy"]
        #expect(policy?["MinimumPasswordLength"] == 12 && policy?["ExpirePasswords"] == true)
        #expect(policy?["RequireSymbols"] == false)
        for alias in ["one", "two"] {
            try await host.call("iam", "CreateAccountAlias", ["AccountAlias": .string(alias)])
        }
        #expect(try await host.call("iam", "ListAccountAliases")["AccountAliases"] == ["two"])
        let summary = try await host.call("iam", "GetAccountSummary")["SummaryMap"]
        #expect(summary?["Users"] == 1 && summary?["Providers"] == 1)
    }

    @Test(
        arguments: [
            ("ecs.amazonaws.com", nil, "AWSServiceRoleForECS"), ("batch.amazonaws.com", nil, "AWSServiceRoleForBatch"),
            ("autoscaling.amazonaws.com", "x", "AWSServiceRoleForAutoScaling_x"),
        ] as [(JSON, JSON?, JSON)])
    func aServicesOwnRole(_ service: JSON, _ suffix: JSON?, _ name: JSON) async throws {
        let host = try await Self.host()
        var input: JSON = ["AWSServiceName": service]
        input["CustomSuffix"] = suffix
        let role = try await host.call("iam", "CreateServiceLinkedRole", input)["Role"]
        #expect(role?["RoleName"] == name && role?["Path"] == .string("/aws-service-role/\(service.string ?? "")/"))
        #expect(await host.failure("iam", "CreateServiceLinkedRole", input)?.code == "InvalidInput")
        let task = try await host.call("iam", "DeleteServiceLinkedRole", ["RoleName": name])
        #expect(try await host.call("iam", "GetServiceLinkedRoleDeletionStatus", task)["Status"] == "SUCCEEDED")
        #expect(await host.failure("iam", "GetRole", ["RoleName": name])?.code == "NoSuchEntity")
    }

    @Test func aUserWithAPasswordStays() async throws {
        let host = try await Self.host()
        try await host.call("iam", "CreateLoginProfile", ["UserName": "ann", "Password": "secret-1"])
        #expect(
            try await host.call("iam", "GetLoginProfile", ["UserName": "ann"])["LoginProfile"]?["UserName"] == "ann")
        #expect(
            await host.failure("iam", "DeleteUser", ["UserName": "ann"])?.message
                == "Cannot delete entity, must delete login profile first.")
        try await host.call("iam", "DeleteLoginProfile", ["UserName": "ann"])
        #expect(try await host.call("iam", "ListMFADevices", ["UserName": "ann"])["MFADevices"] == [])
        try await host.call("iam", "DeleteUser", ["UserName": "ann"])
    }

    @Test func aGroupKeepsItsMembersUnderItsNewName() async throws {
        let host = try await Self.host()
        try await host.call("iam", "CreateGroup", ["GroupName": "old"])
        try await host.call("iam", "AddUserToGroup", ["GroupName": "old", "UserName": "ann"])
        try await host.call("iam", "UpdateGroup", ["GroupName": "old", "NewGroupName": "new", "NewPath": "/x/"])
        let group = try await host.call("iam", "GetGroup", ["GroupName": "new"])
        #expect(group["Users"]?.array?.map { $0["UserName"] } == ["ann"] && group["Group"]?["Path"] == "/x/")
    }

    @Test func aBoundaryIsAUseOfItsPolicy() async throws {
        let host = try await Self.host()
        let document: JSON = #"{"Version":"2012-10-17","Statement":[]}"#
        let arn =
            try await host.call("iam", "CreatePolicy", ["PolicyName": "p", "PolicyDocument": document])["Policy"]?[
                "Arn"] ?? ""
        try await host.call("iam", "PutUserPermissionsBoundary", ["UserName": "ann", "PermissionsBoundary": arn])
        let used = try await host.call("iam", "ListPolicies", ["PolicyUsageFilter": "PermissionsBoundary"])["Policies"]
        #expect(used?[0]?["PermissionsBoundaryUsageCount"] == 1 && used?[0]?["AttachmentCount"] == 0)
        #expect(
            try await host.call("iam", "ListPolicies", ["PolicyUsageFilter": "PermissionsPolicy"])["Policies"] == [])
        let entities = try await host.call(
            "iam", "ListEntitiesForPolicy", ["PolicyArn": arn, "PolicyUsageFilter": "PermissionsBoundary"])
        #expect(entities["PolicyUsers"]?.array?.map { $0["UserName"] } == ["ann"])
    }
}
