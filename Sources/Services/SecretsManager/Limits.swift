/// Quotas. Source: Secrets Manager user guide, quotas.
enum Limits {
    /// Versions of one secret. Above them those without labels go that are older than ``keptMs``.
    static let versions = 100
    static let keptMs: Int64 = 86_400_000
    /// Staging labels of all versions of one secret together, and of one version.
    static let labels = 20
    static let tags = 50
    /// Days in which a deletion can be taken back.
    static let recoveryDays: ClosedRange<Int> = 7...30
    static let defaultRecoveryDays = 30
    static let dayMs: Int64 = 86_400_000
    static let hourMs: Int64 = 3_600_000
}
