public import BatonCore
public import BatonStore

/// The Parameter Store of AWS Systems Manager: values in versions under names that form hierarchies.
public final class SSM: Service {
    public static let id = "ssm"
    public static let operations: [any BatonCore.Operation.Type] = [
        AddTagsToResource.self, DeleteParameter.self, DeleteParameters.self, DescribeParameters.self,
        GetParameter.self, GetParameterHistory.self, GetParameters.self, GetParametersByPath.self,
        GetServiceSetting.self, LabelParameterVersion.self, ListTagsForResource.self, PutParameter.self,
        RemoveTagsFromResource.self, ResetServiceSetting.self, UnlabelParameterVersion.self,
        UpdateServiceSetting.self,
    ]
    public static let migrations = [
        Migration(
            name: "ssm-1",
            sql: """
                CREATE TABLE ssm_parameter (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
                    tags TEXT NOT NULL, PRIMARY KEY (account, region, name)) STRICT, WITHOUT ROWID;
                CREATE TABLE ssm_version (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
                    body TEXT NOT NULL, UNIQUE (account, region, name, version)) STRICT;
                CREATE TABLE ssm_setting (
                    account TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
                    PRIMARY KEY (account, region, id)) STRICT, WITHOUT ROWID;
                """)
    ]

    public init() {}

    public func start(_ host: Host) async throws {
        // Nobody waits for an expiry: a skipping clock does not jump to it.
        host.onDue(PolicyTimer.kind, pullsTime: false) { row, context in PolicyTimer.handle(row, context) }
    }
}
