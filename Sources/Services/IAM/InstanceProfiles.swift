import BatonStore
import GRDB
import JSON

/// An instance profile with its role, as AWS answers it.
enum InstanceProfiles {
    static func shown(_ profile: Entity, _ db: Database, isListed: Bool = false) throws -> JSON {
        var answer = isListed ? profile.listed : profile.shown
        let roles = try Link.profile.targets(of: profile.key, profile.account, db)
        answer["Roles"] = .array(
            try roles.compactMap { try Entity.find(.role, $0, profile.account, db)?.listed })
        return answer
    }
}
