import JSON

/// What CreateFunction and UpdateFunctionConfiguration set: the part of a version that publishing freezes. Members of
/// type `JSON` are kept as the wire has them.
struct FunctionSettings: Codable, Sendable, Equatable {
    var runtime: String
    var handler: String
    var role: String
    var description = ""
    /// Seconds.
    var timeout = 3
    /// MB.
    var memorySize = 128
    var environment: [String: String]?
    var architectures = ["x86_64"]
    /// MB under `/tmp`.
    var ephemeralStorage = 512
    var tracingMode = "PassThrough"
    var deadLetterTarget: String?
    var kmsKeyArn: String?
    var vpcConfig: JSON?
    var fileSystemConfigs: JSON?
    var logGroup: String?
    var logFormat = "Text"
    var logLevels: JSON?
    var snapStart = "None"
    /// The layers in their order; later ones come first where both have something.
    var layers: [LayerUse]?
}

/// The settings in a request: absent members keep what is there.
struct SettingsInput: Decodable, Sendable {
    struct Variables: Decodable, Sendable { let variables: [String: String]? }
    struct Storage: Decodable, Sendable { let size: Int }
    struct Tracing: Decodable, Sendable { let mode: String? }
    struct DeadLetter: Decodable, Sendable { let targetArn: String? }
    struct SnapStart: Decodable, Sendable { let applyOn: String? }
    struct Logging: Decodable, Sendable {
        let logFormat: String?
        let logGroup: String?
        let applicationLogLevel: String?
        let systemLogLevel: String?
    }

    let runtime: String?
    let handler: String?
    let role: String?
    let description: String?
    let timeout: Int?
    let memorySize: Int?
    let environment: Variables?
    let ephemeralStorage: Storage?
    let tracingConfig: Tracing?
    let deadLetterConfig: DeadLetter?
    let kmsKeyArn: String?
    let vpcConfig: JSON?
    let fileSystemConfigs: JSON?
    let layers: [String]?
    let loggingConfig: Logging?
    let snapStart: SnapStart?
    let imageConfig: JSON?
    // What Baton does not have, so that it is refused rather than passed over.
    let durableConfig: JSON?
    let capacityProviderConfig: JSON?
    let tenancyConfig: JSON?
    let codeSigningConfigArn: String?
}
