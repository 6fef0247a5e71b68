/// How requests name a service. The models know the same; this short table spares the server to read all of them
/// before the first request. A test compares both.
struct ServiceFacts: Sendable {
    /// botocore's folder name.
    let id: String
    /// In the credential scope of a signature.
    let signingName: String
    /// Before the dot of `X-Amz-Target`.
    var targetPrefix: String?
    /// First labels of host names, for example `sqs` of `sqs.us-east-1.amazonaws.com`.
    let hostLabels: [String]
    /// `Version` in requests of the query protocol.
    var queryVersion: String?

    init(
        _ id: String, signingName: String? = nil, target: String? = nil, hosts: [String]? = nil, query: String? = nil
    ) {
        self.id = id
        self.signingName = signingName ?? id
        targetPrefix = target
        hostLabels = hosts ?? [id]
        queryVersion = query
    }

    static let all: [ServiceFacts] = [
        ServiceFacts("apigateway"),
        ServiceFacts("apigatewayv2", signingName: "apigateway", hosts: ["apigateway"]),
        ServiceFacts("batch"),
        ServiceFacts("cloudformation", query: "2010-05-15"),
        ServiceFacts(
            "cloudwatch", signingName: "monitoring", target: "GraniteServiceVersion20100801", hosts: ["monitoring"],
            query: "2010-08-01"),
        ServiceFacts("dynamodb", target: "DynamoDB_20120810", hosts: ["dynamodb", "ddb"]),
        ServiceFacts(
            "dynamodbstreams", signingName: "dynamodb", target: "DynamoDBStreams_20120810",
            hosts: ["streams.dynamodb", "streams"]),
        ServiceFacts("ecs", target: "AmazonEC2ContainerServiceV20141113"),
        ServiceFacts("emr", signingName: "elasticmapreduce", target: "ElasticMapReduce", hosts: ["elasticmapreduce"]),
        ServiceFacts("events", target: "AWSEvents"),
        ServiceFacts("glue", target: "AWSGlue"),
        ServiceFacts("iam", query: "2010-05-08"),
        ServiceFacts("lambda"),
        ServiceFacts("logs", target: "Logs_20140328"),
        ServiceFacts("s3"),
        ServiceFacts("scheduler"),
        ServiceFacts("secretsmanager", target: "secretsmanager"),
        ServiceFacts("sns", query: "2010-03-31"),
        ServiceFacts("sqs", target: "AmazonSQS", hosts: ["sqs", "queue"], query: "2012-11-05"),
        ServiceFacts("ssm", target: "AmazonSSM"),
        ServiceFacts(
            "stepfunctions", signingName: "states", target: "AWSStepFunctions", hosts: ["states", "sync-states"]),
        ServiceFacts("sts", query: "2011-06-15"),
    ]

    static let byTarget = index { $0.targetPrefix.map { [$0] } ?? [] }
    /// `dynamodb` signs for its streams too, whose requests always have a target.
    static let bySigningName = index { [$0.signingName] }
    static let byHostLabel = index { $0.hostLabels }
    static let byQueryVersion = index { $0.queryVersion.map { [$0] } ?? [] }

    /// HTTP and WebSocket APIs share everything with REST APIs but the beginning of their paths.
    static func versioned(_ service: String, path: String) -> String {
        service == "apigateway" && path.utf8.starts(with: "/v2/".utf8) ? "apigatewayv2" : service
    }

    private static func index(_ keys: (ServiceFacts) -> [String]) -> [String: String] {
        Dictionary(all.flatMap { facts in keys(facts).map { ($0, facts.id) } }) { first, _ in first }
    }
}
