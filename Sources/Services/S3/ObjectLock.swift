import AWSWire
import BatonStore
import GRDB
import JSON

/// What keeps a version of an object from being removed. Source: S3 user guide, "Locking objects with Object Lock".
struct ObjectLock {
    /// GOVERNANCE or COMPLIANCE.
    let mode: String?
    /// Epoch seconds.
    let retainUntil: Double?
    let isHeld: Bool

    init(_ headers: JSON.Object) {
        mode = headers["ObjectLockMode"]?.string
        retainUntil = headers["ObjectLockRetainUntilDate"]?.double
        isHeld = headers["ObjectLockLegalHoldStatus"] == "ON"
    }

    private func isRetained(_ nowMs: Int64) -> Bool { (retainUntil ?? 0) * 1000 > Double(nowMs) }

    func checkRemoval(mayBypass: Bool, _ nowMs: Int64) throws(AWSError) {
        let isBypassed = mode == "GOVERNANCE" && mayBypass
        guard !isHeld, !isRetained(nowMs) || isBypassed else { throw .lockedObject }
    }

    /// A retention may always be made longer; to be made shorter or less strict it must be GOVERNANCE and bypassed.
    func checkChange(mode: String?, until: Double?, mayBypass: Bool, _ nowMs: Int64) throws(AWSError) {
        guard isRetained(nowMs) else { return }
        let isStricter = (until ?? 0) >= (retainUntil ?? 0) && (mode == self.mode || mode == "COMPLIANCE")
        guard isStricter || (self.mode == "GOVERNANCE" && mayBypass) else { throw .lockedObject }
    }

    /// The headers of a new object, with the bucket's default retention where the request names none.
    static func applied(
        to headers: JSON.Object, _ bucket: Bucket, _ transaction: Transaction
    ) throws -> JSON.Object {
        let configuration = try Configurations.get(ObjectLockConfiguration.kind, bucket.name, transaction.db)
        let isNamed = headers["ObjectLockMode"] != nil || headers["ObjectLockLegalHoldStatus"] != nil
        guard let configuration else {
            if isNamed { throw AWSError.bucketWithoutLock }
            return headers
        }
        guard headers["ObjectLockMode"] == nil, let rule = configuration["Rule"]?["DefaultRetention"],
            let mode = rule["Mode"]
        else { return headers }
        let days = rule["Days"]?.int ?? (rule["Years"]?.int ?? 0) * 365
        var locked = headers
        locked["ObjectLockMode"] = mode
        locked["ObjectLockRetainUntilDate"] = .number(Int(transaction.nowMs / 1000) + days * 86_400)
        return locked
    }

    static func requireLock(_ bucket: Bucket, _ db: Database) throws {
        guard try Configurations.get(ObjectLockConfiguration.kind, bucket.name, db) != nil else {
            throw AWSError.bucketWithoutLock
        }
    }
}

extension ObjectPlace.Found {
    /// Changes what is stored beside the object.
    func setHeaders(_ changes: [String: JSON?], _ transaction: Transaction) throws {
        var headers = object.headers
        for (name, value) in changes { headers[name] = value }
        try set("headers", .object(headers), transaction)
    }
}

extension AWSError {
    static let lockedObject = AWSError(
        "AccessDenied", "Access Denied because object protected by object lock.", status: 403)
    static let bucketWithoutLock = AWSError("InvalidRequest", "Bucket is missing Object Lock Configuration")
    static let objectWithoutLock = AWSError(
        "NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration", status: 404)
}
