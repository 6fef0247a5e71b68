/// Limits of AWS Batch and of Baton's own. Source: AWS Batch User Guide, "Service quotas", and the API reference.
enum Limits {
    static let dependencies = 20
    static let arraySize = 2...10_000
    static let attempts = 1...10
    static let evaluations = 5
    static let describedJobs = 100
    static let environmentsInQueue = 3
    /// The least time-out of an attempt, s.
    static let timeoutSeconds = 60
    /// How long a job that has ended is remembered, ms.
    static let historyMs: Int64 = 7 * 86_400_000
    /// How often what is older is removed, ms.
    static let tidyMs: Int64 = 3_600_000
    /// How long a container may take to end after SIGTERM, ms.
    static let graceMs = 30_000
    /// What is kept of a container's output, bytes. AWS keeps all; here the disk is somebody's own.
    static let outputBytes = 64 << 20
    /// Jobs that are taken from the queues in one go.
    static let picks = 64
}
