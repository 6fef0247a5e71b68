/// What to start and within which bounds.
public struct ProcessSpecification: Sendable {
    /// Absolute path.
    public var executable: String
    public var arguments: [String]
    /// The whole environment: nothing is inherited from Baton.
    public var environment: [String: String]
    public var folder: String
    public var limits: ProcessLimits
    /// The owner's mark. Each family carries `<mark>/<its own number>` in its environment as `BATON_PROCESS_MARK`, by
    /// which members are found that left their session. Without NUL.
    public var mark: String

    public init(
        executable: String, arguments: [String] = [], environment: [String: String] = [:], folder: String,
        limits: ProcessLimits = ProcessLimits(), mark: String
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.limits = limits
        self.mark = mark
    }

    static let markVariable = "BATON_PROCESS_MARK"
}

/// Bounds of one family of processes.
///
/// Memory is watched, not walled in: `RLIMIT_AS` counts what Node.js and Go only reserve and `RLIMIT_DATA` counts the
/// stacks of their threads, so a tight value of either breaks them. ``LimitWatch`` sums what the family really holds and
/// kills it when that is too much; `RLIMIT_DATA`, with ``slackBytes`` on top, stops whoever allocates faster than it looks.
public struct ProcessLimits: Sendable {
    /// Private memory of all processes together, bytes.
    public var memoryBytes: Int?
    /// Processes and threads of the family together. `RLIMIT_NPROC` would count all of the user's and spare root.
    public var threads: Int
    public var openFiles: Int
    /// The largest file that may be written, bytes.
    public var fileBytes: Int?
    /// Processor time of each process, seconds.
    public var cpuSeconds: Int?

    static let slackBytes = 1 << 30

    public init(
        memoryBytes: Int? = nil, threads: Int = 1024, openFiles: Int = 1024, fileBytes: Int? = nil,
        cpuSeconds: Int? = nil
    ) {
        self.memoryBytes = memoryBytes
        self.threads = threads
        self.openFiles = openFiles
        self.fileBytes = fileBytes
        self.cpuSeconds = cpuSeconds
    }
}

/// How a process ended.
public enum ProcessExit: Sendable, Equatable {
    case exited(code: Int32)
    case signaled(Int32)
    /// Killed by Baton for going beyond a bound.
    case memoryExceeded
    case threadsExceeded
}

public enum ProcessError: Error, Sendable, CustomStringConvertible {
    case cannotStart(executable: String, detail: String)

    public var description: String {
        switch self {
        case .cannotStart(let executable, let detail): "\(executable) cannot be started: \(detail)"
        }
    }
}
