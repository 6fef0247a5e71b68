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

/// Both functions of the system in one executable: the handler setting says which of them a process serves.
@main
enum JobDispatch {
    static func main() async {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let status = await LambdaRuntime.main { environment in
            let settings = try Settings(environment)
            let performer = Performer(AWSClient(.ofProcess()))
            let broker = Broker(settings: settings, performer: performer, logger: Logger(label: "broker"))
            let reply = ReplyReader(settings: settings, performer: performer, logger: Logger(label: "reply"))
            return ["broker": broker.handle, "reply": reply.handle]
        }
        exit(status)
    }
}
