import BatonCore
import BatonProcess
import Foundation

/// How the processes of one function version are started: interpreter, bootstrap, folders, limits.
struct Launch: Sendable {
    struct Failure: Error {
        let type: String
        let message: String
    }

    let kind: RuntimeKind
    /// nil for `provided`.
    let interpreter: String?
    /// Where the code is unpacked.
    let taskRoot: String
    /// The unpacked layers, the one that comes first in front.
    let layers: [String]
    /// Where Baton's own bootstraps lie.
    let runtimeFolder: String
    /// Below it each environment gets its folder for temporary files.
    let temporaryRoot: String
    let mark: String

    func specification(_ environment: ExecutionEnvironment, port: Int) throws -> ProcessSpecification {
        let temporary = temporaryFolder(environment)
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        let variables = EnvironmentVariables(
            version: environment.version, api: "127.0.0.1:\(port)", endpoint: environment.host.endpoint,
            secret: environment.host.innerSecret,
            logStream: environment.delivery.stream, taskRoot: taskRoot, layers: layers, runtimeFolder: runtimeFolder,
            temporaryFolder: temporary)
        let settings = environment.version.settings
        let (executable, arguments) = try command()
        return ProcessSpecification(
            executable: executable, arguments: arguments, environment: variables.all, folder: taskRoot,
            limits: ProcessLimits(
                memoryBytes: settings.memorySize << 20, threads: Limits.threads, openFiles: Limits.openFiles,
                fileBytes: settings.ephemeralStorage << 20), mark: mark)
    }

    private func command() throws(Failure) -> (executable: String, arguments: [String]) {
        switch kind {
        case .provided:
            let found = ([taskRoot] + layers).map { $0 + "/bootstrap" }
                .first { FileManager.default.isExecutableFile(atPath: $0) }
            guard let bootstrap = found else {
                throw Failure(
                    type: "Runtime.InvalidEntrypoint",
                    message: "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]")
            }
            return (bootstrap, [])
        case .python: return (interpreter ?? "", ["-u", runtimeFolder + "/bootstrap.py"])
        case .node: return (interpreter ?? "", [runtimeFolder + "/bootstrap.mjs"])
        }
    }

    func cleanUp(_ environment: ExecutionEnvironment) {
        try? FileManager.default.removeItem(atPath: temporaryFolder(environment))
    }

    private func temporaryFolder(_ environment: ExecutionEnvironment) -> String {
        "\(temporaryRoot)/\(environment.id)"
    }
}
