import AWSWire
import BatonCore
import BatonProcess
import BatonStore
import Foundation
import JSON
import Synchronization

/// One attempt of a job: its containers as processes. It ends with its first essential container, or with its last one.
final class Attempt: Sendable {
    /// A container's way.
    private enum Stage { case waiting, asked, running, ended }

    private struct Container {
        let spec: ContainerSpec
        let folder: String
        let log: ContainerLog
        var stage = Stage.waiting
        var exit: JobExit?
        var isLost = false
    }

    private struct State {
        var containers: [Container] = []
        var hasStarted = false
        var startedMs: Int64?
        var isEnding = false
        var isTerminated = false
        var isOver = false
        /// Which container's end ended the attempt.
        var decisive: Int?
        var problem: String?
    }

    let order: Runs.Order
    let launch: String
    private let batch: Batch
    private let host: BatonCore.Host
    private let runs: Runs
    private let root: String
    private let state = Mutex(State())
    private let chain = Mutex<Task<Void, Never>?>(nil)

    init?(_ order: Runs.Order, _ batch: Batch, _ host: BatonCore.Host, _ runs: Runs) {
        guard let launch = order.job.launch else { return nil }
        self.order = order
        self.launch = launch
        self.batch = batch
        self.host = host
        self.runs = runs
        root = "\(batch.folder)/jobs/\(launch)"
        let context = host.context(account: order.job.account, region: order.job.region)
        let specs = order.spec.containers(node: order.job.kind == .node ? order.job.childIndex : nil)
        let containers = specs.enumerated().map { index, spec in
            let folder = "\(root)/\(index)"
            let stream = (order.job.logStream ?? "").split(separator: "/", maxSplits: 2).map(String.init)
            let name = stream.count == 3 ? "\(stream[0])/\(spec.name)/\(stream[2])" : order.job.logStream ?? ""
            return Container(
                spec: spec, folder: folder,
                log: ContainerLog(
                    folder: folder, key: "\(launch)/\(index)", group: spec.logGroup, stream: name, context))
        }
        state.withLock { $0.containers = containers }
    }

    var startedMs: Int64? { state.withLock { $0.startedMs } }

    var hasOutput: Bool { state.withLock { $0.containers.contains { $0.log.hasDelivered } } }

    // MARK: Starting

    func start() async { await advance() }

    /// After a restart of Baton: what was started is watched again, the rest goes on from there.
    func attach() async {
        let folders = state.withLock { $0.containers.map(\.folder) }
        // The time of its start is that of the row, or, where Baton went before it could be written, the runner's.
        state.withLock { state in
            state.startedMs = order.job.startedMs ?? folders.lazy.compactMap { JobFolder($0).startedMs }.first
        }
        for (index, folder) in folders.enumerated() where FileManager.default.fileExists(atPath: folder) {
            state.withLock { $0.containers[index].stage = .asked }
            if await !attach(index, JobFolder(folder)) {
                try? FileManager.default.removeItem(atPath: folder)
                state.withLock { $0.containers[index].stage = .waiting }
            }
        }
        if order.job.stopReason != nil { terminate() }
        await advance()
    }

    private func attach(_ index: Int, _ folder: JobFolder) async -> Bool {
        if Slurm.owns(folder) { return await batch.slurm.attach(folder, handlers(index)) }
        return runs.engine.attach(folder, mark: mark, handlers(index))
    }

    /// Of a container, for engines that want one.
    private func name(_ index: Int) -> String { "baton-\(launch)-\(index)" }

    private func stop(_ path: String) {
        let folder = JobFolder(path)
        if Slurm.owns(folder) { batch.slurm.terminate(folder) } else { runs.engine.terminate(folder) }
    }

    private var mark: String { "batch:\(root)" }

    private func handlers(_ index: Int) -> JobProcesses.Handlers {
        JobProcesses.Handlers(
            started: { [self] in next { [self] in await containerStarted(index) } },
            ended: { [self] exit in next { [self] in await containerEnded(index, exit) } })
    }

    /// What happens to an attempt is dealt with in the order in which it happened.
    private func next(_ work: @escaping @Sendable () async -> Void) {
        chain.withLock { last in
            let previous = last
            last = Task {
                await previous?.value
                await work()
            }
        }
    }

    /// Starts what can be started now, ends what must end, and finishes when all is over.
    private func advance() async {
        let (starting, ending, isOver) = state.withLock { state -> ([Int], [String], Bool) in
            if state.isOver { return ([], [], false) }
            var starting: [Int] = []
            if !state.isEnding, !state.isTerminated {
                starting = state.containers.indices.filter { Self.isReady($0, state.containers) }
                for index in starting { state.containers[index].stage = .asked }
            }
            let alive = state.containers.filter { $0.stage == .asked || $0.stage == .running }
            let stops = state.isEnding || state.isTerminated
            let isStuck = starting.isEmpty && alive.isEmpty
            if isStuck { state.isOver = true }
            return (starting, stops ? alive.map(\.folder) : [], isStuck)
        }
        for folder in ending { stop(folder) }
        for index in starting { await startContainer(index) }
        if isOver { await finish() }
    }

    private static func isReady(_ index: Int, _ containers: [Container]) -> Bool {
        let container = containers[index]
        guard container.stage == .waiting else { return false }
        if container.spec.isInit {
            return containers[..<index].allSatisfy { $0.stage == .ended && $0.exit?.isSuccess ?? false }
        }
        guard containers.filter(\.spec.isInit).allSatisfy({ $0.stage == .ended && $0.exit?.isSuccess ?? false }) else {
            return false
        }
        return container.spec.dependencies.allSatisfy { dependency in
            guard let other = containers.first(where: { $0.spec.name == dependency.container }) else { return false }
            return switch dependency.condition {
            case "COMPLETE": other.stage == .ended
            case "SUCCESS": other.stage == .ended && other.exit?.isSuccess ?? false
            default: other.stage == .running || other.stage == .ended
            }
        }
    }

