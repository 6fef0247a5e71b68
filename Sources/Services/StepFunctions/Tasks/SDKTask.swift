import AWSModel
import BatonCore
import StatesLanguage

/// `aws-sdk:<service>:<operation>`: any operation of any service of this Baton.
struct SDKTask {
    let call: TaskCall
    let context: Context

    func work() -> TaskWork {
        let name = call.resource.sdkService ?? ""
        let waits = call.resource.pattern == .waitForTaskToken
        guard let service = SDKServices.named(name) else {
            return .answered(.unavailable(name, isSubmission: waits))
        }
        let operation = JavaName.capitalized(call.resource.action)
        let api = APICall(sdk: service.id, operation, isSubmission: waits)
        return api.work(call, context) { output, _ in
            waits ? .submitted(output, then: .token) : .succeeded(output)
        }
    }
}
