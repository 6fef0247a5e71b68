import BatonCore
import JSON

/// The delivery policy of a topic, and that of a subscription to an HTTP endpoint, which overrides it.
struct DeliveryPolicy: Equatable, Sendable {
    static let defaultContentType = "text/plain; charset=UTF-8"

    var retries = RetryPolicy()
    var contentType = Self.defaultContentType
    var throttle: JSON = .null
    var disablesOverrides = false

    /// AWS's defaults.
    init() {}

    /// The policy in force: the topic's over AWS's defaults.
    init(topic text: String?) throws(PatternError) {
        guard let text, !text.isEmpty else { return }
        guard let http = try Self.parse(text)["http"], !http.isNull else { return }
        try Self.checkMembers(
            http,
            [
                "defaultHealthyRetryPolicy", "disableSubscriptionOverrides", "defaultThrottlePolicy",
                "defaultRequestPolicy", "defaultSicklyRetryPolicy",
            ], "http")
        retries = try retries.merged(with: http["defaultHealthyRetryPolicy"], name: "http.defaultHealthyRetryPolicy")
        disablesOverrides = http["disableSubscriptionOverrides"]?.bool ?? false
        throttle = http["defaultThrottlePolicy"] ?? .null
        contentType = http["defaultRequestPolicy"]?["headerContentType"]?.string ?? contentType
    }

    /// The policy in force for a subscription of the topic.
    func overridden(by text: String?) throws(PatternError) -> DeliveryPolicy {
        guard let text, !text.isEmpty else { return self }
        let json = try Self.parse(text)
        try Self.checkMembers(
            json, ["healthyRetryPolicy", "sicklyRetryPolicy", "throttlePolicy", "requestPolicy", "guaranteed"], "")
        var policy = self
        policy.retries = try RetryPolicy().merged(with: json["healthyRetryPolicy"], name: "healthyRetryPolicy")
        if json["healthyRetryPolicy"]?.isNull ?? true { policy.retries = retries }
        if let throttle = json["throttlePolicy"], !throttle.isNull { policy.throttle = throttle }
        policy.contentType = json["requestPolicy"]?["headerContentType"]?.string ?? contentType
        return disablesOverrides ? self : policy
    }

    private static func parse(_ text: String) throws(PatternError) -> JSON {
        do {
            return try JSON.parse(text)
        } catch {
            throw PatternError(error, in: text)
        }
    }

    private static func checkMembers(_ json: JSON, _ known: Set<String>, _ name: String) throws(PatternError) {
        guard case .object(let object) = json else { throw PatternError("\(name) must be an object") }
        if let unknown = object.keys.first(where: { !known.contains($0) }) {
            throw PatternError("Unrecognized field \"\(unknown)\"")
        }
    }

    // MARK: As AWS answers them

    /// What is stored and answered of a topic's policy: what was given, without nulls; nil when nothing was.
    static func normalized(topic text: String) throws(PatternError) -> String? {
        _ = try DeliveryPolicy(topic: text)
        guard case .object(let http) = try parse(text)["http"] else { return nil }
        var given = JSON.Object()
        for key in [
            "defaultHealthyRetryPolicy", "disableSubscriptionOverrides", "defaultThrottlePolicy",
            "defaultRequestPolicy",
        ] {
            if let value = http[key], !value.isNull { given[key] = value }
            if key == "disableSubscriptionOverrides", given[key] == nil { given[key] = false }
        }
        return JSON.object(["http": .object(given)]).text()
    }

    /// What is stored and answered of a subscription's policy: all members, with null for those not given.
    static func normalized(subscription text: String) throws(PatternError) -> String {
        _ = try DeliveryPolicy().overridden(by: text)
        let json = try parse(text)
        var given = JSON.Object()
        for key in ["healthyRetryPolicy", "sicklyRetryPolicy", "throttlePolicy", "requestPolicy"] {
            given[key] = json[key] ?? .null
        }
        given["guaranteed"] = json["guaranteed"] ?? false
        return JSON.object(given).text()
    }

    /// `EffectiveDeliveryPolicy` of a topic.
    var effectiveOfTopic: String {
        var http: JSON.Object = [
            "defaultHealthyRetryPolicy": retries.json, "disableSubscriptionOverrides": .bool(disablesOverrides),
        ]
        if !throttle.isNull { http["defaultThrottlePolicy"] = throttle }
        http["defaultRequestPolicy"] = ["headerContentType": .string(contentType)]
        return JSON.object(["http": .object(http)]).text()
    }

    /// `EffectiveDeliveryPolicy` of a subscription.
    var effectiveOfSubscription: String {
        JSON.object([
            "healthyRetryPolicy": retries.json, "sicklyRetryPolicy": nil, "throttlePolicy": throttle,
            "requestPolicy": ["headerContentType": .string(contentType)], "guaranteed": false,
        ]).text()
    }
}
