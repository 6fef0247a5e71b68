import AWSWire
import JSON

/// The errors of S3 (API reference, "Error responses").
extension AWSError {
    static func noSuchBucket(_ name: String) -> AWSError {
        AWSError(
            "NoSuchBucket", "The specified bucket does not exist", status: 404, fields: ["BucketName": .string(name)])
    }
    /// - Parameter marker: the version of the delete marker that stands for the key.
    static func noSuchKey(_ key: String, marker: String? = nil) -> AWSError {
        var error = AWSError(
            "NoSuchKey", "The specified key does not exist.", status: 404, fields: ["Key": .string(key)])
        error.headers = marker.map { ["x-amz-delete-marker": "true", "x-amz-version-id": $0] } ?? [:]
        return error
    }
    static func noSuchVersion(_ key: String, _ version: String) -> AWSError {
        AWSError(
            "NoSuchVersion", "The specified version does not exist.", status: 404,
            fields: ["Key": .string(key), "VersionId": .string(version)])
    }
    static func isDeleteMarker(_ version: String) -> AWSError {
        var error = AWSError(
            "MethodNotAllowed", "The specified method is not allowed against this resource.", status: 405,
            fields: ["Method": "GET", "ResourceType": "DeleteMarker"])
        error.headers = ["x-amz-delete-marker": "true", "x-amz-version-id": version, "Allow": "DELETE"]
        return error
    }
    static func noSuchUpload(_ id: String) -> AWSError {
        AWSError(
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
                + "completed.", status: 404, fields: ["UploadId": .string(id)])
    }
    static func invalidBucketName(_ name: String) -> AWSError {
        AWSError("InvalidBucketName", "The specified bucket is not valid.", fields: ["BucketName": .string(name)])
    }
    static func invalidArgument(_ message: String, _ name: String, _ value: String) -> AWSError {
        AWSError(
            "InvalidArgument", message, fields: ["ArgumentName": .string(name), "ArgumentValue": .string(value)])
    }
    static func invalidPart(_ upload: String, _ number: Int, _ etag: String) -> AWSError {
        AWSError(
            "InvalidPart",
            "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
                + "specified entity tag may not match the part's entity tag.",
            fields: ["UploadId": .string(upload), "PartNumber": .number(number), "ETag": .string(etag)])
    }
    static func invalidRange(_ range: String, size: Int) -> AWSError {
        AWSError(
            "InvalidRange", "The requested range is not satisfiable", status: 416,
            fields: ["RangeRequested": .string(range), "ActualObjectSize": .number(size)])
    }
    static func badChecksum(_ algorithm: String) -> AWSError {
        AWSError("BadDigest", "The \(algorithm) you specified did not match the calculated checksum.")
    }
    static func preconditionFailed(_ condition: String) -> AWSError {
        AWSError(
            "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", status: 412,
            fields: ["Condition": .string(condition)])
    }
    static func malformedXML() -> AWSError {
        AWSError(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema")
    }
    static let bucketNotEmpty = AWSError(
        "BucketNotEmpty", "The bucket you tried to delete is not empty", status: 409)
    static let bucketOwnedByYou = AWSError(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.", status: 409)
    static let bucketExists = AWSError(
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
            + "Please select a different name and try again.", status: 409)
    static let badDigest = AWSError(
        "BadDigest", "The Content-MD5 you specified did not match what we received.")
    static let invalidDigest = AWSError("InvalidDigest", "The Content-MD5 you specified was invalid.")
    static let keyTooLong = AWSError("KeyTooLongError", "Your key is too long")
    static let notModified = AWSError("NotModified", "Not Modified", status: 304)
    static let partTooSmall = AWSError(
        "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
    static let partOrder = AWSError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. The parts list must be specified in order by part number.")
    static let entityTooLarge = AWSError(
        "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    static let metadataTooLarge = AWSError(
        "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
    static let copyToItself = AWSError(
        "InvalidRequest",
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
            + "metadata, storage class, website redirect location or encryption attributes.")
}
