import AWSWire
import BatonCore
import GRDB
import Synchronization

/// What an invocation needs to know of a function, kept until the function changes.
final class FunctionCache: Sendable {
    /// A version and how its processes start.
    struct Runnable: Sendable {
        let version: FunctionVersion
        let launch: Launch
    }

    /// A reference resolved as far as it is the same for every call.
    struct Target: Sendable {
        let main: Runnable
        /// When the reference is an alias that spreads its calls.
        let alias: Alias?
        /// The other versions of such an alias.
        let others: [String: Runnable]
        let reserved: Int?

        func choose(_ draw: () -> Double) -> Runnable {
            guard let alias, !others.isEmpty else { return main }
            return others[alias.version(draw: draw())] ?? main
        }
    }

    private struct State {
        var targets: [FunctionReference: Target] = [:]
        /// Counts changes, so that what was read before one is not kept after it.
        var changes = 0
    }
    private let state = Mutex(State())
    private static let limit = 10_000

    func forget(_ function: FunctionReference) {
        state.withLock { state in
            state.changes += 1
            for key in state.targets.keys where key.with(qualifier: nil) == function { state.targets[key] = nil }
        }
    }

    /// Errors: ResourceNotFoundException.
    func target(
        _ reference: FunctionReference, _ lambda: Lambda, _ context: Context
    ) async throws(AWSError) -> Target {
        let (known, changes) = state.withLock { ($0.targets[reference], $0.changes) }
        if let known { return known }
        let (version, alias, others, reserved) = try context.read { db in
            let version = try db.resolve(reference)
            let alias = try reference.qualifier.flatMap { try db.alias(reference, $0) }
            var others: [String: FunctionVersion] = [:]
            for name in alias?.weights.keys.sorted() ?? [] { others[name] = try db.version(reference, name) }
            return (version, alias, others, try db.functionRow(reference)?["reserved"] as Int?)
        }
        var runnables: [String: Runnable] = [:]
        for (name, other) in others {
            runnables[name] = Runnable(version: other, launch: try await lambda.launch(other))
        }
        let target = Target(
            main: Runnable(version: version, launch: try await lambda.launch(version)), alias: alias,
            others: runnables, reserved: reserved)
        state.withLock { state in
            guard state.changes == changes else { return }
            if state.targets.count >= Self.limit { state.targets = [:] }
            state.targets[reference] = target
        }
        return target
    }
}
