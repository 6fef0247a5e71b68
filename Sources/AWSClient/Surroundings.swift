import AsyncHTTPClient
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a client takes from outside of itself, so that a test can hold it in its hand.
public struct Surroundings: Sendable {
    /// Milliseconds since 1970.
    public var nowMs: @Sendable () -> Int64
    public var sleep: @Sendable (_ milliseconds: Int) async throws -> Void
    /// 0 ..< 1.
    public var random: @Sendable () -> Double

    public init(
        nowMs: @escaping @Sendable () -> Int64, sleep: @escaping @Sendable (_ milliseconds: Int) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.nowMs = nowMs
        self.sleep = sleep
        self.random = random
    }

    /// The clock of the machine.
    public static let system = Surroundings(
        nowMs: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        },
        sleep: { milliseconds in
            let loop = HTTPClient.defaultEventLoopGroup.any()
            try await loop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {}.futureResult.get()
        },
        random: { Double.random(in: 0..<1) })
}
