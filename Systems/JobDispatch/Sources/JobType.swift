/// The engines that a row may name.
enum JobType: String, CaseIterable {
    case matillionQueue = "MatillionQueue"
    case lambda = "Lambda"
    case stepFunctions = "StepFunctions"
    case batch = "Batch"
    case glue = "Glue"
    case emr = "EMR"
    case ecs = "ECS"
    case sqs = "SQS"
    case sns = "SNS"
    case eventBridge = "EventBridge"
    case http = "HTTP"

    init(named name: String) throws(Rejection) {
        // Both names are in use for the same thing.
        if name == "MatillionJob" {
            self = .matillionQueue
        } else if let type = JobType(rawValue: name) {
            self = type
        } else {
            throw Rejection("Job type '\(name)' not supported")
        }
    }
}
