import AWSWire
import JSON
import Testing

@testable import IAM

@Suite("Instance profiles")
struct InstanceProfileTests {
    @Test("hold one role")
    func role() async throws {
        let iam = try await IAMHost()
        try await iam.role()
        let profile = try await iam("CreateInstanceProfile", ["InstanceProfileName": "i", "Path": "/x/"])[
            "InstanceProfile"]
        #expect(profile?["Arn"] == "arn:aws:iam::000000000000:instance-profile/x/i" && profile?["Roles"] == [])
        #expect(profile?["InstanceProfileId"]?.string?.hasPrefix("AIPA") == true)
        let both: JSON = ["InstanceProfileName": "i", "RoleName": "r"]
        try await iam("AddRoleToInstanceProfile", both)
        #expect(
            await iam.failure("AddRoleToInstanceProfile", both)
                == "LimitExceeded Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
        let found = try await iam("GetInstanceProfile", ["InstanceProfileName": "i"])["InstanceProfile"]
        #expect(found?["Roles"]?[0]?["RoleName"] == "r")
        let ofRole = try await iam("ListInstanceProfilesForRole", ["RoleName": "r"])["InstanceProfiles"]
        #expect(ofRole?[0]?["InstanceProfileName"] == "i")
        #expect(
            await iam.failure("DeleteInstanceProfile", ["InstanceProfileName": "i"])
                == "DeleteConflict Cannot delete entity, must remove roles from instance profile first.")
        try await iam("RemoveRoleFromInstanceProfile", both)
        try await iam("DeleteInstanceProfile", ["InstanceProfileName": "i"])
        #expect(
            await iam.failure("GetInstanceProfile", ["InstanceProfileName": "i"])
                == "NoSuchEntity Instance Profile i cannot be found.")
    }
}

@Suite("Users and groups")
struct UserTests {
    @Test("have ids and ARNs of their kind")
    func create() async throws {
        let iam = try await IAMHost()
        let user = try await iam("CreateUser", ["UserName": "u"])["User"]
        #expect(
            user?["Arn"] == "arn:aws:iam::000000000000:user/u" && user?["UserId"]?.string?.hasPrefix("AIDA") == true)
        let group = try await iam("CreateGroup", ["GroupName": "g"])["Group"]
        #expect(
            group?["Arn"] == "arn:aws:iam::000000000000:group/g" && group?["GroupId"]?.string?.hasPrefix("AGPA") == true
        )
        #expect(
            await iam.failure("CreateUser", ["UserName": "u"]) == "EntityAlreadyExists User with name u already exists."
        )
        #expect(try await iam("GetUser")["User"]?["Arn"] == "arn:aws:iam::000000000000:root")
    }

    @Test("have two keys that carry their account")
    func keys() async throws {
        let iam = try await IAMHost()
        try await iam("CreateUser", ["UserName": "u"])
        let key = try await iam("CreateAccessKey", ["UserName": "u"])["AccessKey"]
        let id = try #require(key?["AccessKeyId"]?.string)
        #expect(id.hasPrefix("AKIA") && id.count == 20 && key?["SecretAccessKey"]?.string?.count == 40)
        #expect(AccessKeyId.account(of: id) == "000000000000")
        try await iam("CreateAccessKey", ["UserName": "u"])
        #expect(
            await iam.failure("CreateAccessKey", ["UserName": "u"])
                == "LimitExceeded Cannot exceed quota for AccessKeysPerUser: 2")
        try await iam("UpdateAccessKey", ["UserName": "u", "AccessKeyId": .string(id), "Status": "Inactive"])
        let listed = try await iam("ListAccessKeys", ["UserName": "u"])["AccessKeyMetadata"]?.array ?? []
        #expect(listed.count == 2 && listed.first { $0["AccessKeyId"]?.string == id }?["Status"] == "Inactive")
        #expect(try await iam("GetAccessKeyLastUsed", ["AccessKeyId": .string(id)])["UserName"] == "u")
        try await iam("DeleteAccessKey", ["UserName": "u", "AccessKeyId": .string(id)])
        #expect(
            await iam.failure("DeleteAccessKey", ["UserName": "u", "AccessKeyId": .string(id)])
                == "NoSuchEntity The Access Key with id \(id) cannot be found.")
    }

    @Test("go when nothing holds them")
    func delete() async throws {
        let iam = try await IAMHost()
        try await iam("CreateUser", ["UserName": "u"])
        try await iam("CreateGroup", ["GroupName": "g"])
        let key = try await iam("CreateAccessKey", ["UserName": "u"])["AccessKey"]?["AccessKeyId"] ?? nil
        try await iam("AddUserToGroup", ["GroupName": "g", "UserName": "u"])
        #expect(try await iam("GetGroup", ["GroupName": "g"])["Users"]?[0]?["UserName"] == "u")
        #expect(try await iam("ListGroupsForUser", ["UserName": "u"])["Groups"]?[0]?["GroupName"] == "g")
        let conflict = "DeleteConflict Cannot delete entity, must "
        #expect(await iam.failure("DeleteUser", ["UserName": "u"]) == conflict + "delete access keys first.")
        try await iam("DeleteAccessKey", ["UserName": "u", "AccessKeyId": key])
        #expect(await iam.failure("DeleteUser", ["UserName": "u"]) == conflict + "remove users from group first.")
        #expect(await iam.failure("DeleteGroup", ["GroupName": "g"]) == conflict + "remove users from group first.")
        try await iam("RemoveUserFromGroup", ["GroupName": "g", "UserName": "u"])
        try await iam("DeleteUser", ["UserName": "u"])
        try await iam("DeleteGroup", ["GroupName": "g"])
        #expect(await iam.failure("GetUser", ["UserName": "u"]) == "NoSuchEntity The user with name u cannot be found.")
    }

    @Test("keep what they have under a new name")
    func rename() async throws {
        let iam = try await IAMHost()
        try await iam("CreateUser", ["UserName": "u"])
        try await iam("CreateGroup", ["GroupName": "g"])
        try await iam("AddUserToGroup", ["GroupName": "g", "UserName": "u"])
        try await iam("AttachUserPolicy", ["UserName": "u", "PolicyArn": "arn:aws:iam::aws:policy/P"])
        try await iam("CreateAccessKey", ["UserName": "u"])
        try await iam("UpdateUser", ["UserName": "u", "NewUserName": "v", "NewPath": "/x/"])
        #expect(try await iam("GetUser", ["UserName": "v"])["User"]?["Arn"] == "arn:aws:iam::000000000000:user/x/v")
        #expect(try await iam("ListGroupsForUser", ["UserName": "v"])["Groups"]?.array?.count == 1)
        #expect(try await iam("ListAttachedUserPolicies", ["UserName": "v"])["AttachedPolicies"]?.array?.count == 1)
        #expect(try await iam("ListAccessKeys", ["UserName": "v"])["AccessKeyMetadata"]?.array?.count == 1)
    }
}
