import AWSWire
import GRDB
import JSON

/// Tag sets as S3 takes them: at most 10 for an object and 50 for a bucket, keys of 1–128 characters without
/// doubles, values up to 256. Source: S3 user guide, object tagging.
enum Tags {
    static func check(_ tags: JSON?, limit: Int) throws(AWSError) -> JSON {
        let list = tags?.array ?? []
        guard list.count <= limit else {
            throw AWSError(
                "BadRequest",
                limit == 10 ? "Object tags cannot be greater than 10" : "Bucket tags cannot be greater than 50")
        }
        let keys = list.compactMap { $0["Key"]?.string }
        guard keys.allSatisfy({ (1...128).contains($0.count) }) else {
            throw AWSError("InvalidTag", "The TagKey you have provided is invalid")
        }
        guard list.allSatisfy({ ($0["Value"]?.string ?? "").count <= 256 }) else {
            throw AWSError("InvalidTag", "The TagValue you have provided is invalid")
        }
        guard Set(keys).count == keys.count else {
            throw AWSError("InvalidTag", "Cannot provide multiple Tags with the same key")
        }
        return .array(list)
    }
}
