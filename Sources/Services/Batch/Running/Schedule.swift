import Foundation

/// Which job runs next and where, as a value: queues in the order of their priority, jobs in the order of their queue,
/// environments in the order of the queue's list, bookings against what environments and the machine have.
///
/// The first job of a queue that does not fit at the moment keeps its place: nothing of the same or a lower priority
/// takes what it waits for. One that waits for a consumable resource steps aside until some is free.
struct Schedule: Sendable {
    struct Entry: Sendable, Equatable {
        let seq: Int64
        let queue: Int64
        let needs: Needs
        let priority: Int
        let share: String?
    }

    struct Environment: Sendable, Equatable {
        /// Thousandths; what may be booked at most.
        var vcpus: Int
        var isEnabled: Bool
        /// Whether its jobs run on this machine, and so book against ``Schedule/machine``.
        var isLocal: Bool
    }

    struct Queue: Sendable, Equatable {
        var priority: Int
        var environments: [Int64]
        var policy: FairShare?
    }

    struct Pick: Sendable, Equatable {
        let entry: Entry
        let environment: Int64
    }

    private struct Booking {
        let entry: Entry
        let environment: Int64
        let sinceMs: Int64
    }

    private struct Line {
        var settings: Queue
        /// The jobs of a queue, or of one of its shares.
        var heaps: [String: JobHeap] = [:]
        var usage: [String: FairShare.Usage] = [:]
        var parked: [Entry] = []
    }

    /// What this machine has.
    var machine: Needs
    private var environments: [Int64: Environment] = [:]
    private var used: [Int64: Int] = [:]
    private var machineUsed = Needs()
    private var lines: [Int64: Line] = [:]
    private var order: [Int64] = []
    private var waiting: [Int64: Entry] = [:]
    private var bookings: [Int64: Booking] = [:]
    /// What is free of each consumable resource.
    private var free: [Int64: Int] = [:]
    private var totals: [Int64: (total: Int, isReplenishable: Bool)] = [:]

    init(machine: Needs) { self.machine = machine }

    // MARK: Resources

    mutating func set(_ environment: Environment?, id: Int64) { environments[id] = environment }

    mutating func set(_ queue: Queue?, id: Int64) {
        if let queue {
            lines[id, default: Line(settings: queue)].settings = queue
        } else {
            lines[id] = nil
        }
        order = lines.keys.sorted { left, right in
            let (first, second) = (lines[left]?.settings.priority ?? 0, lines[right]?.settings.priority ?? 0)
            return first == second ? left < right : first > second
        }
    }

    /// A consumable resource has this quantity; what replenishes comes back when its job ends.
    mutating func set(consumable id: Int64, total: Int?, isReplenishable: Bool) {
        guard let total else {
            free[id] = nil
            totals[id] = nil
            return
        }
        let booked = bookings.values.reduce(0) { $0 + ($1.entry.needs.consumables[id] ?? 0) }
        totals[id] = (total, isReplenishable)
        free[id] = total - (isReplenishable ? booked : 0)
        unpark()
    }

    func inUse(consumable id: Int64) -> Int {
        guard let total = totals[id] else { return 0 }
        return total.isReplenishable ? total.total - (free[id] ?? 0) : 0
    }

    // MARK: Jobs

    mutating func add(_ entry: Entry) {
        waiting[entry.seq] = entry
        guard let line = lines[entry.queue] else { return }
        let share = line.settings.policy == nil ? "" : entry.share ?? ""
        lines[entry.queue]?.heaps[share, default: JobHeap(byPriority: line.settings.policy != nil)].insert(entry)
    }

    mutating func remove(_ seq: Int64) { waiting[seq] = nil }

    /// - Parameter isNew: false for a job that runs already, after a restart: what it has used up is gone from the total.
    mutating func book(_ entry: Entry, environment: Int64, nowMs: Int64, isNew: Bool = false) {
        bookings[entry.seq] = Booking(entry: entry, environment: environment, sinceMs: nowMs)
        used[environment, default: 0] += entry.needs.vcpus
        if environments[environment]?.isLocal ?? true { machineUsed = machineUsed + onMachine(entry.needs) }
        for (id, quantity) in entry.needs.consumables where isNew || totals[id]?.isReplenishable ?? false {
            free[id, default: 0] -= quantity
        }
        if let share = entry.share, lines[entry.queue]?.settings.policy != nil {
            lines[entry.queue]?.usage[share, default: FairShare.Usage()].running += entry.needs.vcpus
        }
    }

    /// A job runs no more.
    mutating func release(_ seq: Int64, nowMs: Int64) {
        guard let booking = bookings.removeValue(forKey: seq) else { return }
        let needs = booking.entry.needs
        used[booking.environment, default: 0] -= needs.vcpus
        if environments[booking.environment]?.isLocal ?? true {
            let mine = onMachine(needs)
            machineUsed.vcpus -= mine.vcpus
            machineUsed.memory -= mine.memory
            machineUsed.gpus -= mine.gpus
        }
        for (id, quantity) in needs.consumables where totals[id]?.isReplenishable ?? false {
            free[id, default: 0] += quantity
        }
        if !needs.consumables.isEmpty { unpark() }
        if let share = booking.entry.share, let policy = lines[booking.entry.queue]?.settings.policy {
            lines[booking.entry.queue]?.usage[share, default: FairShare.Usage()].leave(
                vcpus: needs.vcpus, sinceMs: booking.sinceMs, nowMs: nowMs, policy)
        }
    }

