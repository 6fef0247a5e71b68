public import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Answers one event. What it throws fails the call.
public typealias LambdaHandler = @Sendable (_ event: JSON, _ context: LambdaContext) async throws -> JSON

/// Serves the calls of one function, one after the other. Several functions may share an executable: `_HANDLER`, the
/// function's handler setting, names the one that a process serves.
///
/// ```swift
/// await LambdaRuntime.main { environment in
///     ["greet": { event, _ in ["hello": event["name"] ?? "world"] }]
/// }
/// ```
public struct LambdaRuntime: Sendable {
    private let environment: [String: String]
    private let interface: any RuntimeInterface

    public init(environment: [String: String], interface: any RuntimeInterface) {
        self.environment = environment
        self.interface = interface
    }

    /// Runs until the platform has gone.
    ///
    /// - Parameter handlers: makes the handlers by their names; what it throws is reported as a failed start.
    public func run(_ handlers: @Sendable ([String: String]) throws -> [String: LambdaHandler]) async throws {
        let handler: LambdaHandler
        do {
            handler = try select(from: handlers(environment))
        } catch {
            try await interface.failToStart(InvocationError(error))
            throw error
        }
        while true { try await serve(interface.next(), with: handler) }
    }

    private func select(from handlers: [String: LambdaHandler]) throws -> LambdaHandler {
        let name = environment["_HANDLER"] ?? ""
        // A handler setting often has the form `file.function`.
        if let handler = handlers[name] ?? handlers[name.split(separator: ".").last.map(String.init) ?? ""] {
            return handler
        }
        let known = handlers.keys.sorted().joined(separator: ", ")
        throw InvocationError("Runtime.NoSuchHandler", "Handler '\(name)' does not exist; there are: \(known)")
    }

    private func serve(_ invocation: Invocation, with handler: LambdaHandler) async throws {
        let context = LambdaContext(invocation, environment: environment)
        let output: JSON
        do {
            output = try await handler(JSON.parse(invocation.event), context)
        } catch let error as JSON.ParseError {
            let message = "The event is not JSON: \(error)"
            return try await interface.fail(InvocationError("Runtime.BadEvent", message), of: invocation.requestId)
        } catch {
            return try await interface.fail(InvocationError(error), of: invocation.requestId)
        }
        try await interface.respond(output.serialized(), to: invocation.requestId)
    }
}

extension LambdaRuntime {
    /// The whole `main` of a function's executable: returns when the platform has gone, with the process's exit code.
    public static func main(_ handlers: @Sendable ([String: String]) throws -> [String: LambdaHandler]) async -> Int32 {
        let environment = ProcessInfo.processInfo.environment
        guard let address = environment["AWS_LAMBDA_RUNTIME_API"] else {
            print("This program is a function: it needs AWS_LAMBDA_RUNTIME_API, which its platform sets.")
            return 64
        }
        do {
            try await LambdaRuntime(environment: environment, interface: HTTPRuntimeInterface(address: address))
                .run(handlers)
            return 0
        } catch {
            print("\(error)")
            return 1
        }
    }
}
