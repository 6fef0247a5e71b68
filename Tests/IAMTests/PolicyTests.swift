import AWSWire
import JSON
import Testing

@testable import IAM

@Suite("Policies inside of roles, users and groups")
struct InlinePolicyTests {
    @Test("are put, answered encoded, listed and deleted", arguments: ["Role", "User", "Group"])
    func lifecycle(kind: String) async throws {
        let iam = try await IAMHost()
        let name = "\(kind)Name"
        if kind == "Role" { try await iam.role("h") } else { try await iam("Create\(kind)", .object([name: "h"])) }
        for policy in ["b", "a"] {
            try await iam(
                "Put\(kind)Policy",
                .object([name: "h", "PolicyName": .string(policy), "PolicyDocument": .string(IAMHost.document)]))
        }
        let found = try await iam("Get\(kind)Policy", .object([name: "h", "PolicyName": "a"]))
        #expect(found[name] == "h" && found["PolicyName"] == "a")
        #expect(
            found["PolicyDocument"]
                == "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22sqs%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"
        )
        #expect(try await iam("List\(kind)Policies", .object([name: "h"]))["PolicyNames"] == ["a", "b"])
        try await iam("Delete\(kind)Policy", .object([name: "h", "PolicyName": "a"]))
        #expect(
            await iam.failure("Get\(kind)Policy", .object([name: "h", "PolicyName": "a"]))
                == "NoSuchEntity The \(kind.lowercased()) policy with name a cannot be found.")
        #expect(
            await iam.failure("List\(kind)Policies", .object([name: "absent"]))
                == "NoSuchEntity The \(kind.lowercased()) with name absent cannot be found.")
    }
}

