import JSON

/// Addressing of buckets by host name.
public enum S3Host {
    /// The path with the bucket in front, also when the client put the bucket into the host name
    /// (`bucket.s3.us-east-1.amazonaws.com`, `bucket.s3.localhost:4566`, `bucket.localhost:4566`).
    public static func path(_ request: HTTPRequest) -> String {
        guard let host = request.headers["Host"], let bucket = bucket(host: host) else { return request.path }
        return "/\(bucket)\(request.path)"
    }

    /// The bucket that a host name starts with; nil for a service's own name and for addresses.
    public static func bucket(host: String) -> String? {
        let name = host.split(separator: ":", maxSplits: 1).first.map(String.init) ?? host
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        // Behind the bucket comes `s3` or `s3-region`, or nothing but `localhost`.
        let service = labels.firstIndex { $0 == "s3" || $0.hasPrefix("s3-") } ?? labels.endIndex
        if service < labels.endIndex {
            return service == 0 ? nil : labels[..<service].joined(separator: ".")
        }
        guard labels.count > 1, labels.last == "localhost" else { return nil }
        return labels.dropLast().joined(separator: ".")
    }

    /// The opaque second id of S3's answers; it carries nothing but the first.
    static func hostId(_ requestId: String) -> String { Base64.encode(Array("baton/\(requestId)".utf8)) }
}
