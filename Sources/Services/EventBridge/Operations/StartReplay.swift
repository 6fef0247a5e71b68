import AWSWire
import BatonCore
import BatonStore
import JSON

/// Sends the events of an archive again. Errors: ResourceNotFoundException, ResourceAlreadyExistsException,
/// ValidationException. Source: API reference, StartReplay.
enum StartReplay: WriteOperation {
    struct Input: Decodable, Sendable {
        let replayName: String
        let description: String?
        let eventSourceArn: String
        let eventStartTime: JSON
        let eventEndTime: JSON
        let destination: JSON
    }

    typealias Output = JSON

    private static func milliseconds(_ time: JSON) -> Int64 {
        guard case .number(let number) = time else { return 0 }
        return Timestamp.milliseconds(number) ?? 0
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let replay = Replay(
            account: context.account, region: context.region, name: input.replayName, description: input.description,
            eventSourceArn: input.eventSourceArn, destination: input.destination,
            fromMs: milliseconds(input.eventStartTime), toMs: milliseconds(input.eventEndTime),
            startedMs: context.nowMs)
        guard replay.fromMs < replay.toMs else {
            throw EventsError.validation(
                "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.")
        }
        return { transaction in
            guard try Replay.find(replay.name, context, transaction.db) == nil else {
                throw EventsError.exists("Replay \(replay.name) already exists.")
            }
            let name = ARN(input.eventSourceArn).map { String($0.resource.dropFirst("archive/".count)) } ?? ""
            guard let archive = try Archive.find(name, context, transaction.db) else {
                throw EventsError.validation(
                    "Parameter EventSourceArn is not valid. Reason: Archive \(name) does not exist.")
            }
            guard archive.eventSourceArn == input.destination["Arn"]?.string else {
                throw EventsError.validation(
                    "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.")
            }
            try replay.save(transaction)
            try replay.schedule(transaction)
            return [
                "ReplayArn": .string(replay.arn), "State": "STARTING", "ReplayStartTime": .time(replay.startedMs),
            ]
        }
    }
}
