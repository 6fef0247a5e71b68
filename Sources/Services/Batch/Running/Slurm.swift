import BatonCore
import BatonProcess
import BatonStore
import Foundation
import Logging
import Synchronization

/// Jobs of environments that run on a Slurm cluster, which must see the data folder: `sbatch` starts them, `squeue` tells
/// how they are. The script that Slurm runs writes the job's end into the job's folder, as a runner would; where it
/// could not, `scontrol` and `sacct` are asked.
final class Slurm: Sendable {
    /// Where in the cluster.
    struct Target: Sendable, Equatable {
        var partition: String?

        /// The tags of a compute environment say it: `baton:engine` = `slurm`, and `baton:partition`.
        init?(tags: (String) -> String?) {
            guard tags("baton:engine") == "slurm" else { return nil }
            partition = tags("baton:partition")
        }
    }

    private struct Entry {
        let folder: JobFolder
        let handlers: JobProcesses.Handlers
        var job: String
        var hasStarted = false
        var isUnwanted = false
    }
    private struct State {
        var entries: [String: Entry] = [:]
        var isPolling = false
        var isStopped = false
    }
    private let state = Mutex(State())
    private let clock = Mutex<(any BatonStore.Clock)?>(nil)
    private static let pollMs: Int64 = 500

    func start(_ clock: any BatonStore.Clock) { self.clock.withLock { $0 = clock } }

    func stop() { state.withLock { $0 = State(isStopped: true) } }

    /// The file that says that a folder's job is Slurm's: its number there, empty until it has one.
    static func file(_ folder: JobFolder) -> String { folder.path + "/slurm" }

    static func owns(_ folder: JobFolder) -> Bool { FileManager.default.fileExists(atPath: file(folder)) }

    // MARK: Starting

    func start(
        _ launch: JobLaunch, _ needs: Needs, _ target: Target, name: String, _ handlers: JobProcesses.Handlers
    ) async {
        let folder = JobFolder(launch.folder)
        let script = folder.path + "/job.sh"
        do {
            try Data().write(to: URL(fileURLWithPath: Self.file(folder)))
            try Data(SlurmScript.text(launch).utf8).write(to: URL(fileURLWithPath: script))
        } catch {
            return refuse("\(error)", handlers)
        }
        var words = [
            "--parsable", "--no-requeue", "--export=NONE", "--job-name=\(name)", "--output=\(folder.output)",
            "--chdir=\(launch.workFolder)", "--ntasks=1", "--cpus-per-task=\(max(1, (needs.vcpus + 999) / 1000))",
        ]
        if needs.memory > 0 { words.append("--mem=\(needs.memory)M") }
        if needs.gpus > 0 { words.append("--gpus=\(needs.gpus)") }
        if let partition = target.partition { words.append("--partition=\(partition)") }
        let answer = await Self.command("sbatch", words + [script])
        guard answer.isSuccess, let job = answer.text.split(whereSeparator: { ";\n".contains($0) }).first else {
            return refuse("sbatch: \(answer.text)", handlers)
        }
        try? Data(job.utf8).write(to: URL(fileURLWithPath: Self.file(folder)), options: .atomic)
        watch(folder, String(job), handlers)
    }

    private func refuse(_ detail: String, _ handlers: JobProcesses.Handlers) {
        handlers.ended(
            JobExit(.cannotStart(detail.trimmingCharacters(in: .whitespacesAndNewlines)), startedMs: 0, stoppedMs: 0))
    }

    /// Takes up a job that an earlier Baton gave to Slurm; false when Slurm never got it.
    func attach(_ folder: JobFolder, name: String, _ handlers: JobProcesses.Handlers) async -> Bool {
        var job = (try? String(contentsOfFile: Self.file(folder), encoding: .utf8)) ?? ""
        if job.isEmpty {
            job =
                await Self.command("squeue", ["-h", "-t", "all", "-n", name, "-o", "%i"]).text
                .split(separator: "\n").first.map(String.init) ?? ""
        }
        guard !job.isEmpty || folder.exit != nil else { return false }
        watch(folder, job, handlers)
        return true
    }

    func terminate(_ folder: JobFolder) {
        let job = state.withLock { state in
            state.entries[folder.path]?.isUnwanted = true
            return state.entries[folder.path]?.job
        }
        guard let job else { return }
        Task { _ = await Self.command("scancel", [job]) }
    }

    // MARK: Watching

    private func watch(_ folder: JobFolder, _ job: String, _ handlers: JobProcesses.Handlers) {
        let starts = state.withLock { state in
            state.entries[folder.path] = Entry(folder: folder, handlers: handlers, job: job)
            defer { state.isPolling = true }
            return !state.isPolling
        }
        guard starts, let clock = clock.withLock({ $0 }) else { return }
        Task {
            while await poll() { await clock.wait(untilMs: clock.nowMs + Self.pollMs) }
        }
    }

