import AWSWire
import BatonCore
import BatonStore
import JSON

/// Hands the oldest task of an activity to a worker; waits up to 60 seconds for one. Without any the answer is empty.
/// Errors: InvalidArn, ActivityDoesNotExist. Source: Step Functions API reference, GetActivityTask.
enum GetActivityTask: Operation {
    struct Input: Decodable, Sendable {
        let activityArn: String
        let workerName: String?
    }
    struct Output: Encodable, Sendable {
        let taskToken: String?
        let input: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        guard try context.read({ db in try Activity.find(input.activityArn, db) }) != nil else {
            throw StepFunctionsError.activityDoesNotExist(input.activityArn)
        }
        do {
            let engine = context.service(StepFunctions.self).engine
            let task = try await engine.takeActivityTask(input.activityArn, worker: input.workerName, context)
            return Output(taskToken: task?.token, input: task?.input)
        } catch {
            throw context.host.awsError(of: error)
        }
    }
}
