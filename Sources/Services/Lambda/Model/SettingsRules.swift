import AWSWire
import BatonCore
import JSON

extension FunctionSettings {
    /// Names that a function's environment cannot set (Developer Guide, "Defined runtime environment variables").
    private static let reservedNames: Set<String> = [
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    ]

    /// Takes over what the request sets and checks it.
    mutating func apply(_ input: SettingsInput) throws(AWSError) {
        if input.imageConfig != nil { throw LambdaError.invalid("ImageConfig needs a function of package type Image.") }
        try Self.checkUnserved(input)
        runtime = input.runtime ?? runtime
        handler = input.handler ?? handler
        role = input.role ?? role
        description = input.description ?? description
        timeout = input.timeout ?? timeout
        memorySize = input.memorySize ?? memorySize
        ephemeralStorage = input.ephemeralStorage?.size ?? ephemeralStorage
        tracingMode = input.tracingConfig?.mode ?? tracingMode
        snapStart = input.snapStart?.applyOn ?? snapStart
        if let variables = input.environment {
            environment = variables.variables.flatMap { $0.isEmpty ? nil : $0 }
        }
        if let target = input.deadLetterConfig { deadLetterTarget = Self.filled(target.targetArn) }
        if let key = input.kmsKeyArn { kmsKeyArn = Self.filled(key) }
        if let vpc = input.vpcConfig { vpcConfig = Self.filled(vpc) }
        if let systems = input.fileSystemConfigs { fileSystemConfigs = systems.array?.isEmpty == true ? nil : systems }
        if let logging = input.loggingConfig { apply(logging) }
        try check()
    }

    private static func checkUnserved(_ input: SettingsInput) throws(AWSError) {
        let members = [
            ("DurableConfig", input.durableConfig), ("CapacityProviderConfig", input.capacityProviderConfig),
            ("TenancyConfig", input.tenancyConfig),
        ]
        for (name, value) in members where value != nil {
            throw LambdaError.invalid("Baton does not have \(name).")
        }
        if let arn = input.codeSigningConfigArn {
            throw AWSError(
                "CodeSigningConfigNotFoundException",
                "Code signing configuration cannot be found. Check that the provided configuration is not deleted: \(arn)",
                status: 404, fields: ["Type": "User"])
        }
    }

    private mutating func apply(_ logging: SettingsInput.Logging) {
        logGroup = logging.logGroup ?? logGroup
        logFormat = logging.logFormat ?? logFormat
        guard logFormat == "JSON" else {
            logLevels = nil
            return
        }
        logLevels = [
            "ApplicationLogLevel": .string(logging.applicationLogLevel ?? "INFO"),
            "SystemLogLevel": .string(logging.systemLogLevel ?? "INFO"),
        ]
    }

    private static func filled(_ text: String?) -> String? { text?.isEmpty == false ? text : nil }

    private static func filled(_ vpc: JSON) -> JSON? {
        vpc["SubnetIds"]?.array?.isEmpty == false || vpc["SecurityGroupIds"]?.array?.isEmpty == false ? vpc : nil
    }

    private func check() throws(AWSError) {
        guard Limits.timeoutSeconds.contains(timeout) else {
            throw LambdaError.invalid("'\(timeout)' at 'timeout' is not between 1 and 900 seconds")
        }
        guard Limits.memoryMB.contains(memorySize) else {
            throw LambdaError.invalid(
                "'memorySize' value failed to satisfy constraint: Member must be between 128 and 10240")
        }
        try checkEnvironment()
        if let target = deadLetterTarget {
            guard let arn = ARN(target), arn.service == "sqs" || arn.service == "sns" else {
                throw LambdaError.invalid("Target ARN of DeadLetterConfig must be an SQS queue or an SNS topic.")
            }
        }
    }

    private func checkEnvironment() throws(AWSError) {
        guard let environment else { return }
        let taken = environment.keys.filter(Self.reservedNames.contains).sorted()
        guard taken.isEmpty else {
            throw LambdaError.invalid(
                "Lambda was unable to configure your environment variables because the environment variables you have"
                    + " provided contains reserved keys that are currently not supported for modification. Reserved keys"
                    + " used in this request: \(taken.joined(separator: ", "))")
        }
        let text = JSON.object(JSON.Object(environment.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
            .text()
        guard text.utf8.count <= Limits.environment else {
            throw LambdaError.invalid(
                "Lambda was unable to configure your environment variables because the environment variables you have"
                    + " provided exceeded the 4KB limit. String measured: \(text)")
        }
    }
}
