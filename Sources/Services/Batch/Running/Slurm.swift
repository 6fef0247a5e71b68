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
    struct Target: Sendable, Hashable {
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
    /// What becomes one array of Slurm's.
    private struct Gathered: Hashable {
        let needs: Needs
        let target: Target
        let group: String
    }
    private struct Start {
        let folder: JobFolder
        let handlers: JobProcesses.Handlers
    }
    private struct State {
        var gathered: [Gathered: [Start]] = [:]
        var entries: [String: Entry] = [:]
        var isPolling = false
        var isStopped = false
    }
    private let state = Mutex(State())
    private let clock = Mutex<(any BatonStore.Clock)?>(nil)
    private static let pollMs: Int64 = 500
    private static let gatherMs: Int64 = 20

    func start(_ clock: any BatonStore.Clock) { self.clock.withLock { $0 = clock } }

    func stop() { state.withLock { $0 = State(isStopped: true) } }

    /// The file that says that a folder's job is Slurm's: its number there; until it has one, `?`, its name and task.
    static func file(_ folder: JobFolder) -> String { folder.path + "/slurm" }

    static func owns(_ folder: JobFolder) -> Bool { FileManager.default.fileExists(atPath: file(folder)) }

    // MARK: Starting

    /// Gives a container to Slurm, together with those of the same array that start in the same moment: they become the
    /// tasks of one array there.
    /// - Parameter group: the same for all containers that may become one array.
    func start(
        _ launch: JobLaunch, _ needs: Needs, _ target: Target, group: String, _ handlers: JobProcesses.Handlers
    ) async {
        let folder = JobFolder(launch.folder)
        do {
            try Data("?".utf8).write(to: URL(fileURLWithPath: Self.file(folder)))
            try Data(SlurmScript.text(launch).utf8).write(to: URL(fileURLWithPath: SlurmScript.path(folder)))
        } catch {
            return refuse("\(error)", handlers)
        }
        let batch = Gathered(needs: needs, target: target, group: group)
        let isFirst = state.withLock { state in
            state.gathered[batch, default: []].append(Start(folder: folder, handlers: handlers))
            return state.gathered[batch]?.count == 1
        }
        guard isFirst, let clock = clock.withLock({ $0 }) else { return }
        await clock.wait(untilMs: clock.nowMs + Self.gatherMs)
        await submit(batch, state.withLock { $0.gathered.removeValue(forKey: batch) } ?? [])
    }

    private func submit(_ batch: Gathered, _ starts: [Start]) async {
        guard let first = starts.first else { return }
        let name = "baton-\(first.folder.path.split(separator: "/").suffix(2).joined(separator: "-"))"
        let script = first.folder.path + "/submitted.sh"
        let needs = batch.needs
        var words = [
            "--parsable", "--no-requeue", "--export=NONE", "--job-name=\(name)", "--output=/dev/null", "--chdir=/",
            "--ntasks=1", "--cpus-per-task=\(max(1, (needs.vcpus + 999) / 1000))",
        ]
        if needs.memory > 0 { words.append("--mem=\(needs.memory)M") }
        if needs.gpus > 0 { words.append("--gpus=\(needs.gpus)") }
        if let partition = batch.target.partition { words.append("--partition=\(partition)") }
        if starts.count > 1 { words.append("--array=0-\(starts.count - 1)") }
        // By its name a job is found whose number could not be noted.
        for (index, start) in starts.enumerated() { note("?\(name) \(index)", start.folder) }
        do {
            try Data(SlurmScript.choice(starts.map(\.folder)).utf8).write(to: URL(fileURLWithPath: script))
        } catch {
            for start in starts { refuse("\(error)", start.handlers) }
            return
        }
        let answer = await Self.command("sbatch", words + [script])
        guard answer.isSuccess, let job = answer.text.split(whereSeparator: { ";\n".contains($0) }).first else {
            for start in starts { refuse("sbatch: \(answer.text)", start.handlers) }
            return
        }
        for (index, start) in starts.enumerated() {
            let number = starts.count > 1 ? "\(job)_\(index)" : String(job)
            note(number, start.folder)
            watch(start.folder, number, start.handlers)
        }
    }

    private func note(_ text: String, _ folder: JobFolder) {
        try? Data(text.utf8).write(to: URL(fileURLWithPath: Self.file(folder)), options: .atomic)
    }

    private func refuse(_ detail: String, _ handlers: JobProcesses.Handlers) {
        let text = detail.trimmingCharacters(in: .whitespacesAndNewlines)
        handlers.ended(JobExit(.cannotStart(text), startedMs: 0, stoppedMs: 0))
    }

    /// Takes up a job that an earlier Baton gave to Slurm; false when Slurm never got it.
    func attach(_ folder: JobFolder, _ handlers: JobProcesses.Handlers) async -> Bool {
        var job = (try? String(contentsOfFile: Self.file(folder), encoding: .utf8)) ?? ""
        if job.hasPrefix("?") {
            let words = job.dropFirst().split(separator: " ").map(String.init)
            job = words.count == 2 ? await number(words[0], task: words[1]) ?? "" : ""
        }
        guard !job.isEmpty || folder.exit != nil else { return false }
        watch(folder, job, handlers)
        return true
    }

    /// The number of a job, or of a task of an array, by the job's name.
    private func number(_ name: String, task: String) async -> String? {
        let found = await Self.command("squeue", ["-h", "-r", "-t", "all", "-n", name, "-o", "%i"]).text
            .split(separator: "\n").map(String.init)
        return found.first { $0.hasSuffix("_\(task)") || !$0.contains("_") }
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
        let jobs = Set(entries.values.map { String($0.job.prefix { $0 != "_" }) }).sorted().joined(separator: ",")
        let answer = await Self.command("squeue", ["-h", "-r", "-t", "all", "-j", jobs, "-o", "%i %T"])
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
        let output = quoted(JobFolder(launch.folder).output)
        var lines = ["#!/bin/sh", "exec > \(output) 2>&1", "cd \(quoted(launch.workFolder)) || exit 125"]
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

    static func path(_ folder: JobFolder) -> String { folder.path + "/job.sh" }

    /// The script that is submitted: each task of an array goes its own way. Slurm keeps a copy.
    static func choice(_ folders: [JobFolder]) -> String {
        var lines = ["#!/bin/sh", "case ${SLURM_ARRAY_TASK_ID:-0} in"]
        for (index, folder) in folders.enumerated() {
            lines.append("\(index)) exec /bin/sh \(quoted(path(folder))) ;;")
        }
        return (lines + ["esac"]).joined(separator: "\n") + "\n"
    }

    static func quoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'" }
}
