/// Quotas. Source: AWS General Reference, Systems Manager; user guide, parameter tiers.
enum Limits {
    /// Characters of a value.
    static let standardValue = 4096
    static let advancedValue = 8192
    /// Standard parameters of one account and region.
    static let standardParameters = 10_000
    /// Versions that are kept of one parameter.
    static let versions = 100
    /// Labels of one version.
    static let labels = 10
    static let levels = 15
    /// Characters of a name together with the part of the ARN before it.
    static let arn = 1011
    static let policies = 10
    static let tags = 50
}
