import AWSWire
import BatonCore
import BatonTesting
import JSON
import Testing

@testable import IAM

@Suite("Roles")
struct RoleTests {
    @Test("are made and answered as AWS does")
    func create() async throws {
        let iam = try await IAMHost()
        let made = try await iam.role(
            "Worker", ["Path": "/team/", "Description": "d", "Tags": [["Key": "k", "Value": "v"]]])
        #expect(made["Arn"] == "arn:aws:iam::000000000000:role/team/Worker")
        #expect(made["RoleId"]?.string?.hasPrefix("AROA") == true && made["RoleId"]?.string?.count == 21)
        #expect(made["AssumeRolePolicyDocument"] == .string(PolicyDocument.encoded(IAMHost.trust)))
        #expect(made["MaxSessionDuration"] == 3600 && made["Description"] == "d" && made["Path"] == "/team/")
        #expect(made["Tags"] == [["Key": "k", "Value": "v"]])
        #expect(try await iam("GetRole", ["RoleName": "Worker"])["Role"] == made)
        #expect(
            await iam.failure("GetRole", ["RoleName": "absent"])
                == "NoSuchEntity The role with name absent cannot be found.")
    }

    @Test("have names that differ in more than case")
    func names() async throws {
        let iam = try await IAMHost()
        try await iam.role("Worker")
        let again: JSON = ["RoleName": "WORKER", "AssumeRolePolicyDocument": .string(IAMHost.trust)]
        #expect(await iam.failure("CreateRole", again) == "EntityAlreadyExists Role with name WORKER already exists.")
    }

    @Test(
        "need a policy that is one",
        arguments: [
            ("not json", "MalformedPolicyDocument This policy contains invalid Json"),
            ("{}", "MalformedPolicyDocument Syntax errors in policy."),
            (#"{"Statement":[{"Action":"*"}]}"#, "MalformedPolicyDocument Syntax errors in policy."),
            (
                #"{"Version":"2020-01-01","Statement":[]}"#,
                "MalformedPolicyDocument The policy must contain a valid version string"
            ),
            (#"{"Version":"2012-10-17","Statement":[]}"#, nil),
            (#"{"Statement":{"Effect":"Deny"}}"#, nil),
        ] as [(String, String?)])
    func documents(document: String, error: String?) async throws {
        let iam = try await IAMHost()
        let input: JSON = ["RoleName": "r", "AssumeRolePolicyDocument": .string(document)]
        #expect(await iam.failure("CreateRole", input) == error)
    }

    @Test("change")
    func update() async throws {
        let iam = try await IAMHost()
        try await iam.role("r", ["Description": "old"])
        try await iam("UpdateRole", ["RoleName": "r", "MaxSessionDuration": 7200])
        try await iam("UpdateAssumeRolePolicy", ["RoleName": "r", "PolicyDocument": .string(IAMHost.document)])
        try await iam(
            "PutRolePermissionsBoundary", ["RoleName": "r", "PermissionsBoundary": "arn:aws:iam::aws:policy/P"])
        let role = try await iam("GetRole", ["RoleName": "r"])["Role"]
        #expect(role?["Description"] == nil && role?["MaxSessionDuration"] == 7200)
        #expect(role?["AssumeRolePolicyDocument"] == .string(PolicyDocument.encoded(IAMHost.document)))
        #expect(role?["PermissionsBoundary"]?["PermissionsBoundaryArn"] == "arn:aws:iam::aws:policy/P")
        try await iam("DeleteRolePermissionsBoundary", ["RoleName": "r"])
        #expect(try await iam("GetRole", ["RoleName": "r"])["Role"]?["PermissionsBoundary"] == nil)
    }

    @Test("are listed by path, in pages")
    func list() async throws {
        let iam = try await IAMHost()
        for index in 0..<5 { try await iam.role("r\(index)", ["Path": index < 3 ? "/a/" : "/b/"]) }
        let first = try await iam("ListRoles", ["PathPrefix": "/a/", "MaxItems": 2])
        #expect(first["Roles"]?.array?.map { $0["RoleName"]?.string } == ["r0", "r1"] && first["IsTruncated"] == true)
        let second = try await iam("ListRoles", ["PathPrefix": "/a/", "Marker": first["Marker"] ?? nil])
        #expect(second["Roles"]?.array?.map { $0["RoleName"]?.string } == ["r2"] && second["IsTruncated"] == false)
    }

    @Test("go when nothing holds them")
    func delete() async throws {
        let iam = try await IAMHost()
        try await iam.role()
        let arn = JSON.string(try await iam.policy())
        try await iam("CreateInstanceProfile", ["InstanceProfileName": "i"])
        let steps: [(String, JSON, String, JSON, String)] = [
            (
                "AddRoleToInstanceProfile", ["InstanceProfileName": "i", "RoleName": "r"],
                "RemoveRoleFromInstanceProfile",
                ["InstanceProfileName": "i", "RoleName": "r"], "remove roles from instance profile"
            ),
            (
                "AttachRolePolicy", ["RoleName": "r", "PolicyArn": arn], "DetachRolePolicy",
                ["RoleName": "r", "PolicyArn": arn], "detach all policies"
            ),
            (
                "PutRolePolicy", ["RoleName": "r", "PolicyName": "x", "PolicyDocument": .string(IAMHost.document)],
                "DeleteRolePolicy", ["RoleName": "r", "PolicyName": "x"], "delete policies"
            ),
        ]
        for (hold, input, release, undo, reason) in steps {
            try await iam(hold, input)
            #expect(
                await iam.failure("DeleteRole", ["RoleName": "r"])
                    == "DeleteConflict Cannot delete entity, must \(reason) first.")
            try await iam(release, undo)
        }
        try await iam("DeleteRole", ["RoleName": "r"])
        #expect(
            await iam.failure("DeleteRole", ["RoleName": "r"]) == "NoSuchEntity The role with name r cannot be found.")
    }

    @Test("carry tags whose keys differ in more than case")
    func tags() async throws {
        let iam = try await IAMHost()
        try await iam.role("r", ["Tags": [["Key": "a", "Value": "1"], ["Key": "b", "Value": "2"]]])
        try await iam("TagRole", ["RoleName": "r", "Tags": [["Key": "A", "Value": "3"]]])
        try await iam("UntagRole", ["RoleName": "r", "TagKeys": ["b"]])
        #expect(try await iam("ListRoleTags", ["RoleName": "r"])["Tags"] == [["Key": "A", "Value": "3"]])
        let twice: JSON = ["RoleName": "r", "Tags": [["Key": "x", "Value": "1"], ["Key": "X", "Value": "2"]]]
        #expect(
            await iam.failure("TagRole", twice)
                == "InvalidInput Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    }

    @Test("belong to their account")
    func accounts() async throws {
        let iam = try await IAMHost()
        try await iam.role()
        let other = iam.host.context(account: "123456789012", region: "eu-west-1")
        #expect(try await other.call("iam", "ListRoles", [:])["Roles"] == [])
    }
}
