import AWSWire
import Foundation

/// `[/]bucket/key[?versionId=id]`, percent-encoded: the header of copies.
enum CopySource {
    static func parse(_ text: String) throws(AWSError) -> ObjectPlace {
        let halves = text.split(separator: "?versionId=", maxSplits: 1).map(String.init)
        let path = halves.first ?? ""
        let plain = path.removingPercentEncoding ?? path
        let parts = plain.drop { $0 == "/" }.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else {
            throw .invalidArgument("Invalid copy source object key", "x-amz-copy-source", text)
        }
        return ObjectPlace(
            bucket: String(parts[0]), key: String(parts[1]), versionId: halves.count > 1 ? halves[1] : nil)
    }
}