    /// One look at all jobs; false when there are none any more.
    private func poll() async -> Bool {
        let entries = state.withLock { state in
            if state.entries.isEmpty || state.isStopped { state.isPolling = false }
            return state.isPolling ? state.entries : [:]
        }
        guard !entries.isEmpty else { return false }
        let jobs = entries.values.map(\.job).joined(separator: ",")
        let answer = await Self.command("squeue", ["-h", "-t", "all", "-j", jobs, "-o", "%i %T"])
        var states: [String: String] = [:]
        for line in answer.text.split(separator: "\n") {
            let fields = line.split(separator: " ").map(String.init)
            if fields.count == 2 { states[fields[0]] = fields[1] }
        }
        for (path, entry) in entries {
            // A controller that does not answer says nothing about its jobs.
            let isUnknown = states[entry.job] == nil && !answer.isSuccess && !answer.text.contains("Invalid job id")
            if entry.folder.exit == nil, isUnknown { continue }
            await look(path, entry, states[entry.job])
        }
        return true
    }

    private func look(_ path: String, _ entry: Entry, _ name: String?) async {
        let exit = entry.folder.exit
        let isWaiting = ["PENDING", "CONFIGURING", "REQUEUED", "SUSPENDED", "RUNNING", "COMPLETING"].contains(
            name ?? "")
        if name == "RUNNING" || exit != nil, !entry.hasStarted {
            state.withLock { $0.entries[path]?.hasStarted = true }
            entry.handlers.started()
        }
        guard exit != nil || !isWaiting else { return }
        let ending: JobExit? = if let exit { exit } else { await ending(entry, name) }
        guard state.withLock({ $0.entries.removeValue(forKey: path) }) != nil else { return }
        entry.handlers.ended(ending)
    }

    /// What Slurm says of a job whose script could not write its end.
    private func ending(_ entry: Entry, _ name: String?) async -> JobExit? {
        // The script's last file may be on its way through a shared file system.
        if let exit = entry.folder.exit { return exit }
        if name == "CANCELLED" || entry.isUnwanted { return JobExit(.signaled(15), startedMs: 0, stoppedMs: 0) }
        if name == "OUT_OF_MEMORY" { return JobExit(.signaled(9), startedMs: 0, stoppedMs: 0) }
        let answer = await Self.command("sacct", ["-n", "-X", "-j", entry.job, "-o", "ExitCode"])
        let parts = answer.text.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ":")
        guard answer.isSuccess, parts.count == 2, let code = Int32(parts[0]), let number = Int32(parts[1]) else {
            return nil
        }
        return JobExit(number > 0 ? .signaled(number) : .exited(code: code), startedMs: 0, stoppedMs: 0)
    }

    // MARK: Commands

    private struct Answer { let isSuccess: Bool, text: String }

    private static func command(_ program: String, _ arguments: [String]) async -> Answer {
        guard let path = Images.find(program) else {
            return Answer(isSuccess: false, text: "\(program) is not installed here")
        }
        let output = Mutex<[UInt8]>([])
        let specification = ProcessSpecification(
            executable: path, arguments: arguments, environment: ProcessInfo.processInfo.environment, folder: "/",
            mark: "batch-slurm")
        guard
            let child = try? await ChildProcess.start(
                specification, output: { piece in output.withLock { $0 += piece } })
        else { return Answer(isSuccess: false, text: "\(program) cannot be started") }
        let exit = await child.exit()
        return Answer(
            isSuccess: exit == .exited(code: 0), text: String(decoding: output.withLock { $0 }, as: UTF8.self))
    }
}

/// What Slurm runs: the program with its environment, and then the note of how it ended.
enum SlurmScript {
    static func text(_ launch: JobLaunch) -> String {
        var lines = ["#!/bin/sh"]
        for (name, value) in launch.environment.sorted(by: { $0.key < $1.key }) {
            lines.append("export \(name)=\(quoted(value))")
        }
        let exit = quoted(launch.folder + "/exit")
        lines.append("started=$(date +%s%3N)")
        lines.append(launch.command.map(quoted).joined(separator: " ") + " </dev/null &")
        // Slurm signals the whole job; the shell waits for the program's own end.
        lines.append("program=$!; trap 'kill -TERM $program 2>/dev/null' TERM")
        lines.append("wait $program; code=$?")
        lines.append("while kill -0 $program 2>/dev/null; do wait $program; code=$?; done")
        lines.append("if [ $code -gt 128 ]; then end=\"signal $((code - 128))\"; else end=\"code $code\"; fi")
        lines.append("echo \"$started $(date +%s%3N) $end\" > \(exit).new && mv \(exit).new \(exit)")
        lines.append("exit $code")
        return lines.joined(separator: "\n") + "\n"
    }

    static func quoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'" }
}
