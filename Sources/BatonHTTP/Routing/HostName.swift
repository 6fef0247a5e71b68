/// What the name in the `Host` field says: `bucket.s3.us-east-1.amazonaws.com`, `sqs.eu-west-1.localhost`,
/// `bucket.localhost`.
struct HostName: Equatable {
    var service: String?
    var region: String?
    var bucket: String?

    /// Domains under which services and buckets have names, besides those that the configuration adds.
    private static let domains = ["localhost.localstack.cloud", "amazonaws.com.cn", "amazonaws.com", "localhost"]

    /// - Parameters:
    ///   - host: the field with or without a port.
    ///   - isS3: the request is known to be for S3, so that a label that equals a service's name is a bucket's.
    ///   - domains: further domains.
    /// - Returns: nil for addresses and for names outside of the domains.
    init?(_ host: String, isS3: Bool = false, domains: [String] = []) {
        let name = host.prefix { $0 != ":" }.lowercased()
        guard let domain = (domains + Self.domains).first(where: { name.hasSuffix("." + $0) }) else { return nil }
        var labels = name.dropLast(domain.utf8.count + 1).split(separator: ".").map(String.init)
        if let last = labels.last, Self.isRegion(last) {
            region = last
            labels.removeLast()
        }
        if labels.last == "dualstack" { labels.removeLast() }
        guard let label = labels.popLast() else { return }
        if label == "s3" || label.hasPrefix("s3-") {
            service = "s3"
            let suffix = String(label.dropFirst(3))
            if Self.isRegion(suffix) { region = suffix }
        } else if !isS3, let found = ServiceFacts.byHostLabel[label] {
            service = found
            if let last = labels.last, Self.isRegion(last) { region = last }
            return
        } else {
            // Amazon's own domain has hosts of services that are unknown here.
            guard !domain.hasPrefix("amazonaws.") else { return }
            service = "s3"
            labels.append(label)
        }
        if !labels.isEmpty { bucket = labels.joined(separator: ".") }
    }

    /// For example `us-east-1` or `us-gov-west-1`.
    static func isRegion(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts.count <= 5, let first = parts.first, let last = parts.last else { return false }
        return first.utf8.count == 2 && last.utf8.count == 1 && last.utf8.allSatisfy { $0 >= 0x31 && $0 <= 0x39 }
            && parts.dropLast().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A } }
    }
}
