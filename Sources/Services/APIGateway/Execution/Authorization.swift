import AWSWire
import BatonCore
import BatonStore
import JSON
import Synchronization

/// Asks an authorizer, a function of the user, whether a request may pass. Source: developer guide, Lambda authorizers.
struct Authorization {
    let authorizer: JSON
    let live: LiveApis
    let context: Context

    struct Verdict: Sendable {
        /// `principalId` and what the function has added, as texts.
        let context: JSON
        let policy: JSON
        /// Of an API whose keys come from its authorizers.
        let key: String?
    }

    func ask(_ call: RestCall) async throws(Refusal) -> Verdict {
        let identity = try identity(call)
        let ttlMs = Int64(authorizer["authorizerResultTtlInSeconds"]?.int ?? 300) * 1000
        let place = "\(call.api.id)/\(call.stage)/\(authorizer["id"]?.string ?? "")"
        let key = identity.isEmpty || ttlMs == 0 ? nil : "\(place)/\(identity.joined(separator: "\u{0}"))"
        var verdict = key.flatMap { live.verdicts.find($0, nowMs: call.nowMs) }
        if verdict == nil {
            verdict = try read(try await answer(call))
            if let key, let verdict { live.verdicts.keep(verdict, key, untilMs: call.nowMs + ttlMs) }
        }
        guard let verdict else { throw Refusal(type: .authorizerConfigurationError) }
        try Self.enforce(verdict.policy, call.methodArn)
        return verdict
    }

    /// The values of the identity sources: all must be there.
    private func identity(_ call: RestCall) throws(Refusal) -> [String] {
        let mapping = ParameterMapping(call: call, context: call.context)
        var values: [String] = []
        for source in (authorizer["identitySource"]?.string ?? "").split(separator: ",") {
            let source = source.filter { $0 != " " }
            let value = mapping.value(source).map(ParameterMapping.text) ?? ""
            guard !value.isEmpty else { throw .unauthorized }
            values.append(value)
        }
        if authorizer["type"]?.string == "TOKEN", let pattern = authorizer["identityValidationExpression"]?.string,
            !pattern.isEmpty
        {
            guard let token = values.first, SelectionPattern.matches(token, pattern) else { throw .unauthorized }
        }
        return values
    }

    private func event(_ call: RestCall) -> JSON {
        if authorizer["type"]?.string == "TOKEN" {
            let source = authorizer["identitySource"]?.string ?? "method.request.header.Authorization"
            let token = ParameterMapping(call: call, context: [:]).value(source)
            return ["type": "TOKEN", "methodArn": .string(call.methodArn), "authorizationToken": token ?? ""]
        }
        var event = ProxyEvent.make(call)
        for member in ["body", "isBase64Encoded"] { event[member] = nil }
        event["type"] = "REQUEST"
        event["methodArn"] = .string(call.methodArn)
        return event
    }

    private func answer(_ call: RestCall) async throws(Refusal) -> JSON {
        let uri = call.expanded(
            authorizer["authorizerUri"]?.string ?? "", MappedRequest(body: [], context: [:]))
        guard let function = ServiceTarget(uri)?.function else { throw Refusal(type: .authorizerConfigurationError) }
        let output: JSON
        do throws(Refusal) {
            output = try await FunctionIntegration.invoke(function, event(call).serialized(), context)
        } catch {
            throw Refusal(type: .authorizerFailure, details: error.details)
        }
        let payload = (try? JSON.parse(output["Payload"]?.bytes ?? [])) ?? .null
        guard output["FunctionError"] == nil else {
            if payload["errorMessage"]?.string == "Unauthorized" { throw Refusal.unauthorized }
            throw Refusal(type: .authorizerFailure, details: payload.text())
        }
        return payload
    }

    /// Without a principal and a policy it is no answer; values of the context are texts, numbers and booleans.
    private func read(_ answer: JSON) throws(Refusal) -> Verdict {
        guard let principal = answer["principalId"], !principal.isNull,
            let policy = answer["policyDocument"], policy["Statement"] != nil
        else { throw Refusal(type: .authorizerConfigurationError, details: answer.text()) }
        var context: JSON = ["principalId": .string(ParameterMapping.text(principal)), "integrationLatency": 0]
        for (name, value) in answer["context"]?.object ?? [:] {
            guard value.object == nil, value.array == nil else {
                throw Refusal(type: .authorizerConfigurationError, details: "context.\(name) is no text")
            }
            context[name] = .string(ParameterMapping.text(value))
        }
        return Verdict(context: context, policy: policy, key: answer["usageIdentifierKey"]?.string)
    }

    // MARK: Policies

    static func enforce(_ policy: JSON, _ arn: String) throws(Refusal) {
        let statements = policy["Statement"]?.array ?? [policy["Statement"] ?? [:]]
        var isAllowed = false
        for statement in statements {
            let actions = texts(statement["Action"]).map { $0.lowercased() }
            guard actions.contains(where: { isLike("execute-api:invoke", $0) }),
                texts(statement["Resource"]).contains(where: { isLike(arn, $0) })
            else { continue }
            if statement["Effect"]?.string == "Deny" {
                throw Refusal(
                    type: .accessDenied,
                    message: "User is not authorized to access this resource with an explicit deny")
            }
            if statement["Effect"]?.string == "Allow" { isAllowed = true }
        }
        guard isAllowed else {
            throw Refusal(type: .accessDenied, message: "User is not authorized to access this resource")
        }
    }

    private static func texts(_ value: JSON?) -> [String] {
        (value?.array ?? value.map { [$0] } ?? []).compactMap(\.string)
    }

    /// `*` stands for any text, `?` for one character. Takes time proportional to both lengths at most.
    static func isLike(_ text: String, _ pattern: String) -> Bool {
        let (text, pattern) = (Array(text.utf8), Array(pattern.utf8))
        var (at, place) = (0, 0)
        var star: (place: Int, at: Int)?
        while at < text.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == UInt8(ascii: "?") || pattern[place] == text[at] {
                place += 1
                at += 1
            } else if let last = star {
                star = (last.place, last.at + 1)
                (place, at) = (last.place + 1, last.at + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

/// What authorizers have said, for as long as it holds.
final class Verdicts: Sendable {
    private static let limit = 10_000
    private let state = Mutex<[String: (verdict: Authorization.Verdict, untilMs: Int64)]>([:])

    func find(_ key: String, nowMs: Int64) -> Authorization.Verdict? {
        state.withLock { state in
            guard let found = state[key], found.untilMs > nowMs else { return nil }
            return found.verdict
        }
    }

    func keep(_ verdict: Authorization.Verdict, _ key: String, untilMs: Int64) {
        state.withLock { state in
            if state.count >= Self.limit { state = [:] }
            state[key] = (verdict, untilMs)
        }
    }

    func forget(api: String) { state.withLock { $0 = $0.filter { !$0.key.hasPrefix("\(api)/") } } }
}
