import NIOCore
import Synchronization

/// Runs Swift tasks on one event loop. Jobs that arrive together, such as the callers of one commit, reach the loop
/// with a single wake-up.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop
    private let waiting = Mutex<[UnownedJob]>([])

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = waiting.withLock {
            $0.append(job)
            return $0.count == 1
        }
        if isFirst { loop.execute { self.runWaiting() } }
    }

    private func runWaiting() {
        let jobs = waiting.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
        for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
