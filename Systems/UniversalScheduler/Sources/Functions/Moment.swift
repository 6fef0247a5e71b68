#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// UTC times as rows hold them: `2018-09-22T19:57:28.446117`, always with six decimals.
enum Moment {
    static func text(epochMs: Int64) -> String {
        let seconds = Date(timeIntervalSince1970: Double(epochMs / 1000))
        let whole = seconds.formatted(.iso8601.timeZoneSeparator(.omitted)).prefix(19)
        let fraction = String(epochMs % 1000)
        return "\(whole).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)000"
    }
}
