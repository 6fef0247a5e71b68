import AWSWire
import BatonCore
import BatonStore
import JSON

/// The call that brings an event to a target.
struct TargetCall {
    private enum Kind {
        /// One operation of a service, in the account and region of the ARN.
        case operation(service: String, name: String, input: JSON, ARN)
        case logs(group: String, ARN)
        case bus(Write<Void>)
        case destination(name: String, ARN)
    }
    private let kind: Kind
    private let target: Target
    private let input: TargetInput

    /// The service behind an ARN as Baton calls it.
    static func service(of arn: ARN) -> String { arn.service == "states" ? "stepfunctions" : arn.service }

    /// - Throws: what is wrong with the target for good.
    init(
        _ target: Target, _ input: TargetInput, _ event: Event, _ buses: Buses, _ context: Context
    ) throws(AWSError) {
        guard let arn = ARN(target.arn) else { throw EventsError.validation("\(target.arn) is no ARN") }
        (self.target, self.input) = (target, input)
        switch arn.service {
        case "sqs", "sns", "lambda", "states", "batch", "ecs":
            let (name, members) = try TargetOperation(target, arn, input, context).call
            kind = .operation(service: Self.service(of: arn), name: name, input: members, arn)
        case "logs":
            let parts = arn.resource.split(separator: ":").map(String.init)
            guard parts.first == "log-group", parts.count >= 2 else {
                throw EventsError.validation("\(arn) is no log group")
            }
            kind = .logs(group: parts[1], arn)
        case "events" where arn.resource.hasPrefix("event-bus/"):
            let key = BusKey(target.arn, context)
            kind = .bus(Event(event.json, on: key, hops: event.hops).route(buses))
        case "events" where arn.resource.hasPrefix("api-destination/"):
            kind = .destination(name: APIDestination.name(of: arn) ?? "", arn)
        default:
            throw AWSError("UnknownService", "Baton cannot send events to \(arn.service) yet", status: 501)
        }
    }

    /// Does it, or returns the write that does it, to commit with the end of the delivery.
    func perform(_ context: Context) async throws(AWSError) -> Write<Void>? {
        switch kind {
        case .operation(let service, let name, let input, let arn):
            let there = context.of(arn)
            if let write = try there.enlisted(service, name, input) { return { _ = try write($0) } }
            _ = try await there.call(service, name, input)
            return nil
        case .bus(let write): return write
        case .logs(let group, let arn):
            try await log(group, context.of(arn))
            return nil
        case .destination(let name, let arn):
            try await APIDestination.send(input, to: name, target, context.of(arn))
            return nil
        }
    }

    /// Assumed: one stream for each target. An input of the form `{timestamp, message}` is taken apart, as AWS does.
    private func log(_ group: String, _ context: Context) async throws(AWSError) {
        let stream = input.digest(of: target)
        var (message, atMs) = (input.text, context.nowMs)
        if let given = input.json.object, given.count == 2, let text = given["message"]?.string,
            let time = given["timestamp"]
        {
            message = text
            atMs =
                time.int.map(Int64.init) ?? time.string.flatMap { Timestamp.parse($0) }.flatMap {
                    Timestamp.milliseconds($0)
                } ?? atMs
        }
        let events: JSON = [["timestamp": .number(JSON.Number(atMs)), "message": .string(message)]]
        let put: JSON = ["logGroupName": .string(group), "logStreamName": .string(stream), "logEvents": events]
        do {
            _ = try await context.call("logs", "PutLogEvents", put)
        } catch {
            guard error.code == "ResourceNotFoundException" else { throw error }
            do {
                _ = try await context.call(
                    "logs", "CreateLogStream", ["logGroupName": .string(group), "logStreamName": .string(stream)])
            } catch  where error.code == "ResourceAlreadyExistsException" {}
            _ = try await context.call("logs", "PutLogEvents", put)
        }
    }
}
