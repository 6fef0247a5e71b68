import AWSWire
import BatonCore
import BatonStore
import JSON

// Roles that belong to a service. Source: API reference, the operations' own pages.

enum ServiceLinkedRoles {
    static let operations: [any Operation.Type] = [
        CreateServiceLinkedRole.self, DeleteServiceLinkedRole.self, GetServiceLinkedRoleDeletionStatus.self,
    ]

    /// As AWS spells services in the names of their roles, where the first letter alone is not enough.
    private static let spelled = [
        "ecs": "ECS", "batch": "Batch", "autoscaling": "AutoScaling", "elasticloadbalancing": "ElasticLoadBalancing",
        "rds": "RDS", "eks": "EKS", "elasticache": "ElastiCache", "spot": "EC2Spot", "spotfleet": "EC2SpotFleet",
        "opensearchservice": "AmazonOpenSearchService", "es": "AmazonElasticsearchService",
        "events": "CloudWatchEvents",
        "ecs.application-autoscaling": "ApplicationAutoScaling_ECSService",
        "dynamodb.application-autoscaling": "ApplicationAutoScaling_DynamoDBTable", "apigateway": "APIGateway",
        "ops.apigateway": "APIGateway", "elasticmapreduce": "EMRCleanup",
    ]

    static func name(of service: String, suffix: String?) -> String {
        let short = service.hasSuffix(".amazonaws.com") ? String(service.dropLast(".amazonaws.com".count)) : service
        let name = spelled[short] ?? short.prefix(1).uppercased() + short.dropFirst().filter { $0 != "." && $0 != "-" }
        return "AWSServiceRoleFor\(name)" + (suffix.map { "_\($0)" } ?? "")
    }
}

/// Errors: InvalidInput (it has been taken in this account).
enum CreateServiceLinkedRole: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let service = input["AWSServiceName"]?.string ?? ""
        let name = ServiceLinkedRoles.name(of: service, suffix: input["CustomSuffix"]?.string)
        let trust: JSON = [
            "Version": "2012-10-17",
            "Statement": [
                ["Effect": "Allow", "Principal": ["Service": .string(service)], "Action": "sts:AssumeRole"]
            ],
        ]
        var body: JSON = ["trust": .string(trust.text()), "maxSessionDuration": 3600]
        body["description"] = input["Description"]
        let role = Entity(.role, name, path: "/aws-service-role/\(service)/", body: body, context)
        return { transaction in
            guard try Entity.find(.role, name, context.account, transaction.db) == nil else {
                throw AWSError(
                    "InvalidInput",
                    "Service role name \(name) has been taken in this account, please try a different suffix.")
            }
            try role.insert(transaction)
            return ["Role": role.shown]
        }
    }
}

/// Removes the role at once. Errors: NoSuchEntity.
enum DeleteServiceLinkedRole: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let name = input["RoleName"]?.string ?? ""
        let id = context.random.uuid()
        return { transaction in
            let role = try Entity.existing(.role, name, context.account, transaction.db)
            guard role.path.hasPrefix("/aws-service-role/") else {
                throw AWSError("InvalidInput", "Only service-linked roles can be deleted by this operation.")
            }
            try role.delete(transaction)
            return ["DeletionTaskId": .string("task\(role.path)\(role.name)/\(id)")]
        }
    }
}

/// It has succeeded. Errors: NoSuchEntity.
enum GetServiceLinkedRoleDeletionStatus: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        guard let id = input["DeletionTaskId"]?.string, id.hasPrefix("task/aws-service-role/") else {
            throw IAMError.notFound("The deletion task was not found.")
        }
        return ["Status": "SUCCEEDED"]
    }
}
