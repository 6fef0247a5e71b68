import AWSWire
import Crypto
import JSON

/// A key that the caller sends with each request (SSE-C). Baton keeps the content as it is, and answers only those who
/// send the key's digest again. Source: S3 user guide, "Using server-side encryption with customer-provided keys".
enum CustomerKey {
    /// Names the digest of a key whose digest was not sent along.
    static func completed(_ input: JSON) throws(AWSError) -> JSON {
        guard let algorithm = input["SSECustomerAlgorithm"] else { return input }
        guard algorithm == "AES256" else {
            throw .invalidArgument(
                "The encryption method specified is not supported", "x-amz-server-side-encryption-customer-algorithm",
                algorithm.string ?? "")
        }
        guard let text = input["SSECustomerKey"]?.string, let key = Base64.decode(text), key.count == 32 else {
            throw .invalidArgument(
                "The secret key was invalid for the specified algorithm.",
                "x-amz-server-side-encryption-customer-key", "null")
        }
        let digest = Base64.encode(Array(Insecure.MD5.hash(data: key)))
        guard input["SSECustomerKeyMD5"] == nil || input["SSECustomerKeyMD5"]?.string == digest else {
            throw .invalidArgument(
                "The calculated MD5 hash of the key did not match the hash that was provided.",
                "x-amz-server-side-encryption-customer-key-MD5", "null")
        }
        var input = input
        input["SSECustomerKeyMD5"] = .string(digest)
        return input
    }

    static func check(_ input: JSON, _ object: StoredObject, prefix: String = "") throws(AWSError) {
        var own: JSON = [:]
        for name in ["SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5"] {
            if let value = input["\(prefix)\(name)"] { own[name] = value }
        }
        let given = try completed(own)["SSECustomerKeyMD5"]
        guard let digest = object.headers["SSECustomerKeyMD5"] else {
            guard given == nil else {
                throw AWSError("InvalidRequest", "The encryption parameters are not applicable to this object.")
            }
            return
        }
        guard let given else {
            throw AWSError(
                "InvalidRequest",
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided "
                    + "to retrieve the object.")
        }
        guard given == digest else { throw AWSError("AccessDenied", "Access Denied", status: 403) }
    }
}
