import Dispatch
import Foundation

/// The signals that end Baton.
enum Signals {
    enum Ending: String, Sendable { case interrupt = "SIGINT", terminate = "SIGTERM" }

    /// Returns when the first one comes. A second one during the graceful stop ends the process at once.
    static func first() async -> Ending {
        let (stream, continuation) = AsyncStream.makeStream(of: Ending.self)
        var sources: [any DispatchSourceSignal] = []
        for (number, ending) in [(SIGINT, Ending.interrupt), (SIGTERM, .terminate)] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(ending) }
            source.resume()
            sources.append(source)
        }
        var first = Ending.terminate
        for await ending in stream {
            first = ending
            break
        }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        for source in sources { source.cancel() }
        return first
    }
}
