import AWSClient
import AWSWire
import ArgumentParser
import BatonStore
import JSON

/// `baton schedule`: the universal scheduler's schedules and runs.
struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Run, watch, restart, skip and cancel schedules of jobs.",
        discussion: """
            Works on a deployed universal scheduler (Systems/UniversalScheduler).

              baton schedule list
              baton schedule run daily-pm-load
              baton schedule skip daily-pm-load job3
              baton schedule restart daily-pm-load
            """,
        subcommands: [
            RunSchedule.self, RestartSchedule.self, SkipJob.self, CancelRun.self, ListSchedules.self, ShowRun.self,
        ])
}

struct ScheduleArgument: ParsableArguments {
    @Argument(help: "The schedule's id.")
    var schedule: String
}

struct RunOption: ParsableArguments {
    @Option(name: .customLong("run"), help: "The run's startDateTime (default: the latest run).")
    var started: String?
}

struct RunSchedule: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start a schedule and follow its jobs.",
        discussion: "Exit status 0 when all jobs succeeded, else 1. Ctrl-C ends the following only.")

    @OptionGroup var argument: ScheduleArgument
    @OptionGroup var options: ScheduleOptions

    func run() async throws {
        let system = try await options.system()
        let execution = try await system.start(argument.schedule)
        try await ScheduleFollower(system: system, options: options).follow(argument.schedule, execution)
    }
}

struct RestartSchedule: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Repeat what failed in a run, and follow it.",
        discussion: "Jobs that have succeeded or were skipped are not repeated; jobs that still run go on.")

    @OptionGroup var argument: ScheduleArgument
    @OptionGroup var run: RunOption
    @OptionGroup var options: ScheduleOptions

    func run() async throws {
        let system = try await options.system()
        let earlier = try await system.run(of: argument.schedule, started: run.started)
        let execution = try await system.start(argument.schedule, started: earlier.started, status: "RESTART")
        try await ScheduleFollower(system: system, options: options).follow(argument.schedule, execution)
    }
}

struct SkipJob: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip", abstract: "Mark a job of a run as done, for the next restart.")

    @OptionGroup var argument: ScheduleArgument
    @Argument(help: "The job's name.") var job: String
    @OptionGroup var run: RunOption
    @OptionGroup var options: ScheduleOptions

    func run() async throws {
        let system = try await options.system()
        let row = try await system.run(of: argument.schedule, started: run.started)
        guard let place = row.jobs.firstIndex(where: { $0.name == job }) else {
            throw Failure("The run has no job \(job); it has \(row.jobs.map(\.name).joined(separator: ", ")).")
        }
        guard row.isOver else {
            throw Failure(
                "The run of \(row.started) is not over: what it writes next would undo the mark. Cancel it first.")
        }
        try await system.update(row, [("jobList[\(place)].jobStatus", "PASS")])
        print(options.json ? #"{"job":"\#(job)","jobStatus":"PASS"}"# : "\(job) counts as done in the next restart.")
    }
}

struct CancelRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End a run and its jobs.",
        discussion: "The run can be restarted: jobs that had succeeded are not repeated.")

    @OptionGroup var argument: ScheduleArgument
    @OptionGroup var run: RunOption
    @OptionGroup var options: ScheduleOptions

    func run() async throws {
        let system = try await options.system()
        let row = try await system.run(of: argument.schedule, started: run.started)
        guard !row.isOver else { throw Failure("The run of \(row.started) is over: \(row.status).") }
        try await system.cancel(system.refreshed(row))
        print(
            options.json
                ? #"{"startDateTime":"\#(row.started)","cancelled":true}"# : "Cancelled the run of \(row.started).")
    }
}

struct ListSchedules: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the schedules, or the runs of one.")

    @Argument(help: "A schedule's id: list its runs.") var schedule: String?
    @OptionGroup var options: ScheduleOptions

    func run() async throws {
        let system = try await options.system()
        let rows = if let schedule { try await system.runs(of: schedule) } else { try await system.schedules() }
        if options.json { return print(JSON.array(rows.map(\.document)).text()) }
        for row in rows.sorted(by: { schedule == nil ? $0.scheduleId < $1.scheduleId : $0.started > $1.started }) {
            if schedule == nil {
                print("\(row.scheduleId)  \(row.jobs.count) jobs  \(row.document["scheduleName"]?.string ?? "")")
            } else {
                let done = row.jobs.count(where: \.isDone)
                print("\(row.started)  \(row.status)  \(done)/\(row.jobs.count) jobs done  \(row.message ?? "")")
            }
        }
    }
}

struct ShowRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a run's jobs.")

    @OptionGroup var argument: ScheduleArgument
    @OptionGroup var run: RunOption
    @OptionGroup var options: ScheduleOptions

    func run() async throws {
        let system = try await options.system()
        let row = try await system.refreshed(system.run(of: argument.schedule, started: run.started))
        if options.json { return print(row.document.text()) }
        print("\(row.scheduleId)  started \(row.started)  \(row.status)  \(row.message ?? "")")
        for line in JobTree(isColoured: false).lines(row, nowMs: RealClock().nowMs) { print(line) }
    }
}

/// Follows a run to its end, drawing its jobs.
struct ScheduleFollower {
    let system: ScheduleSystem
    let options: ScheduleOptions
    private let terminal = Terminal()
    private let clock = RealClock()
    private static let pollMs: Int64 = 200

    init(system: ScheduleSystem, options: ScheduleOptions) {
        self.system = system
        self.options = options
    }

    func follow(_ schedule: String, _ execution: String) async throws {
        var last: ScheduleRun?
        var description: JSON
        repeat {
            await clock.wait(untilMs: clock.nowMs + Self.pollMs)
            description = try await system.client.call(
                "stepfunctions", "DescribeExecution", ["executionArn": .string(execution)])
            if let row = try await system.runs(of: schedule).first(where: { $0.executionArn == execution }) {
                let row = try await system.refreshed(row)
                terminal.show(
                    JobTree(isColoured: terminal.isColoured).lines(row, nowMs: clock.nowMs), changes: changes(row, last)
                )
                last = row
            }
        } while description["status"]?.string == "RUNNING"
        if let last, options.json { print(last.document.text()) }
        guard description["status"]?.string == "SUCCEEDED" else {
            let cause = last?.message ?? description["cause"]?.string ?? "?"
            terminal.say("\(schedule) \(description["status"]?.string ?? "?"): \(cause)")
            throw ExitCode.failure
        }
        terminal.say("\(schedule) SUCCEEDED, run \(last?.started ?? "")")
    }

    /// Lines for the jobs whose status is another than before, where nothing can be drawn over.
    private func changes(_ row: ScheduleRun, _ last: ScheduleRun?) -> [String] {
        let before = Dictionary((last?.jobs ?? []).map { ($0.name, $0.status) }) { first, _ in first }
        return row.jobs.filter { before[$0.name] != $0.status }.map {
            JobTree(isColoured: false).line($0, clock.nowMs)
        }
    }
}
