import AWSWire
import BatonCore
import JSON

/// The attributes that callers may set on a subscription. Source: API reference, SetSubscriptionAttributes.
enum SubscriptionAttributes {
    private static let names: Set<String> = [
        "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy", "DeliveryPolicy",
        "SubscriptionRoleArn", "ReplayPolicy", "ReplayStatus",
    ]

    /// `attributes` with these changes.
    /// - Parameters:
    ///   - fifoQueue: whether the subscription leads from a FIFO topic to a FIFO queue.
    static func changed(
        _ attributes: [String: String], _ changes: [String: String], fifoQueue: Bool, isCreating: Bool
    ) throws(AWSError) -> [String: String] {
        var result = attributes
        // The scope decides how the policy is read.
        let order = changes.keys.sorted {
            ($0 == "FilterPolicyScope" ? 0 : 1, $0) < ($1 == "FilterPolicyScope" ? 0 : 1, $1)
        }
        for name in order {
            guard names.contains(name) else { throw SNSError.invalidParameter("AttributeName") }
            do {
                result[name] = try checked(name, changes[name] ?? "", result, fifoQueue: fifoQueue)
            } catch {
                let detail = error == .nested ? error.message : "\(name): \(error.message)"
                throw SNSError.invalidAttribute(detail, isCreating: isCreating)
            }
        }
        return result
    }

    /// The value to keep; nil removes the attribute.
    private static func checked(
        _ name: String, _ value: String, _ attributes: [String: String], fifoQueue: Bool
    ) throws(PatternError) -> String? {
        switch name {
        case "RawMessageDelivery":
            guard ["true", "false"].contains(value.lowercased()) else {
                throw PatternError("Invalid value [\(value)]. Must be true or false.")
            }
            return value.lowercased()
        case "FilterPolicyScope":
            guard let scope = FilterPolicy.Scope(rawValue: value) else {
                throw PatternError(
                    "Invalid value [\(value)]. Please use either MessageBody or MessageAttributes")
            }
            if let policy = attributes["FilterPolicy"] { _ = try FilterPolicy(policy, scope: scope) }
            return value
        case "FilterPolicy":
            guard !value.isEmpty, (try? JSON.parse(value)) != [:] else { return nil }
            let scope = attributes["FilterPolicyScope"].flatMap(FilterPolicy.Scope.init) ?? .messageAttributes
            _ = try FilterPolicy(value, scope: scope)
            return value
        case "RedrivePolicy":
            guard !value.isEmpty else { return nil }
            return try redrive(value, fifoQueue: fifoQueue)
        case "DeliveryPolicy":
            guard !value.isEmpty else { return nil }
            return try DeliveryPolicy.normalized(subscription: value)
        default: return value.isEmpty ? nil : value
        }
    }

    private static func redrive(_ value: String, fifoQueue: Bool) throws(PatternError) -> String? {
        let json: JSON
        do {
            json = try JSON.parse(value)
        } catch {
            throw PatternError(error, in: value)
        }
        guard json != [:] else { return nil }
        guard let arn = json["deadLetterTargetArn"]?.string.flatMap({ ARN($0) }), arn.service == "sqs" else {
            throw PatternError("deadLetterTargetArn is an invalid arn")
        }
        guard !fifoQueue || arn.resource.hasSuffix(".fifo") else {
            throw PatternError("must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.")
        }
        return value
    }

    /// Everything that `GetSubscriptionAttributes` answers.
    static func all(of subscription: Subscription, topic: Topic) -> JSON {
        var answer = JSON.Object()
        answer["SubscriptionPrincipal"] = .string("arn:aws:iam::\(subscription.account):root")
        answer["Owner"] = .string(subscription.account)
        answer["RawMessageDelivery"] = "false"
        answer["TopicArn"] = .string(topic.arn)
        answer["Endpoint"] = .string(subscription.endpoint)
        answer["Protocol"] = .string(subscription.transport)
        answer["PendingConfirmation"] = .string(subscription.isConfirmed ? "false" : "true")
        answer["ConfirmationWasAuthenticated"] = .string(subscription.isAuthenticated ? "true" : "false")
        answer["SubscriptionArn"] = .string(subscription.arn)
        for (name, value) in subscription.attributes.sorted(by: { $0.key < $1.key }) { answer[name] = .string(value) }
        // The scope shows only beside a policy.
        answer["FilterPolicyScope"] =
            subscription.attributes["FilterPolicy"] == nil ? nil : .string(subscription.scope.rawValue)
        if subscription.isHTTP,
            let policy = try? topic.deliveryPolicy?.overridden(by: subscription.attributes["DeliveryPolicy"])
        {
            answer["EffectiveDeliveryPolicy"] = .string(policy.effectiveOfSubscription)
        }
        return .object(answer)
    }
}
