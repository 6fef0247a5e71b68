import BatonCore
import JSON

/// How often and when a failed delivery is made again: without delay, then at the lowest delay, then with growing
/// delays, then at the highest.
///
/// Limits: 0–100 retries, delays of 1–3600 s. Source: SNS developer guide, message delivery retries.
struct RetryPolicy: Equatable, Sendable {
    enum Backoff: String, Sendable { case linear, arithmetic, geometric, exponential }

    var minDelayTarget = 20
    var maxDelayTarget = 20
    var numRetries = 3
    var numMaxDelayRetries = 0
    var numNoDelayRetries = 0
    var numMinDelayRetries = 0
    var backoffFunction = Backoff.linear

    /// Queues and functions: 100,015 retries over 23 days, not configurable.
    static let managed = RetryPolicy(
        minDelayTarget: 1, maxDelayTarget: 20, numRetries: 100_015, numMaxDelayRetries: 100_000,
        numNoDelayRetries: 3, numMinDelayRetries: 2, backoffFunction: .exponential)

    /// Seconds before the retry with this number (from 0); nil when there are no more.
    func delay(retry: Int) -> Double? {
        guard retry < numRetries else { return nil }
        guard retry >= numNoDelayRetries else { return 0 }
        let low = Double(minDelayTarget)
        guard retry >= numNoDelayRetries + numMinDelayRetries else { return low }
        let high = Double(maxDelayTarget)
        guard retry < numRetries - numMaxDelayRetries else { return high }
        let steps = numRetries - numMaxDelayRetries - numNoDelayRetries - numMinDelayRetries
        let step = retry - numNoDelayRetries - numMinDelayRetries
        guard steps > 1, high > low else { return low }
        return delay(at: Double(step) / Double(steps - 1), from: low, to: high)
    }

    /// Assumed: the curves; AWS shows them as a picture only.
    private func delay(at part: Double, from low: Double, to high: Double) -> Double {
        switch backoffFunction {
        case .linear: low + (high - low) * part
        case .arithmetic: low + (high - low) * part * (part + 1) / 2
        case .geometric: low + (high - low) * part * part
        case .exponential: low + (high - low) * part * part * part
        }
    }

    /// Takes what `json` names from it, the rest from `self`.
    ///
    /// Assumed: the wording of the errors.
    func merged(with json: JSON?, name: String) throws(PatternError) -> RetryPolicy {
        guard let json, !json.isNull else { return self }
        guard case .object(let object) = json else { throw PatternError("\(name) must be an object") }
        var policy = self
        for (key, value) in object.members where !value.isNull {
            try policy.set(key, value, name)
        }
        try policy.check(name)
        return policy
    }

    private mutating func set(_ key: String, _ value: JSON, _ name: String) throws(PatternError) {
        let numbers: [String: WritableKeyPath<RetryPolicy, Int>] = [
            "minDelayTarget": \.minDelayTarget, "maxDelayTarget": \.maxDelayTarget, "numRetries": \.numRetries,
            "numMaxDelayRetries": \.numMaxDelayRetries, "numNoDelayRetries": \.numNoDelayRetries,
            "numMinDelayRetries": \.numMinDelayRetries,
        ]
        if let path = numbers[key] {
            guard let number = value.int, number >= 0 else {
                throw PatternError("\(name).\(key) must be a non-negative integer")
            }
            self[keyPath: path] = number
        } else if key == "backoffFunction" {
            guard let function = value.string.flatMap(Backoff.init) else {
                throw PatternError("\(name).backoffFunction must be one of linear, arithmetic, geometric, exponential")
            }
            backoffFunction = function
        } else {
            throw PatternError("Unrecognized field \"\(key)\"")
        }
    }

    private func check(_ name: String) throws(PatternError) {
        guard numRetries <= 100 else { throw PatternError("\(name).numRetries must be less than or equal to 100") }
        guard minDelayTarget >= 1, maxDelayTarget <= 3600 else {
            throw PatternError("\(name).minDelayTarget and maxDelayTarget must be between 1 and 3600")
        }
        guard minDelayTarget <= maxDelayTarget else {
            throw PatternError("\(name).maxDelayTarget must be greater than or equal to minDelayTarget")
        }
        guard numNoDelayRetries + numMinDelayRetries + numMaxDelayRetries <= numRetries else {
            throw PatternError("\(name).numRetries must be greater than or equal to the sum of its phases")
        }
    }

    var json: JSON {
        [
            "minDelayTarget": .number(minDelayTarget), "maxDelayTarget": .number(maxDelayTarget),
            "numRetries": .number(numRetries), "numMaxDelayRetries": .number(numMaxDelayRetries),
            "numNoDelayRetries": .number(numNoDelayRetries), "numMinDelayRetries": .number(numMinDelayRetries),
            "backoffFunction": .string(backoffFunction.rawValue),
        ]
    }
}
