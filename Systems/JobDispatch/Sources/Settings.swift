import LambdaRuntime

/// What the template tells the functions by their environment.
struct Settings: Equatable {
    /// Configuration table, its key attribute and that attribute's type, `S` or `N`.
    var tableName = ""
    var primaryKey = "jobId"
    var primaryKeyType = "S"
    /// nil turns run tracking off.
    var runTable: String?
    /// Takes what can never be dispatched; nil only logs it.
    var deadLetterQueueUrl: String?
    var taskCompleteTopicArn: String?
    /// How often the platform calls the broker for one event: once, and its retries.
    var maxAttempts = 3

    init(_ environment: [String: String]) throws(InvocationError) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let tableName = value("TABLE_NAME") else {
            throw InvocationError("Runtime.MissingSetting", "The environment variable TABLE_NAME is not set")
        }
        self.tableName = tableName
        primaryKey = value("TABLE_PRIMARY_KEY") ?? primaryKey
        primaryKeyType = value("TABLE_PRIMARY_KEY_TYPE") ?? primaryKeyType
        runTable = value("RUN_TABLE")
        deadLetterQueueUrl = value("DLQ_URL")
        taskCompleteTopicArn = value("TASK_COMPLETE_TOPIC_ARN")
        maxAttempts = value("MAX_ATTEMPTS").flatMap { Int($0) } ?? maxAttempts
    }
}
