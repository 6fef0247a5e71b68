import AWSWire
import BatonCore
import BatonStore
import Foundation
import GRDB
import JSON

/// What happened to an object, for those who listen to the bucket.
struct ObjectEvent: Sendable {
    /// As notifications name it, without `s3:`.
    let name: String
    /// As EventBridge names it.
    let detailType: String
    /// The API operation.
    let reason: String

    static let put = ObjectEvent(name: "ObjectCreated:Put", detailType: "Object Created", reason: "PutObject")
    static let copy = ObjectEvent(name: "ObjectCreated:Copy", detailType: "Object Created", reason: "CopyObject")
    static let complete = ObjectEvent(
        name: "ObjectCreated:CompleteMultipartUpload", detailType: "Object Created", reason: "CompleteMultipartUpload")
    static func removed(_ reason: String) -> ObjectEvent {
        ObjectEvent(name: "ObjectRemoved:Delete", detailType: "Object Deleted", reason: reason)
    }
    /// A delete marker hides what is kept.
    static func marked(_ reason: String) -> ObjectEvent {
        ObjectEvent(name: "ObjectRemoved:DeleteMarkerCreated", detailType: "Object Deleted", reason: reason)
    }
    static let tagged = ObjectEvent(
        name: "ObjectTagging:Put", detailType: "Object Tags Added", reason: "PutObjectTagging")
    static let untagged = ObjectEvent(
        name: "ObjectTagging:Delete", detailType: "Object Tags Deleted", reason: "DeleteObjectTagging")

    /// What is known of the object; of a removed one only its key.
    struct Object: Sendable {
        let key: String
        var size: Int?
        var etag: String?
        var versionId: String?
    }

    /// Commits one due row for each destination that wants the event, with the change itself.
    func tell(_ bucket: Bucket, _ object: Object, _ context: Context, _ transaction: Transaction) throws {
        let row = try transaction.row(
            "SELECT body FROM s3_configurations WHERE bucket = ? AND kind = ?", bucket.id,
            NotificationConfiguration.kind)
        guard let row, let configuration = try? JSON.parse(row["body"] as String) else { return }
        let wanted = NotificationRule.list(configuration).filter { $0.wants(name, object.key) }
        let publishes = configuration["EventBridgeConfiguration"] != nil
        guard !wanted.isEmpty || publishes else { return }
        // Grows with each change, so that receivers can tell the order.
        let number = UInt64(max(0, transaction.nowMs)) << 20 | UInt64(transaction.db.totalChangesCount & 0xFFFFF)
        let sequencer = String(number, radix: 16, uppercase: true)
        for rule in wanted {
            let message: JSON = [
                "Records": [record(bucket, object, rule.id, sequencer, context, transaction.nowMs)]
            ]
            try Notification(arn: rule.arn, message: message.text()).schedule(bucket, transaction)
        }
        if publishes {
            let there = context.host.context(account: bucket.account, region: bucket.region)
            try there.publish([event(bucket, object, sequencer, context)], transaction)
        }
    }

    /// Source: S3 user guide, event message structure.
    private func record(
        _ bucket: Bucket, _ object: Object, _ id: String, _ sequencer: String, _ context: Context, _ nowMs: Int64
    ) -> JSON {
        var shown: JSON = ["key": .string(Self.encoded(object.key))]
        if let size = object.size { shown["size"] = .number(size) }
        if let etag = object.etag { shown["eTag"] = .string(etag) }
        if let versionId = object.versionId { shown["versionId"] = .string(versionId) }
        shown["sequencer"] = .string(sequencer)
        return [
            "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": .string(bucket.region),
            "eventTime": .string(AWSWire.Timestamp.iso8601(nowMs, showsMilliseconds: true)),
            "eventName": .string(name), "userIdentity": ["principalId": .string("AWS:\(context.account)")],
            "requestParameters": ["sourceIPAddress": "127.0.0.1"],
            "responseElements": [
                "x-amz-request-id": .string(context.requestId), "x-amz-id-2": .string(context.requestId),
            ],
            "s3": [
                "s3SchemaVersion": "1.0", "configurationId": .string(id),
                "bucket": [
                    "name": .string(bucket.name), "ownerIdentity": ["principalId": .string(bucket.account)],
                    "arn": .string("arn:aws:s3:::\(bucket.name)"),
                ],
                "object": shown,
            ],
        ]
    }

    /// Source: S3 user guide, EventBridge event message structure.
    private func event(_ bucket: Bucket, _ object: Object, _ sequencer: String, _ context: Context) -> ServiceEvent {
        var shown: JSON = ["key": .string(object.key)]
        if let size = object.size { shown["size"] = .number(size) }
        if let etag = object.etag { shown["etag"] = .string(etag) }
        if let versionId = object.versionId { shown["version-id"] = .string(versionId) }
        shown["sequencer"] = .string(sequencer)
        var detail: JSON = [
            "version": "0", "bucket": ["name": .string(bucket.name)], "object": shown,
            "request-id": .string(context.requestId), "requester": .string(context.account),
            "source-ip-address": "127.0.0.1", "reason": .string(reason),
        ]
        if detailType == "Object Deleted" {
            let isMarked = name == "ObjectRemoved:DeleteMarkerCreated"
            detail["deletion-type"] = isMarked ? "Delete Marker Created" : "Permanently Deleted"
        }
        return ServiceEvent(
            source: "aws.s3", detailType: detailType, resources: ["arn:aws:s3:::\(bucket.name)"], detail: detail)
    }

    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._*/ ")

    /// Keys are written as in a form: a blank as `+`.
    static func encoded(_ key: String) -> String {
        (key.addingPercentEncoding(withAllowedCharacters: plain) ?? key).replacing(" ", with: "+")
    }
}
