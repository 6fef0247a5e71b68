public import BatonCore
import GRDB
public import BatonStore
import Foundation
public import AWSWire
public import JSON

/// S3: buckets and objects. Rows describe, files under the data folder hold the content; a row is only committed when
/// its file is complete and on disk, so a crash never shows half an object.
public final class S3: Service {
    public static let id = "s3"
    public init() {}

    public static let operations: [any BatonCore.Operation.Type] =
        [
            CreateBucket.self, DeleteBucket.self, HeadBucket.self, ListBuckets.self, GetBucketLocation.self,
            PutObject.self, GetObject.self, HeadObject.self, DeleteObject.self, DeleteObjects.self, CopyObject.self,
            ListObjects.self, ListObjectsV2.self, ListObjectVersions.self, GetObjectAttributes.self,
            CreateMultipartUpload.self, UploadPart.self, UploadPartCopy.self, CompleteMultipartUpload.self,
            AbortMultipartUpload.self, ListParts.self, ListMultipartUploads.self,
            PutObjectTagging.self, GetObjectTagging.self, DeleteObjectTagging.self,
            PutBucketTagging.self, GetBucketTagging.self, DeleteBucketTagging.self,
            GetObjectRetention.self, PutObjectRetention.self, GetObjectLegalHold.self, PutObjectLegalHold.self,
            GetBucketPolicyStatus.self, GetBucketAcl.self, PutBucketAcl.self, GetObjectAcl.self, PutObjectAcl.self,
        ] + Configurations.operations

    public static let migrations = [
        Migration(
            name: "s3-1",
            sql: """
                CREATE TABLE s3_buckets (
                    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, account TEXT NOT NULL,
                    region TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
                CREATE TABLE s3_configurations (
                    bucket INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (bucket, kind)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE s3_objects (
                    bucket INTEGER NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL,
                    etag TEXT NOT NULL, modified_ms INTEGER NOT NULL, headers TEXT NOT NULL,
                    tags TEXT NOT NULL DEFAULT '[]', parts TEXT NOT NULL DEFAULT '[]', PRIMARY KEY (bucket, key)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE s3_uploads (
                    id TEXT PRIMARY KEY, bucket INTEGER NOT NULL, key TEXT NOT NULL, headers TEXT NOT NULL,
                    tags TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
                CREATE INDEX s3_uploads_by_key ON s3_uploads (bucket, key, id);
                CREATE TABLE s3_parts (
                    upload TEXT NOT NULL, number INTEGER NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL,
                    etag TEXT NOT NULL, modified_ms INTEGER NOT NULL, PRIMARY KEY (upload, number)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE s3_files (file TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
                """),
        ObjectVersions.migration,
    ]

    /// The owners that a caller expects its buckets to have.
    public static let admission: (@Sendable (JSON, Context) throws(AWSError) -> Void)? = ExpectedOwner.check

    /// Files that were announced and never became an object's are removed: their writer died with the last process.
    public func start(_ host: BatonCore.Host) async throws {
        host.onDue(Notification.kind) { row, context in try await Notification.handle(row, context) }
        host.onDue(ContentFiles.removal) { row, context in
            ContentFiles(context).remove(row.key)
            return .done
        }
        let orphans = try host.store.read { db in
            try db.rows("SELECT file FROM s3_files").map { $0["file"] as String }
        }
        guard !orphans.isEmpty else { return }
        try await host.store.write { transaction in
            for file in orphans { try ContentFiles.discard(file, transaction) }
            try transaction.execute("DELETE FROM s3_files")
        }
    }
}
