import Foundation

/// The environment that a function's process gets (Developer Guide, "Defined runtime environment variables"), with
/// Baton as its AWS.
struct EnvironmentVariables: Sendable {
    let version: FunctionVersion
    let api: String
    let endpoint: String
    let secret: String
    let logStream: String
    let taskRoot: String
    let runtimeFolder: String
    /// The environment's own folder for temporary files; `TMPDIR` and `HOME` point there, since the machine's `/tmp` is
    /// shared.
    let temporaryFolder: String

    var all: [String: String] {
        let settings = version.settings
        let region = version.reference.region
        var result = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
            "LANG": "en_US.UTF-8", "TZ": ":UTC", "HOME": temporaryFolder, "TMPDIR": temporaryFolder,
            "LD_LIBRARY_PATH": "\(taskRoot):\(taskRoot)/lib", "AWS_ENDPOINT_URL": endpoint,
            "NODE_PATH": "\(taskRoot)/node_modules",
        ]
        result.merge(settings.environment ?? [:]) { _, own in own }
        let reserved = [
            "AWS_LAMBDA_RUNTIME_API": api, "AWS_LAMBDA_FUNCTION_NAME": version.reference.name,
            "AWS_LAMBDA_FUNCTION_VERSION": version.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": String(settings.memorySize),
            "AWS_LAMBDA_LOG_GROUP_NAME": version.logGroup, "AWS_LAMBDA_LOG_STREAM_NAME": logStream,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_EXECUTION_ENV": "AWS_Lambda_\(settings.runtime)",
            "AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_ACCESS_KEY_ID": version.reference.account,
            "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "baton", "LAMBDA_TASK_ROOT": taskRoot,
            "LAMBDA_RUNTIME_DIR": runtimeFolder, "_HANDLER": settings.handler,
        ]
        result.merge(reserved) { _, own in own }
        return result
    }
}
