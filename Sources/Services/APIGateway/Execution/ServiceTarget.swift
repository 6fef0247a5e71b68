import AWSModel
import AWSWire

/// What an integration's URI names: `arn:aws:apigateway:{region}:{service}:path/{path}`, `…:action/{name}`, or a function
/// within a path. Source: API reference, uri of Integration.
struct ServiceTarget: Equatable {
    enum Way: Equatable {
        case action(String)
        case path(String)
    }

    let region: String
    /// As in ARNs and signatures: `states`, `lambda`.
    let service: String
    let way: Way

    init?(_ uri: String) {
        let parts = uri.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "apigateway" else { return nil }
        region = parts[3]
        service = parts[4].split(separator: ".").last.map(String.init) ?? ""
        if parts[5].hasPrefix("action/") {
            // `action/Publish&Version=2010-03-31` and the like name a version that is the only one.
            way = .action(String(parts[5].dropFirst("action/".count).prefix { $0 != "&" }))
        } else if parts[5].hasPrefix("path/") {
            way = .path("/" + parts[5].dropFirst("path/".count).drop { $0 == "/" })
        } else {
            return nil
        }
    }

    /// The ARN of the function that is called.
    var function: String? {
        guard case .path(let path) = way, service == "lambda", let start = path.firstRange(of: "/functions/") else {
            return nil
        }
        let inner = path[start.upperBound...]
        return inner.hasSuffix("/invocations") ? String(inner.dropLast("/invocations".count)) : nil
    }

    /// botocore's name of the service.
    var model: String {
        switch service {
        case "states": "stepfunctions"
        case "monitoring": "cloudwatch"
        case "elasticmapreduce": "emr"
        default: service
        }
    }
}
