import ArgumentParser
import BatonStore
import Foundation

/// `baton doctor`: what this machine offers and what it lacks.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check whether this machine has what Baton needs.",
        discussion: "Exit status 0 when nothing essential is missing.")

    @Option(help: "Data folder to check.")
    var data = ".baton"

    @Flag(help: "Print the findings as JSON.")
    var json = false

    struct Finding: Encodable {
        enum Grade: String, Encodable { case ok, warning, error }
        let subject: String
        let grade: Grade
        let detail: String
    }

    func run() async throws {
        let findings = [await folder(), speed(), files(), space()] + Self.interpreters.map(interpreter)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(findings), as: UTF8.self))
        } else {
            for finding in findings {
                let mark = finding.grade == .ok ? "✓" : finding.grade == .warning ? "!" : "✗"
                print("\(mark) \(finding.subject): \(finding.detail)")
            }
        }
        if findings.contains(where: { $0.grade == .error }) { throw ExitCode.failure }
    }

    private func folder() async -> Finding {
        let existed = FileManager.default.fileExists(atPath: data)
        defer { if !existed { try? FileManager.default.removeItem(atPath: data) } }
        do {
            guard !FileManager.default.fileExists(atPath: data + "/baton.db") else {
                guard FileManager.default.isWritableFile(atPath: data + "/baton.db") else {
                    return Finding(
                        subject: "data folder", grade: .error, detail: StoreError.readOnly(path: data).description)
                }
                return Finding(subject: "data folder", grade: .ok, detail: "\(data) holds a database")
            }
            let store = try Store(.folder(data), clock: RealClock())
            await store.close()
            for file in ["baton.db", "baton.db-wal", "baton.db-shm", "lock"] {
                try? FileManager.default.removeItem(atPath: "\(data)/\(file)")
            }
            return Finding(subject: "data folder", grade: .ok, detail: "\(data) can be written")
        } catch {
            return Finding(subject: "data folder", grade: .error, detail: "\(error)")
        }
    }

    /// How long the disk takes to make a write durable: the floor under every acknowledged change.
    private func speed() -> Finding {
        let path = FileManager.default.currentDirectoryPath + "/.baton-doctor"
        let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { return Finding(subject: "disk", grade: .warning, detail: "cannot write in this folder") }
        defer {
            close(file)
            unlink(path)
        }
        let clock = ContinuousClock()
        let block = [UInt8](repeating: 1, count: 4096)
        let times = (0..<50).map { _ in
            clock.measure {
                _ = block.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                fdatasync(file)
            }
        }.sorted()
        let median = Double(times[25].components.attoseconds) / 1e15
        let detail = "a durable write takes \(String(format: "%.2f", median)) ms at the median"
        return Finding(subject: "disk", grade: median > 5 ? .warning : .ok, detail: detail)
    }

    private func files() -> Finding {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let enough = limit.rlim_max >= 16_384
        return Finding(
            subject: "open files", grade: enough ? .ok : .warning,
            detail: "up to \(limit.rlim_max)"
                + (enough ? "" : "; raise it with `ulimit -Hn 65536` for many connections"))
    }

    private func space() -> Finding {
        let attributes = try? FileManager.default.attributesOfFileSystem(
            forPath: FileManager.default.fileExists(atPath: data) ? data : ".")
        let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
        return Finding(
            subject: "free space", grade: free < 1 << 30 ? .warning : .ok, detail: "\(free >> 20) MiB")
    }

    private static let interpreters = [("python3", "python3.* functions"), ("node", "nodejs* functions")]

    private func interpreter(_ name: String, _ use: String) -> Finding {
        let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let found = paths.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        return Finding(
            subject: name, grade: found == nil ? .warning : .ok, detail: found ?? "not found; needed for \(use) only")
    }
}
