import AWSWire
import JSON

/// The members of FunctionConfiguration in the order and with the presence that AWS gives them: Terraform compares them.
struct FunctionConfiguration: Encodable, Sendable {
    struct Variables: Encodable, Sendable { let variables: [String: String] }
    struct Mode: Encodable, Sendable { let mode: String }
    struct Target: Encodable, Sendable { let targetArn: String }
    struct Size: Encodable, Sendable { let size: Int }
    struct SnapStart: Encodable, Sendable {
        let applyOn: String
        let optimizationStatus: String
    }
    struct RuntimeVersion: Encodable, Sendable { let runtimeVersionArn: String }
    struct Layer: Encodable, Sendable {
        let arn: String
        let codeSize: Int
    }
    struct Logging: Encodable, Sendable {
        let logFormat: String
        let applicationLogLevel: String?
        let systemLogLevel: String?
        let logGroup: String
    }

    let functionName: String
    let functionArn: String
    let runtime: String
    let role: String
    let handler: String
    let codeSize: Int
    let description: String
    let timeout: Int
    let memorySize: Int
    let lastModified: String
    let codeSha256: String
    let version: String
    let vpcConfig: JSON?
    let deadLetterConfig: Target?
    let environment: Variables?
    let kmsKeyArn: String?
    let tracingConfig: Mode
    let revisionId: String
    let layers: [Layer]?
    let state: String?
    let lastUpdateStatus: String?
    let fileSystemConfigs: JSON?
    let packageType: String
    let architectures: [String]
    let ephemeralStorage: Size
    let snapStart: SnapStart
    let runtimeVersionConfig: RuntimeVersion?
    let loggingConfig: Logging

    /// - Parameters:
    ///   - qualifier: what the ARN shows behind the name.
    ///   - isListed: ListFunctions and ListVersionsByFunction leave the states out.
    init(_ row: FunctionVersion, qualifier: String?, isListed: Bool = false) {
        let settings = row.settings
        functionName = row.reference.name
        functionArn = row.reference.qualified(qualifier).description
        runtime = settings.runtime
        role = settings.role
        handler = settings.handler
        codeSize = row.codeSize
        description = settings.description
        timeout = settings.timeout
        memorySize = settings.memorySize
        lastModified = Times.lastModified(row.modifiedMs)
        codeSha256 = row.codeSha256
        version = row.version
        vpcConfig = settings.vpcConfig
        deadLetterConfig = settings.deadLetterTarget.map(Target.init)
        environment = settings.environment.map(Variables.init)
        kmsKeyArn = settings.kmsKeyArn
        tracingConfig = Mode(mode: settings.tracingMode)
        revisionId = row.revision
        layers = settings.layers.map { $0.map { Layer(arn: $0.arn, codeSize: $0.codeSize) } }
        state = isListed ? nil : "Active"
        lastUpdateStatus = isListed ? nil : "Successful"
        fileSystemConfigs = settings.fileSystemConfigs
        packageType = "Zip"
        architectures = settings.architectures
        ephemeralStorage = Size(size: settings.ephemeralStorage)
        snapStart = SnapStart(applyOn: settings.snapStart, optimizationStatus: "Off")
        // Assumed: the hash behind `runtime:` only has to have the form of AWS's.
        runtimeVersionConfig =
            isListed
            ? nil
            : RuntimeVersion(
                runtimeVersionArn: "arn:aws:lambda:\(row.reference.region)::runtime:"
                    + String(repeating: "0", count: 64))
        loggingConfig = Logging(
            logFormat: settings.logFormat, applicationLogLevel: settings.logLevels?["ApplicationLogLevel"]?.string,
            systemLogLevel: settings.logLevels?["SystemLogLevel"]?.string, logGroup: row.logGroup)
    }
}
