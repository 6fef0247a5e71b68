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
    /// What stands for `/opt`, the one that comes first in front.
    let layers: [String]
    let runtimeFolder: String
    /// The environment's own folder for temporary files; `TMPDIR` and `HOME` point there, since the machine's `/tmp` is
    /// shared.
    let temporaryFolder: String

    var all: [String: String] {
        let settings = version.settings
        let region = version.reference.region
        var result = [
            "PATH": Self.paths(
                layers.map { $0 + "/bin" }
                    + [ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"]),
            "LANG": "en_US.UTF-8", "TZ": ":UTC", "HOME": temporaryFolder, "TMPDIR": temporaryFolder,
            "LD_LIBRARY_PATH": Self.paths([taskRoot, taskRoot + "/lib"] + layers.map { $0 + "/lib" }),
            "AWS_ENDPOINT_URL": endpoint,
            "NODE_PATH": taskRoot + "/node_modules",
        ]
        result.merge(settings.environment ?? [:]) { _, own in own }
        if !layers.isEmpty {
            result["PYTHONPATH"] = Self.paths([result["PYTHONPATH"]].compactMap { $0 } + pythonFolders)
            result["NODE_PATH"] = Self.paths([result["NODE_PATH"]].compactMap { $0 } + nodeFolders)
        }
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

    private static func paths(_ folders: [String]) -> String { folders.joined(separator: ":") }

    /// Source: "Packaging your layer content", Developer Guide.
    private var pythonFolders: [String] {
        layers.flatMap { ["\($0)/python", "\($0)/python/lib/\(version.settings.runtime)/site-packages"] }
    }

    private var nodeFolders: [String] {
        let number = version.settings.runtime.drop { !$0.isNumber }.prefix { $0.isNumber }
        return layers.flatMap { ["\($0)/nodejs/node_modules", "\($0)/nodejs/node\(number)/node_modules"] }
    }
}
