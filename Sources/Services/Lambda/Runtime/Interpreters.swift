import AWSWire
import BatonProcess
import Foundation
import Synchronization

/// The interpreters of this machine. Each is tried once: a name on the PATH may be a shim with nothing behind it.
final class Interpreters: Sendable {
    private let found = Mutex<[RuntimeKind: String]>([:])
    private let searchPath: [String]
    private let home: String

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        searchPath = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
        home = environment["HOME"] ?? "/root"
    }

    /// The absolute path of the interpreter; nil for `provided`.
    /// Errors: InvalidParameterValueException that says what to install.
    func path(_ kind: RuntimeKind) async throws(AWSError) -> String? {
        if case .provided = kind { return nil }
        if let known = found.withLock({ $0[kind] }) { return known }
        for candidate in candidates(kind) {
            guard let real = await realPath(candidate, kind) else { continue }
            found.withLock { $0[kind] = real }
            return real
        }
        switch kind {
        case .python(let version):
            throw LambdaError.invalid(
                "The runtime python\(version) needs a Python 3 interpreter on this machine: install python\(version) or"
                    + " python3 and put it on the PATH of Baton.")
        case .node(let version):
            throw LambdaError.invalid(
                "The runtime nodejs\(version).x needs Node.js on this machine: install node and put it on the PATH of"
                    + " Baton.")
        case .provided: return nil
        }
    }

    /// The wanted version first, then whatever there is.
    private func candidates(_ kind: RuntimeKind) -> [String] {
        let names: [String] =
            switch kind {
            case .python(let version): ["python\(version)", "python3"]
            case .node(let version): ["node\(version)", "node", "nodejs"]
            case .provided: []
            }
        let files = FileManager.default
        var paths: [String] = []
        for name in names {
            paths += searchPath.map { "\($0)/\(name)" }
            if case .python(let version) = kind, name != "python3" {
                let versions = (try? files.contentsOfDirectory(atPath: "\(home)/.pyenv/versions")) ?? []
                paths += versions.filter { $0.hasPrefix(version + ".") }.sorted()
                    .map { "\(home)/.pyenv/versions/\($0)/bin/\(name)" }
            }
        }
        return paths.filter { files.isExecutableFile(atPath: $0) }
    }

    /// Where the interpreter itself says that it is, so that no shim stands before it at each start.
    private func realPath(_ candidate: String, _ kind: RuntimeKind) async -> String? {
        let arguments: [String] =
            switch kind {
            case .node: ["-p", "process.execPath"]
            default: ["-c", "import sys; print(sys.executable if sys.version_info[0] == 3 else '')"]
            }
        let written = Mutex<[UInt8]>([])
        let specification = ProcessSpecification(
            executable: candidate, arguments: arguments,
            environment: ["PATH": searchPath.joined(separator: ":"), "HOME": home], folder: "/",
            limits: ProcessLimits(cpuSeconds: 10), mark: "interpreter")
        guard
            let child = try? await ChildProcess.start(
                specification, output: { piece in written.withLock { $0 += piece.prefix(4096) } }),
            await child.exit() == .exited(code: 0)
        else { return nil }
        let text = written.withLock { String(decoding: $0, as: UTF8.self) }
        let path = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return path.hasPrefix("/") && !path.contains("\n") ? path : nil
    }
}
