import AWSClient
import LambdaRuntime
import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// All functions of the system in one executable: the handler setting says which of them a process serves.
@main
enum UniversalScheduler {
    static func main() async {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let status = await LambdaRuntime.main { environment in
            let settings = Settings(environment)
            let aws = AWSClient(.ofProcess())
            let logger = Logger(label: "universal-scheduler")
            return [
                // The state machine's steps.
                "retrieve": Retriever(settings: settings, aws: aws).handle,
                "reset": Resetter(aws: aws).handle,
                "submit": Submitter(settings: settings, aws: aws, logger: logger).handle,
                "poll": Poller(aws: aws, logger: logger).handle,
                "record": Recorder(settings: settings, aws: aws, logger: logger).handle,
                "notify": Notifier(aws: aws).handle,
                // What starts it, and what loads it.
                "request": RunRequests(settings: settings, aws: aws, logger: logger).accept,
                "start": RunRequests(settings: settings, aws: aws, logger: logger).start,
                "load": Loader(settings: settings, aws: aws, logger: logger).handle,
            ]
        }
        exit(status)
    }
}
