import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// One of the documents that can be attached to a bucket. Baton stores and answers them.
///
/// Versioning, Object Lock, encryption, ownership and notifications change what the operations on objects do; the others
/// are kept as configuration only.
protocol BucketConfiguration: Sendable {
    /// The name under which the document is stored.
    static var kind: String { get }
    /// The member of the Put operation that holds the document; nil when its members lie side by side in the output.
    static var member: String { get }
    /// The member of the Get operation's output; nil when the document's own members are the output.
    static var outputMember: String? { get }
    /// What Get answers when nothing was put: an error, or a default document.
    static var absent: Result<JSON, AWSError> { get }
    /// The document as it is kept.
    static func checked(_ document: JSON, _ input: JSON) throws(AWSError) -> JSON
}

extension BucketConfiguration {
    static var outputMember: String? { nil }
    static func checked(_ document: JSON, _ input: JSON) throws(AWSError) -> JSON { document }
}

enum Configurations {
    static func get(_ kind: String, _ bucket: String, _ db: Database) throws -> JSON? {
        let row = try db.row(
            "SELECT body FROM s3_configurations WHERE bucket = ? AND kind = ?", Bucket.named(bucket, db).id, kind)
        return try row.map { try JSON.parse($0["body"] as String) }
    }

    static func put(_ body: JSON, _ kind: String, _ bucket: String, _ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO s3_configurations (bucket, kind, body) VALUES (?, ?, ?)",
            Bucket.named(bucket, transaction.db).id, kind, body.text())
    }

    static func delete(_ kind: String, _ bucket: String, _ transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM s3_configurations WHERE bucket = ? AND kind = ?", Bucket.named(bucket, transaction.db).id, kind
        )
    }
}

struct BucketInput: Decodable { let bucket: String }

/// A Get operation of a configuration.
protocol GetsConfiguration: Operation where Input == BucketInput, Output == JSON {
    associatedtype Configuration: BucketConfiguration
}

extension GetsConfiguration {
    static func run(_ input: BucketInput, _ context: Context) async throws(AWSError) -> JSON {
        let stored = try context.read { db in
            _ = try Bucket.named(input.bucket, db)
            return try Configurations.get(Configuration.kind, input.bucket, db)
        }
        let body = if let stored { stored } else { try Configuration.absent.get() }
        return Configuration.outputMember.map { [$0: body] } ?? body
    }
}

extension JSON {
    fileprivate subscript(member name: String) -> JSON { self[name] ?? [:] }
}

/// A Put operation of a configuration.
protocol PutsConfiguration: WriteOperation where Input == JSON, Output == Nothing {
    associatedtype Configuration: BucketConfiguration
}

extension PutsConfiguration {
    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let bucket = input["Bucket"]?.string ?? ""
        let document = try Configuration.checked(input[member: Configuration.member], input)
        return { transaction in
            try Configurations.put(document, Configuration.kind, bucket, transaction)
            return Nothing()
        }
    }
}

/// A Delete operation of a configuration.
protocol DeletesConfiguration: WriteOperation where Input == BucketInput, Output == Nothing {
    associatedtype Configuration: BucketConfiguration
}

extension DeletesConfiguration {
    static func prepare(_ input: BucketInput, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            try Configurations.delete(Configuration.kind, input.bucket, transaction)
            return Nothing()
        }
    }
}
