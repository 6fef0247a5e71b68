#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// How much of the thread's stack recursion may take. Threads of a pool have little; what needs more goes on, once,
/// on a thread of its own with a large stack, while the caller waits.
struct Stack {
    /// What may be taken of the caller's stack.
    private static let share: UInt = 160 << 10
    private static let large = 256 << 20
    /// Kept free at the end of the large one, for functions that do not check.
    private static let reserve: UInt = 1 << 20

    private var lowest: UInt
    private var isLarge = false

    init() {
        let here = Stack.address
        lowest = here > Stack.share ? here - Stack.share : 0
    }

    private init(large address: UInt) {
        lowest = address - UInt(Stack.large) + Stack.reserve
        isLarge = true
    }

    @inline(__always)
    private static var address: UInt {
        var mark: UInt8 = 0
        return withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
    }

    @inline(__always)
    var hasRoom: Bool { Stack.address > lowest }

    /// Runs `body` on a large stack; `stack` is what it has to ask from then on, and is put back afterwards.
    static func extend<Result>(
        _ stack: inout Stack, _ body: (inout Stack) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard !stack.isLarge else { throw Failure.tooDeep() }
        var outcome: Swift.Result<Result, Failure>?
        withoutActuallyEscaping({ (address: UInt) in
            var large = Stack(large: address)
            do throws(Failure) {
                outcome = .success(try body(&large))
            } catch {
                outcome = .failure(error)
            }
        }) { run($0) }
        guard let outcome else { throw Failure.tooDeep() }
        return try outcome.get()
    }

    private final class Work {
        let body: (UInt) -> Void
        init(_ body: @escaping (UInt) -> Void) { self.body = body }
    }

    /// Runs on a thread with a large stack and waits for it. When there is none to be had, nothing runs.
    private static func run(_ body: @escaping (UInt) -> Void) {
        let work = Unmanaged.passRetained(Work(body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, large)
        defer { pthread_attr_destroy(&attributes) }
        #if canImport(Darwin)
            var thread: pthread_t?
            let status = pthread_create(&thread, &attributes, { Stack.start($0) }, work.toOpaque())
            guard status == 0, let thread else { return work.release() }
        #else
            var thread = pthread_t()
            let status = pthread_create(&thread, &attributes, { $0.flatMap { Stack.start($0) } }, work.toOpaque())
            guard status == 0 else { return work.release() }
        #endif
        pthread_join(thread, nil)
    }

    private static func start(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        let work = Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
        work.body(address)
        return nil
    }
}
