import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging

/// The deliveries that a publication makes, prepared outside of the transaction that commits them.
///
/// A message for a queue of this Baton is sent in the transaction of the publish itself. Everything else becomes a due
/// row of kind ``DueDelivery/kind`` in that transaction.
struct FanOut: Sendable {
    /// How one subscriber gets the message.
    private enum Route: Sendable {
        /// In the transaction. `deadLetter` takes what the receiver refuses.
        case direct(Write<Enlisted>, deadLetter: Write<Enlisted>?, later: @Sendable () -> String)
        /// The receiver has refused it already.
        case refused(deadLetter: Write<Enlisted>?, AWSError)
        case later(String)
    }

    private let routes: [Route]
    private let account: String
    private let region: String
    private let logger: Logger

    /// - Parameter isCareful: whether ``commitCarefully(_:)`` will be used, which needs dead letters at hand.
    init(_ publication: Publication, _ entry: Topics.Entry, isCareful: Bool, _ context: Context) {
        account = entry.topic.account
        region = entry.topic.region
        logger = context.logger
        let envelope = Envelope(endpoint: context.host.endpoint)
        var body: JSON??
        routes = entry.subscriptions.compactMap { subscription in
            guard subscription.isConfirmed, Self.wants(subscription, publication, &body) else { return nil }
            return Self.route(
                QueueMessage(publication: publication, subscription: subscription, envelope: envelope),
                isCareful: isCareful, context)
        }
    }

    /// The body is parsed only when a subscription looks at it, and once when all protocols get the same text.
    ///
    /// Assumed: with a text for each protocol, it is that of the subscriber which is filtered.
    private static func wants(_ subscription: Subscription, _ publication: Publication, _ body: inout JSON??) -> Bool {
        guard let filter = subscription.filter else { return true }
        guard filter.scope == .messageBody else { return filter.matches(attributes: publication.attributes) }
        if body == nil || publication.texts != nil {
            body = .some(try? JSON.parse(publication.text(for: subscription.transport)))
        }
        return filter.matches(body: body ?? nil)
    }

    private static func route(_ message: QueueMessage, isCareful: Bool, _ context: Context) -> Route? {
        let subscription = message.subscription
        let later: @Sendable () -> String = {
            [publication = message.publication] in
            DueDelivery.Task(subscriptionArn: subscription.arn, publication: publication, handshake: nil).payload
        }
        do {
            switch subscription.transport {
            case "sqs":
                guard let queue = subscription.target, let write = try message.write(to: queue, context) else {
                    return .later(later())
                }
                return .direct(write, deadLetter: isCareful ? deadLetter(message, context) : nil, later: later)
            case "lambda":
                guard let function = subscription.target else { return nil }
                let write = try FunctionCall.write(message, function, context)
                return write.map {
                    .direct($0, deadLetter: isCareful ? deadLetter(message, context) : nil, later: later)
                } ?? .later(later())
            case "http", "https": return .later(later())
            default: return nil
            }
        } catch {
            if error.isTransient { return .later(later()) }
            return .refused(deadLetter: deadLetter(message, context), error)
        }
    }

    private static func deadLetter(_ message: QueueMessage, _ context: Context) -> Write<Enlisted>? {
        guard let queue = message.subscription.deadLetterQueue else { return nil }
        return (try? message.write(to: queue, context)) ?? nil
    }

    var count: Int { routes.count }
    var isEmpty: Bool { routes.isEmpty }

    /// All deliveries in the hope that none fails: the fast way. When it throws, the transaction must be rolled back
    /// and ``commitCarefully(_:)`` used instead.
    func commit(_ transaction: Transaction) throws {
        for route in routes {
            switch route {
            case .direct(let write, _, _): _ = try write(transaction)
            case .refused, .later: try settle(route, transaction)
            }
        }
    }

    /// Each delivery on its own: one that fails goes to its dead letter queue or becomes a due row.
    func commitCarefully(_ transaction: Transaction) throws {
        for route in routes { try settle(route, transaction) }
    }

    private func settle(_ route: Route, _ transaction: Transaction) throws {
        switch route {
        case .direct(let write, let deadLetter, let later):
            do {
                _ = try transaction.nested { try write($0) }
            } catch let error as AWSError {
                if error.isTransient {
                    try schedule(later(), transaction)
                } else {
                    try bury(deadLetter, error, transaction)
                }
            }
        case .refused(let deadLetter, let error): try bury(deadLetter, error, transaction)
        case .later(let payload): try schedule(payload, transaction)
        }
    }

    private func schedule(_ payload: String, _ transaction: Transaction) throws {
        try transaction.schedule(
            DueDelivery.kind, atMs: transaction.nowMs, account: account, region: region, payload: payload)
    }

    private func bury(_ deadLetter: Write<Enlisted>?, _ error: AWSError, _ transaction: Transaction) throws {
        logger.warning("a topic's subscriber refused a message", metadata: ["error": "\(error)"])
        guard let deadLetter else { return }
        do {
            _ = try transaction.nested { try deadLetter($0) }
        } catch let error as AWSError {
            logger.warning("a message is lost: its dead letter queue refused it", metadata: ["error": "\(error)"])
        }
    }
}