    private func startContainer(_ index: Int) async {
        let (spec, folder) = state.withLock { ($0.containers[index].spec, $0.containers[index].folder) }
        do {
            let environment = try await JobEnvironment.variables(order, spec, batch, host)
            let command = JobEnvironment.command(spec, order.spec)
            let work = folder + "/work"
            let argv = try await batch.images.command(
                command, spec, environment: environment, workFolder: work, name: name(index))
            try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
            let launch = JobLaunch(
                folder: folder, workFolder: work, command: argv.command, environment: argv.environment,
                outputLimit: Limits.outputBytes, memoryLimit: spec.needs.memory << 20,
                graceMs: spec.stopTimeout.map { $0 * 1000 } ?? Limits.graceMs,
                mark: mark)
            if let target = order.job.environmentId.flatMap(batch.names.slurm) {
                await batch.slurm.start(
                    launch, spec.needs, target, group: "\(order.job.rootId)/\(index)", handlers(index))
            } else {
                runs.engine.start(launch, handlers(index))
            }
        } catch {
            let reason = (error as? StartFailure)?.reason ?? "CannotStartContainerError: \(error)"
            state.withLock { state in
                state.containers[index].stage = .ended
                state.problem = reason
                state.isEnding = true
                state.decisive = state.decisive ?? index
            }
            await advance()
        }
    }

    // MARK: What containers do

    private func containerStarted(_ index: Int) async {
        let isFirst = state.withLock { state in
            if state.containers[index].stage == .asked { state.containers[index].stage = .running }
            defer { state.hasStarted = true }
            if state.startedMs == nil { state.startedMs = host.clock.nowMs }
            return !state.hasStarted
        }
        if isFirst { await runs.started(self) }
        await advance()
    }

    private func containerEnded(_ index: Int, _ exit: JobExit?) async {
        await state.withLock { $0.containers[index].log }.deliver(isLast: true)
        state.withLock { state in
            state.containers[index].stage = .ended
            state.containers[index].exit = exit
            state.containers[index].isLost = exit == nil
            let spec = state.containers[index].spec
            let failedInit = spec.isInit && !(exit?.isSuccess ?? false)
            if spec.isEssential || failedInit || exit == nil {
                state.isEnding = true
                state.decisive = state.decisive ?? index
            }
        }
        await advance()
    }

    func terminate() {
        let folders = state.withLock { state in
            state.isTerminated = true
            return state.containers.filter { $0.stage == .asked || $0.stage == .running }.map(\.folder)
        }
        for folder in folders { stop(folder) }
        if folders.isEmpty { next { [self] in await advance() } }
    }

    func deliverLogs() async {
        let logs = state.withLock { state in
            state.containers.filter { $0.stage == .running }.map(\.log)
        }
        for log in logs { await log.deliver(isLast: false) }
    }

    // MARK: The end

    private func finish() async {
        let end = state.withLock { state -> AttemptEnd in
            let index = state.decisive ?? state.containers.indices.last
            let container = index.map { state.containers[$0] }
            var end = AttemptEnd(
                exitCode: nil, reason: nil, statusReason: JobLifecycle.exited, startedMs: state.startedMs,
                stoppedMs: host.clock.nowMs)
            if let problem = state.problem {
                end.reason = problem
                end.statusReason = "Task failed to start"
            } else if let container, container.isLost {
                end.reason = "Baton cannot know how the job ended: its runner was killed or the machine was restarted."
                end.statusReason = Self.lost
            } else if let exit = container?.exit {
                // The runner's own measure counts: Baton may have been away.
                let elapsed = exit.stoppedMs - exit.startedMs
                end.stoppedMs = min(end.stoppedMs, (state.startedMs ?? exit.startedMs) + elapsed)
                (end.exitCode, end.reason) = exit.outcome
                if end.exitCode == nil { end.statusReason = "Task failed to start" }
            }
            if order.spec.isComposed {
                end.containers = state.containers.map { container in
                    let outcome = container.exit?.outcome
                    return ContainerEnd(
                        name: container.spec.name, exitCode: outcome?.code, reason: outcome?.reason,
                        logStream: container.stage == .ended && container.exit != nil ? container.log.stream : nil)
                }
            }
            return end
        }
        await runs.ended(self, end)
    }

    /// So that strategies written for machines that go away (`Host EC2*`) mean this one too.
    static let lost = "Host EC2 (instance localhost) terminated."

    func cleanUp() {
        let root = root
        Task.detached { try? FileManager.default.removeItem(atPath: root) }
    }
}

extension JobExit {
    var isSuccess: Bool { ending == .exited(code: 0) }

    /// As a container shows it: the code of what a signal ended is 128 more than its number.
    var outcome: (code: Int?, reason: String?) {
        switch ending {
        case .exited(let code): (Int(code), nil)
        case .signaled(let number): (128 + Int(number), nil)
        case .memoryExceeded: (137, "OutOfMemoryError: Container killed due to memory usage")
        case .cannotStart(let detail): (nil, "CannotStartContainerError: \(detail)")
        }
    }
}

/// Why a container did not start, as AWS words it.
struct StartFailure: Error {
    let reason: String
}