@Suite("Managed policies")
struct ManagedPolicyTests {
    @Test("are made and answered as AWS does")
    func create() async throws {
        let iam = try await IAMHost()
        let arn = try await iam.policy("Access")
        #expect(arn == "arn:aws:iam::000000000000:policy/Access")
        let policy = try await iam("GetPolicy", ["PolicyArn": .string(arn)])["Policy"]
        #expect(policy?["PolicyId"]?.string?.hasPrefix("ANPA") == true && policy?["PolicyId"]?.string?.count == 21)
        #expect(
            policy?["DefaultVersionId"] == "v1" && policy?["AttachmentCount"] == 0 && policy?["IsAttachable"] == true)
        let again: JSON = ["PolicyName": "Access", "Path": "/other/", "PolicyDocument": .string(IAMHost.document)]
        #expect(
            await iam.failure("CreatePolicy", again)
                == "EntityAlreadyExists A policy called Access already exists. Duplicate names are not allowed.")
        let absent = "arn:aws:iam::000000000000:policy/absent"
        #expect(
            await iam.failure("GetPolicy", ["PolicyArn": .string(absent)])
                == "NoSuchEntity Policy \(absent) was not found.")
    }

    @Test("are attached, once and to ten at most", arguments: ["Role", "User", "Group"])
    func attach(kind: String) async throws {
        let iam = try await IAMHost()
        let name = "\(kind)Name"
        if kind == "Role" { try await iam.role("h") } else { try await iam("Create\(kind)", .object([name: "h"])) }
        let arn = try await iam.policy()
        func input(_ arn: String) -> JSON { .object([name: "h", "PolicyArn": .string(arn)]) }
        try await iam("Attach\(kind)Policy", input(arn))
        try await iam("Attach\(kind)Policy", input(arn))
        try await iam("Attach\(kind)Policy", input("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"))
        #expect(
            try await iam("ListAttached\(kind)Policies", .object([name: "h"]))["AttachedPolicies"] == [
                ["PolicyName": "p", "PolicyArn": .string(arn)],
                [
                    "PolicyName": "AWSLambdaBasicExecutionRole",
                    "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                ],
            ])
        #expect(try await iam("GetPolicy", ["PolicyArn": .string(arn)])["Policy"]?["AttachmentCount"] == 1)
        let entities = try await iam("ListEntitiesForPolicy", ["PolicyArn": .string(arn)])
        #expect(entities["Policy\(kind)s"]?[0]?[name] == "h")
        for index in 0..<8 { try await iam("Attach\(kind)Policy", input("arn:aws:iam::aws:policy/P\(index)")) }
        #expect(
            await iam.failure("Attach\(kind)Policy", input("arn:aws:iam::aws:policy/P9"))
                == "LimitExceeded Cannot exceed quota for PoliciesPer\(kind): 10")
        try await iam("Detach\(kind)Policy", input(arn))
        #expect(await iam.failure("Detach\(kind)Policy", input(arn)) == "NoSuchEntity Policy \(arn) was not found.")
    }

    @Test("must exist to be attached")
    func absent() async throws {
        let iam = try await IAMHost()
        try await iam.role()
        let arn = "arn:aws:iam::000000000000:policy/absent"
        #expect(
            await iam.failure("AttachRolePolicy", ["RoleName": "r", "PolicyArn": .string(arn)])
                == "NoSuchEntity Policy \(arn) does not exist or is not attachable.")
    }

    @Test("of AWS are there")
    func ofAWS() async throws {
        let iam = try await IAMHost()
        let arn: JSON = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        let policy = try await iam("GetPolicy", ["PolicyArn": arn])["Policy"]
        #expect(policy?["PolicyName"] == "AWSLambdaBasicExecutionRole" && policy?["Path"] == "/service-role/")
        #expect(policy == (try await iam("GetPolicy", ["PolicyArn": arn])["Policy"]))
        let version = try await iam("GetPolicyVersion", ["PolicyArn": arn, "VersionId": "v1"])["PolicyVersion"]
        #expect(version?["IsDefaultVersion"] == true)
    }

    @Test("have up to five versions, of which one is in force")
    func versions() async throws {
        let iam = try await IAMHost()
        let arn = JSON.string(try await iam.policy())
        for index in 2...5 {
            let made = try await iam(
                "CreatePolicyVersion",
                ["PolicyArn": arn, "PolicyDocument": .string(IAMHost.trust), "SetAsDefault": .bool(index == 3)])
            #expect(made["PolicyVersion"]?["VersionId"] == .string("v\(index)"))
        }
        let sixth: JSON = ["PolicyArn": arn, "PolicyDocument": .string(IAMHost.trust)]
        #expect(
            await iam.failure("CreatePolicyVersion", sixth)?.hasPrefix(
                "LimitExceeded A managed policy can have up to 5") == true)
        let listed = try await iam("ListPolicyVersions", ["PolicyArn": arn])["Versions"]?.array ?? []
        #expect(listed.map { $0["VersionId"]?.string } == ["v5", "v4", "v3", "v2", "v1"])
        #expect(listed.map { $0["IsDefaultVersion"]?.bool } == [false, false, true, false, false])
        let version = try await iam("GetPolicyVersion", ["PolicyArn": arn, "VersionId": "v3"])["PolicyVersion"]
        #expect(version?["Document"] == .string(PolicyDocument.encoded(IAMHost.trust)))
        #expect(
            await iam.failure("DeletePolicyVersion", ["PolicyArn": arn, "VersionId": "v3"])
                == "DeleteConflict Cannot delete the default version of a policy.")
        try await iam("SetDefaultPolicyVersion", ["PolicyArn": arn, "VersionId": "v4"])
        try await iam("DeletePolicyVersion", ["PolicyArn": arn, "VersionId": "v3"])
        #expect(try await iam("GetPolicy", ["PolicyArn": arn])["Policy"]?["DefaultVersionId"] == "v4")
        #expect(
            await iam.failure("GetPolicyVersion", ["PolicyArn": arn, "VersionId": "v3"])?.hasPrefix("NoSuchEntity")
                == true)
    }

    @Test("go when nobody has them and one version is left")
    func delete() async throws {
        let iam = try await IAMHost()
        try await iam.role()
        let arn = JSON.string(try await iam.policy())
        try await iam("AttachRolePolicy", ["RoleName": "r", "PolicyArn": arn])
        #expect(
            await iam.failure("DeletePolicy", ["PolicyArn": arn])
                == "DeleteConflict Cannot delete a policy attached to entities.")
        try await iam("DetachRolePolicy", ["RoleName": "r", "PolicyArn": arn])
        try await iam("CreatePolicyVersion", ["PolicyArn": arn, "PolicyDocument": .string(IAMHost.trust)])
        #expect(
            await iam.failure("DeletePolicy", ["PolicyArn": arn])?
                .hasPrefix("DeleteConflict This policy has more than one version.") == true)
        try await iam("DeletePolicyVersion", ["PolicyArn": arn, "VersionId": "v2"])
        try await iam("DeletePolicy", ["PolicyArn": arn])
        #expect(try await iam("ListPolicies", ["Scope": "Local"])["Policies"] == [])
    }

    @Test("are listed by scope")
    func list() async throws {
        let iam = try await IAMHost()
        try await iam.role()
        try await iam.policy("mine")
        try await iam("AttachRolePolicy", ["RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/Theirs"])
        func names(_ input: JSON) async throws -> [String?]? {
            try await iam("ListPolicies", input)["Policies"]?.array?.map { $0["PolicyName"]?.string }
        }
        #expect(try await names(["Scope": "Local"]) == ["mine"])
        #expect(try await names(["Scope": "AWS"]) == ["Theirs"])
        #expect(try await names([:]) == ["mine", "Theirs"])
        #expect(try await names(["OnlyAttached": true]) == ["Theirs"])
    }

    @Test("carry tags")
    func tags() async throws {
        let iam = try await IAMHost()
        let arn = JSON.string(try await iam.policy())
        try await iam(
            "TagPolicy", ["PolicyArn": arn, "Tags": [["Key": "a", "Value": "1"], ["Key": "b", "Value": "2"]]])
        try await iam("UntagPolicy", ["PolicyArn": arn, "TagKeys": ["a"]])
        #expect(try await iam("ListPolicyTags", ["PolicyArn": arn])["Tags"] == [["Key": "b", "Value": "2"]])
    }
}
