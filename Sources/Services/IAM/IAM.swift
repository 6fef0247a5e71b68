public import BatonCore
public import BatonStore

/// Identity and Access Management: roles, users, groups, policies and instance profiles, stored and answered as AWS
/// does. Permissions are not evaluated.
public final class IAM: Service {
    public static let id = "iam"
    public static let operations: [any Operation.Type] =
        [
            AddRoleToInstanceProfile.self, AddUserToGroup.self, AttachGroupPolicy.self, AttachRolePolicy.self,
            AttachUserPolicy.self, CreateAccessKey.self, CreateGroup.self, CreateInstanceProfile.self,
            CreatePolicy.self,
            CreatePolicyVersion.self, CreateRole.self, CreateUser.self, DeleteAccessKey.self, DeleteGroup.self,
            DeleteGroupPolicy.self, DeleteInstanceProfile.self, DeletePolicy.self, DeletePolicyVersion.self,
            DeleteRole.self, DeleteRolePermissionsBoundary.self, DeleteRolePolicy.self, DeleteUser.self,
            DeleteUserPermissionsBoundary.self, DeleteUserPolicy.self, DetachGroupPolicy.self, DetachRolePolicy.self,
            DetachUserPolicy.self, GetAccessKeyLastUsed.self, GetGroup.self, GetGroupPolicy.self,
            GetInstanceProfile.self,
            GetPolicy.self, GetPolicyVersion.self, GetRole.self, GetRolePolicy.self, GetUser.self, GetUserPolicy.self,
            ListAccessKeys.self, ListAttachedGroupPolicies.self, ListAttachedRolePolicies.self,
            ListAttachedUserPolicies.self, ListEntitiesForPolicy.self, ListGroupPolicies.self, ListGroups.self,
            ListGroupsForUser.self, ListInstanceProfileTags.self, ListInstanceProfiles.self,
            ListInstanceProfilesForRole.self, ListPolicies.self, ListPolicyTags.self, ListPolicyVersions.self,
            ListRolePolicies.self, ListRoleTags.self, ListRoles.self, ListUserPolicies.self, ListUserTags.self,
            ListUsers.self, PutGroupPolicy.self, PutRolePermissionsBoundary.self, PutRolePolicy.self,
            PutUserPermissionsBoundary.self, PutUserPolicy.self, RemoveRoleFromInstanceProfile.self,
            RemoveUserFromGroup.self, SetDefaultPolicyVersion.self, TagInstanceProfile.self, TagPolicy.self,
            TagRole.self,
            TagUser.self, UntagInstanceProfile.self, UntagPolicy.self, UntagRole.self, UntagUser.self,
            UpdateAccessKey.self, UpdateAssumeRolePolicy.self, UpdateRole.self, UpdateRoleDescription.self,
            UpdateUser.self, UpdateGroup.self,
        ] + AccountSettings.operations + OpenIDConnectProviders.operations + LoginProfiles.operations
        + ServiceLinkedRoles.operations + Absent.operations
    public static let migrations = IAMSchema.migrations + [AccountDocument.migration]

    public init() {}
}
