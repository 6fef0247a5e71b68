internal import Glibc

/// The files by which a job's runner and Baton know of each other, also when one of them was away:
/// - `runner`: made once, by whoever takes the folder: the runner, or a Baton that gives the job up. First line: process
///   id, start time in the kernel's ticks, boot; second line, when the program runs: its time of start.
/// - `output`: what the program wrote.
/// - `exit`: how it ended; appears whole.
public struct JobFolder: Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    public var output: String { path + "/output" }
    private var runnerFile: String { path + "/runner" }
    private var exitFile: String { path + "/exit" }

    // MARK: The runner

    struct RunnerRecord: Equatable {
        let pid: Int32
        let ticks: UInt64
        let boot: String
        var startedMs: Int64?
    }

    /// Takes the folder. false when somebody else has it.
    func claim(_ record: RunnerRecord) -> Bool {
        let mine = "\(runnerFile).\(getpid())"
        guard Files.write("\(record.pid) \(record.ticks) \(record.boot)\n", to: mine) else { return false }
        defer { unlink(mine) }
        return link(mine, runnerFile) == 0
    }

    /// Takes the folder from whoever might still begin with it: after `true` nobody will.
    public func giveUp() -> Bool { claim(RunnerRecord(pid: 0, ticks: 0, boot: "-")) }

    func note(startedMs: Int64) { _ = Files.append("started \(startedMs)\n", to: runnerFile) }

    var runner: RunnerRecord? {
        guard let lines = Files.read(runnerFile)?.split(separator: "\n"), let first = lines.first else { return nil }
        let fields = first.split(separator: " ")
        guard fields.count == 3, let pid = Int32(fields[0]), let ticks = UInt64(fields[1]) else { return nil }
        let started = lines.dropFirst().first.flatMap { Int64($0.dropFirst("started ".count)) }
        return RunnerRecord(pid: pid, ticks: ticks, boot: String(fields[2]), startedMs: started)
    }

    /// When the program began, real epoch milliseconds; nil before.
    public var startedMs: Int64? { runner?.startedMs }

    // MARK: The end

    /// - Parameter durably: on the disk, not only in the kernel, when this returns.
    func write(_ exit: JobExit, durably: Bool) -> Bool {
        let new = exitFile + ".new"
        guard Files.write(exit.line + "\n", to: new, durably: durably), rename(new, exitFile) == 0 else { return false }
        if durably { Files.synchronize(path) }
        return true
    }

    /// nil as long as there is none.
    public var exit: JobExit? { Files.read(exitFile).flatMap(JobExit.init(line:)) }
}

/// How a job's program ended, as its runner saw it. Times are real epoch milliseconds.
public struct JobExit: Sendable, Equatable {
    public enum Ending: Sendable, Equatable {
        case exited(code: Int32)
        case signaled(Int32)
        /// Killed for using more memory than it may.
        case memoryExceeded
        /// There was no program to run.
        case cannotStart(String)
    }
    public let ending: Ending
    public let startedMs: Int64
    public let stoppedMs: Int64

    public init(_ ending: Ending, startedMs: Int64, stoppedMs: Int64) {
        self.ending = ending
        self.startedMs = startedMs
        self.stoppedMs = stoppedMs
    }

    var line: String {
        let times = "\(startedMs) \(stoppedMs)"
        return switch ending {
        case .exited(let code): "\(times) code \(code)"
        case .signaled(let number): "\(times) signal \(number)"
        case .memoryExceeded: "\(times) memory -"
        case .cannotStart(let detail): "\(times) cannot \(detail)"
        }
    }

    init?(line: String) {
        guard line.hasSuffix("\n") else { return nil }
        let fields = line.dropLast().split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4, let started = Int64(fields[0]), let stopped = Int64(fields[1]) else { return nil }
        switch (fields[2], Int32(fields[3])) {
        case ("code", .some(let code)): ending = .exited(code: code)
        case ("signal", .some(let number)): ending = .signaled(number)
        case ("memory", _): ending = .memoryExceeded
        case ("cannot", _): ending = .cannotStart(String(fields[3]))
        default: return nil
        }
        startedMs = started
        stoppedMs = stopped
    }
}
