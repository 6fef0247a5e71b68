import Foundation
import NIOCore
import NIOPosix

/// The machine's clock; timers run on an event loop of NIO's shared group.
public final class RealClock: Clock {
    private let loop: any EventLoop

    public init() { loop = MultiThreadedEventLoopGroup.singleton.next() }

    public var nowMs: Int64 { RealClock.wallMs }

    /// The one place of the house that asks the operating system for the time of day.
    static var wallMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    public func schedule(
        atMs: Int64, pullsTime: Bool, _ body: @escaping @Sendable () -> Void
    ) -> any ClockTimer {
        // Times far away are cut, so that adding them to the loop's clock cannot overflow; nobody waits that long.
        let delay = min(max(0, atMs - nowMs), 10_000 * 86_400_000)
        return Scheduled(task: loop.scheduleTask(in: .milliseconds(delay)) { body() })
    }

    private struct Scheduled: ClockTimer {
        let task: NIOCore.Scheduled<Void>
        func cancel() { task.cancel() }
    }
}
