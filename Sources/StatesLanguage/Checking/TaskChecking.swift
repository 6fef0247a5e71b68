public import JSON

/// Somebody who knows the APIs behind resources, so that the checker finds what no call could be made of.
public protocol TaskChecking: Sendable {
    /// Whether the service is known and has no such operation.
    func isUnknown(_ resource: TaskResource) -> Bool
    /// What is wrong with `Parameters` or `Arguments` as written, in AWS's words.
    func problems(_ resource: TaskResource, _ parameters: JSON) -> [String]
}
