import BatonProcess
import Foundation
import Synchronization

/// How a container's command becomes a program of this machine. `host`, or no image, is the machine itself; other names
/// are looked up in the settings, and then left to Docker or Podman where one of them runs.
final class Images: Sendable {
    struct Program: Sendable, Equatable {
        var command: [String]
        var environment: [String: String]
    }

    private let settings = Mutex<[(pattern: String, image: Settings.Image)]>([])
    private let engine = Mutex<String?>(nil)

    func configure(_ images: [(pattern: String, image: Settings.Image)]) { settings.withLock { $0 = images } }

    func command(
        _ command: [String], _ container: ContainerSpec, environment: [String: String], workFolder: String,
        name: String
    ) async throws -> Program {
        let image = container.image ?? "host"
        let mapped = settings.withLock { settings in
            settings.first { $0.pattern.hasSuffix("*") ? image.hasPrefix($0.pattern.dropLast()) : $0.pattern == image }
        }?.image
        switch image == "host" || image.isEmpty ? .host : mapped {
        case .host:
            guard !command.isEmpty else {
                throw StartFailure(
                    reason: "CannotStartContainerError: the job names no command, and the image `host` has none")
            }
            return Program(command: command, environment: environment)
        case .command(let words): return Program(command: words + command, environment: environment)
        case .root(let root):
            return Program(command: try bubblewrap(root, container, workFolder) + command, environment: environment)
        case nil:
            guard let engine = await containerEngine() else { throw Self.unknown(image) }
            return Program(
                command: Self.run(engine, image, container, environment, name) + command, environment: environment)
        }
    }

    private static func unknown(_ image: String) -> StartFailure {
        StartFailure(
            reason: """
                CannotPullContainerError: no Docker or Podman engine answers here, and the image \(image) is not mapped. \
                Start an engine, or use the image "host" to run the command on this machine, or name the image under \
                "images" in batch.json of the data folder.
                """)
    }

    private func bubblewrap(_ root: String, _ container: ContainerSpec, _ workFolder: String) throws -> [String] {
        guard let program = Self.find("bwrap") else {
            throw StartFailure(
                reason:
                    "CannotStartContainerError: the image is mapped to the folder \(root), which needs bubblewrap (bwrap)"
            )
        }
        var words = [program, "--bind", root, "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
        words += ["--bind", workFolder, "/tmp", "--unshare-pid", "--die-with-parent", "--chdir", "/"]
        for mount in container.mounts {
            words += [mount.isReadOnly ? "--ro-bind" : "--bind", mount.source, mount.target]
        }
        return words + ["--"]
    }

    private static func run(
        _ engine: String, _ image: String, _ container: ContainerSpec, _ environment: [String: String], _ name: String
    ) -> [String] {
        var words = [engine, "run", "--rm", "--init", "--network", "host", "--name", name]
        let inherited = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH"]
        for variable in environment.keys.sorted() where !inherited.contains(variable) { words += ["-e", variable] }
        if container.needs.memory > 0 { words += ["--memory", "\(container.needs.memory)m"] }
        if let user = container.user { words += ["--user", user] }
        for mount in container.mounts {
            words += ["-v", "\(mount.source):\(mount.target)\(mount.isReadOnly ? ":ro" : "")"]
        }
        return words + [image]
    }

    /// Docker or Podman, when its engine answers; asked until one does.
    private func containerEngine() async -> String? {
        if let known = engine.withLock({ $0 }) { return known }
        var found: String?
        for name in ["docker", "podman"] where found == nil {
            guard let program = Self.find(name) else { continue }
            let specification = ProcessSpecification(
                executable: program, arguments: ["info"], environment: ProcessInfo.processInfo.environment, folder: "/",
                mark: "batch-engine")
            guard let child = try? await ChildProcess.start(specification, output: { _ in }) else { continue }
            if await child.exit() == .exited(code: 0) { found = program }
        }
        engine.withLock { $0 = found }
        return found
    }

    static func find(_ program: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
