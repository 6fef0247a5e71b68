import BatonCore
import JSON

/// Access control lists: the owner has full control and nobody else anything. Assumed: lists that are put are accepted
/// and not kept, since AWS disables them on new buckets.
enum AccessControl {
    static func ownerOnly(_ context: Context) -> JSON {
        let owner = Owner.of(context.account)
        var grantee = owner
        grantee["Type"] = "CanonicalUser"
        return ["Owner": owner, "Grants": [["Grantee": grantee, "Permission": "FULL_CONTROL"]]]
    }
}