    /// No job asks for more than the whole machine: what is larger runs alone.
    private func onMachine(_ needs: Needs) -> Needs {
        Needs(
            vcpus: min(needs.vcpus, machine.vcpus), memory: min(needs.memory, machine.memory),
            gpus: min(needs.gpus, machine.gpus))
    }

    private func fitsMachine(_ needs: Needs) -> Bool {
        let mine = onMachine(needs)
        return machineUsed.vcpus + mine.vcpus <= machine.vcpus && machineUsed.memory + mine.memory <= machine.memory
            && machineUsed.gpus + mine.gpus <= machine.gpus
    }

    /// Takes the next job that can run now, and books for it.
    mutating func next(nowMs: Int64) -> Pick? {
        var blocked: Set<Int64> = []
        var isMachineBlocked = false
        for id in order {
            guard let entry = front(id, nowMs: nowMs), let line = lines[id] else { continue }
            for environment in line.settings.environments where !blocked.contains(environment) {
                guard let facts = environments[environment], facts.isEnabled, entry.needs.vcpus <= facts.vcpus,
                    !facts.isLocal || (!isMachineBlocked && fitsMachine(entry.needs)),
                    (used[environment] ?? 0) + entry.needs.vcpus <= facts.vcpus - reserved(line, facts, environment)
                else { continue }
                take(entry, environment, nowMs: nowMs)
                return Pick(entry: entry, environment: environment)
            }
            let possible = line.settings.environments.filter { environment in
                environments[environment].map { $0.isEnabled && entry.needs.vcpus <= $0.vcpus } ?? false
            }
            blocked.formUnion(possible)
            if possible.contains(where: { environments[$0]?.isLocal ?? false }) { isMachineBlocked = true }
        }
        return nil
    }

    private mutating func take(_ entry: Entry, _ environment: Int64, nowMs: Int64) {
        waiting[entry.seq] = nil
        let share = lines[entry.queue]?.settings.policy == nil ? "" : entry.share ?? ""
        lines[entry.queue]?.heaps[share]?.removeFirst()
        book(entry, environment: environment, nowMs: nowMs, isNew: true)
    }

    /// Reserved for shares that have nothing to run yet.
    private func reserved(_ line: Line, _ facts: Environment, _ environment: Int64) -> Int {
        guard let policy = line.settings.policy, policy.reservation > 0, (used[environment] ?? 0) > 0 else { return 0 }
        let active = line.heaps.filter { !$0.value.isEmpty || (line.usage[$0.key]?.running ?? 0) > 0 }.count
        return Int(Double(facts.vcpus) * pow(Double(policy.reservation) / 100, Double(max(1, active))))
    }

    /// The first job of a queue that could run as far as consumable resources go.
    private mutating func front(_ id: Int64, nowMs: Int64) -> Entry? {
        while let share = nextShare(id, nowMs: nowMs), let entry = lines[id]?.heaps[share]?.first {
            guard waiting[entry.seq] != nil else {
                lines[id]?.heaps[share]?.removeFirst()
                continue
            }
            guard entry.needs.consumables.allSatisfy({ (free[$0.key] ?? 0) >= $0.value }) else {
                lines[id]?.heaps[share]?.removeFirst()
                lines[id]?.parked.append(entry)
                continue
            }
            return entry
        }
        return nil
    }

    private func nextShare(_ id: Int64, nowMs: Int64) -> String? {
        guard let line = lines[id] else { return nil }
        let open = line.heaps.filter { !$0.value.isEmpty }
        guard let policy = line.settings.policy, open.count > 1 else { return open.first?.key }
        return open.keys.min { left, right in
            let first = policy.weighted(left, line.usage[left], nowMs: nowMs)
            let second = policy.weighted(right, line.usage[right], nowMs: nowMs)
            if first != second { return first < second }
            return (open[left]?.first?.seq ?? 0) < (open[right]?.first?.seq ?? 0)
        }
    }

    private mutating func unpark() {
        for id in order {
            guard let parked = lines[id]?.parked, !parked.isEmpty else { continue }
            lines[id]?.parked = []
            for entry in parked where waiting[entry.seq] != nil { add(entry) }
        }
    }

    // MARK: Looking

    /// Whether an environment of its queue is large enough for a job.
    func canRun(_ entry: Entry) -> Bool {
        (lines[entry.queue]?.settings.environments ?? []).contains { id in
            environments[id].map { entry.needs.vcpus <= $0.vcpus } ?? false
        }
    }

    /// The first jobs of a queue in the order in which they would run, shares one after the other.
    func firstJobs(_ queue: Int64, _ count: Int, nowMs: Int64) -> [Int64] {
        guard let line = lines[queue] else { return [] }
        let shares = line.heaps.keys.sorted { left, right in
            guard let policy = line.settings.policy else { return left < right }
            return policy.weighted(left, line.usage[left], nowMs: nowMs)
                < policy.weighted(right, line.usage[right], nowMs: nowMs)
        }
        return Array(
            shares.lazy.flatMap { line.heaps[$0]?.sorted ?? [] }.filter { waiting[$0.seq] != nil }.map(\.seq)
                .prefix(count))
    }

    /// vCPUs in use by the jobs of a queue, in all and by share; thousandths.
    func usage(_ queue: Int64) -> (total: Int, shares: [String: Int]) {
        let mine = bookings.values.filter { $0.entry.queue == queue }
        var shares: [String: Int] = [:]
        for booking in mine { shares[booking.entry.share ?? "", default: 0] += booking.entry.needs.vcpus }
        return (mine.reduce(0) { $0 + $1.entry.needs.vcpus }, shares)
    }

    var isBusy: Bool { !bookings.isEmpty }
}
