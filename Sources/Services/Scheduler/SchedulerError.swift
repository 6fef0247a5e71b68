import AWSWire

/// The errors of Scheduler, each with its code, status and message in one place.
///
/// Source: the API's model for codes and status; messages are those that AWS answers, unless marked `Assumed:`.
enum SchedulerError {
    static func validation(_ message: String) -> AWSError { AWSError("ValidationException", message) }

    static func noSchedule(_ name: String) -> AWSError {
        AWSError("ResourceNotFoundException", "Schedule \(name) does not exist.", status: 404)
    }

    static func noGroup(_ name: String) -> AWSError {
        AWSError("ResourceNotFoundException", "Schedule group \(name) does not exist.", status: 404)
    }

    static func scheduleExists(_ name: String) -> AWSError {
        AWSError("ConflictException", "Schedule \(name) already exists.", status: 409)
    }

    static func groupExists(_ name: String) -> AWSError {
        AWSError("ConflictException", "Schedule group \(name) already exists.", status: 409)
    }

    /// Assumed: the text.
    static let nextToken = validation("Invalid NextToken.")
    /// Assumed: the text.
    static let defaultGroup = validation("The default schedule group cannot be deleted.")
}
