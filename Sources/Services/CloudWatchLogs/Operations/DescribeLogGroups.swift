import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists log groups by name, at most 50 at a time: all, those with a prefix, or those whose name contains a text
/// (without regard to case).
/// Errors: InvalidParameterException. Source: CloudWatch Logs API reference, DescribeLogGroups.
enum DescribeLogGroups: Operation {
    struct Input: Decodable, Sendable {
        let logGroupNamePrefix: String?
        let logGroupNamePattern: String?
        let logGroupIdentifiers: [String]?
        let logGroupClass: String?
        let nextToken: String?
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        struct Group: Encodable, Sendable {
            let logGroupName: String
            let creationTime: Int64
            let retentionInDays: Int?
            let metricFilterCount: Int
            let arn: String
            let storedBytes: Int
            let kmsKeyId: String?
            let logGroupClass: String
            let logGroupArn: String
            let deletionProtectionEnabled: Bool

            init(_ group: LogGroup) {
                metricFilterCount = group.metricFilters
                logGroupName = group.name
                creationTime = group.createdMs
                retentionInDays = group.retentionDays
                arn = "\(group.arn):*"
                storedBytes = group.storedBytes
                kmsKeyId = group.kmsKey
                logGroupClass = group.logClass
                logGroupArn = group.arn.description
                deletionProtectionEnabled = group.isProtected
            }
        }
        let logGroups: [Group]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        guard input.logGroupNamePrefix == nil || input.logGroupNamePattern == nil else {
            throw LogsError.invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
        }
        var after = ""
        if let token = input.nextToken {
            guard let name = PageToken.decode(token)?["after"]?.string else { throw LogsError.badToken }
            after = name
        }
        let limit = input.limit ?? 50
        let prefix = input.logGroupNamePrefix ?? ""
        let wanted = Set(
            (input.logGroupIdentifiers ?? []).map { text in ARN(text).map { GroupReference($0).name } ?? text })
        let groups = try context.read { db in
            // Names are ASCII by their pattern, so a prefix ends before the next code unit.
            try db.rows(
                """
                SELECT *, (SELECT count(*) FROM logs_filter AS f WHERE f.group_id = g.id AND f.kind = 'metric') AS filters
                FROM logs_group AS g
                WHERE account = ? AND region = ? AND name > ? AND substr(name, 1, length(?)) = ?
                    AND (? IS NULL OR instr(lower(name), lower(?)) > 0) AND (? IS NULL OR class = ?)
                ORDER BY name
                """, context.account, context.region, after, prefix, prefix, input.logGroupNamePattern,
                input.logGroupNamePattern, input.logGroupClass, input.logGroupClass
            ).map(LogGroup.init).filter { wanted.isEmpty || wanted.contains($0.name) }.prefix(limit + 1)
        }
        let page = groups.prefix(limit)
        return Output(
            logGroups: page.map(Output.Group.init),
            nextToken: groups.count > limit ? page.last.map { PageToken.encode(["after": .string($0.name)]) } : nil)
    }
}
