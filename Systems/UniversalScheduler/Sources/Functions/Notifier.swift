import AWSClient
import JSON
import LambdaRuntime

/// `BatchSchedulerSendSNS`: tells the schedule's topic, where it names one, how the run has ended.
struct Notifier: Sendable {
    let aws: AWSClient

    @Sendable func handle(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        let schedule = Schedule(event)
        guard let topic = schedule[.topic] else { return event }
        let text = RunReport(schedule)
        let message: JSON = [
            "default": .string(text.body), "sms": .string(text.subject), "email": .string(text.body),
        ]
        _ = try await aws.call(
            "sns", "Publish",
            [
                "TargetArn": .string(topic), "Subject": .string(text.subject), "MessageStructure": "json",
                "Message": .string(message.text()),
            ])
        return event
    }
}

/// What people read about a run.
struct RunReport: Equatable {
    let subject: String
    let body: String

    /// Of an SNS subject, characters.
    private static let maxSubject = 100

    init(_ schedule: Schedule) {
        let status = schedule.status?.rawValue ?? ""
        let started = schedule[.started] ?? ""
        subject = String("Batch schedule: \(schedule.id) \(status)".prefix(Self.maxSubject))
        var lines = [
            "Batch schedule \(schedule.id) (\(schedule.name)), started \(started), status \(status)."
        ]
        if let message = schedule[.message] { lines.append(message) }
        if schedule.status == .failed {
            lines += schedule.jobs.filter { $0.status?.isFailure == true }.map { job in
                "Failed job: \(job.name)" + (job.message.map { " (\($0))" } ?? "")
            }
            let restart: JSON = [
                "scheduleId": .string(schedule.id), "startDateTime": .string(started), "scheduleStatus": "RESTART",
            ]
            lines.append(
                """
                To restart it, start an execution with \(restart.text()): jobs that have succeeded are not repeated. \
                To skip a job, set its jobStatus to PASS in the history row first.
                """)
        }
        body = lines.joined(separator: "\n")
    }
}
