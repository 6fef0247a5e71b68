import JSON
import Testing

@testable import Batch

@Suite("Who runs next")
struct ScheduleTests {
    /// Two queues on one environment of a machine of four processors.
    private func schedule(vcpus: Int = 4000) -> Schedule {
        var schedule = Schedule(machine: Needs(vcpus: 4000, memory: 1000, gpus: 0))
        schedule.set(Schedule.Environment(vcpus: vcpus, isEnabled: true, isLocal: true), id: 1)
        schedule.set(Schedule.Queue(priority: 1, environments: [1], policy: nil), id: 1)
        schedule.set(Schedule.Queue(priority: 9, environments: [1], policy: nil), id: 2)
        return schedule
    }

    private func entry(
        _ seq: Int64, queue: Int64 = 1, vcpus: Int = 1000, priority: Int = 0, share: String? = nil,
        consumables: [Int64: Int] = [:]
    ) -> Schedule.Entry {
        Schedule.Entry(
            seq: seq, queue: queue, needs: Needs(vcpus: vcpus, memory: 1, gpus: 0, consumables: consumables),
            priority: priority, share: share)
    }

    private func drain(_ schedule: inout Schedule) -> [Int64] {
        var result: [Int64] = []
        while let pick = schedule.next(nowMs: 0) { result.append(pick.entry.seq) }
        return result
    }

    @Test("queues by priority, jobs as they came, as many as fit")
    func order() {
        var schedule = schedule()
        for seq in [3, 1, 2] { schedule.add(entry(Int64(seq))) }
        for seq in [11, 10] { schedule.add(entry(Int64(seq), queue: 2)) }
        #expect(drain(&schedule) == [10, 11, 1, 2])
        schedule.release(10, nowMs: 0)
        #expect(drain(&schedule) == [3])
    }

    @Test("what does not fit keeps its place before all of lower priority")
    func blocked() {
        var schedule = schedule()
        schedule.add(entry(1, queue: 2, vcpus: 3000))
        schedule.add(entry(2, queue: 2, vcpus: 2000))
        schedule.add(entry(3, queue: 1))
        #expect(drain(&schedule) == [1])
        schedule.release(1, nowMs: 0)
        #expect(drain(&schedule) == [2, 3])
    }

    @Test("what is larger than the machine runs alone; what is larger than its environment never")
    func large() {
        var schedule = schedule(vcpus: 8000)
        schedule.add(entry(1, vcpus: 8000))
        schedule.add(entry(2))
        #expect(drain(&schedule) == [1])
        schedule.add(entry(3, queue: 2, vcpus: 9000))
        schedule.release(1, nowMs: 0)
        #expect(drain(&schedule) == [2])
    }

    @Test("environments in their order, disabled ones not at all")
    func environments() {
        var schedule = schedule(vcpus: 1000)
        schedule.set(Schedule.Environment(vcpus: 1000, isEnabled: true, isLocal: true), id: 2)
        schedule.set(Schedule.Environment(vcpus: 1000, isEnabled: false, isLocal: true), id: 3)
        schedule.set(Schedule.Queue(priority: 1, environments: [2, 3, 1], policy: nil), id: 1)
        for seq in 1...3 { schedule.add(entry(Int64(seq))) }
        #expect(schedule.next(nowMs: 0)?.environment == 2)
        #expect(schedule.next(nowMs: 0)?.environment == 1)
        #expect(schedule.next(nowMs: 0) == nil)
    }

    @Test("who waits for a consumable resource steps aside")
    func consumables() {
        var schedule = schedule()
        schedule.set(consumable: 7, total: 1, isReplenishable: true)
        schedule.add(entry(1, consumables: [7: 1]))
        schedule.add(entry(2, consumables: [7: 1]))
        schedule.add(entry(3))
        #expect(drain(&schedule) == [1, 3])
        #expect(schedule.inUse(consumable: 7) == 1)
        schedule.release(1, nowMs: 0)
        #expect(drain(&schedule) == [2])
    }

    @Test("who is taken out does not run")
    func removed() {
        var schedule = schedule()
        schedule.add(entry(1))
        schedule.add(entry(2))
        schedule.remove(1)
        #expect(schedule.firstJobs(1, 10, nowMs: 0) == [2])
        #expect(drain(&schedule) == [2])
    }

    @Test("shares take turns by use and weight, and within a share the priority of jobs counts")
    func shares() {
        var schedule = schedule(vcpus: 3000)
        let policy = FairShare([
            "shareDistribution": [
                ["shareIdentifier": "A", "weightFactor": 1], ["shareIdentifier": "B*", "weightFactor": 0.5],
            ]
        ])
        schedule.set(Schedule.Queue(priority: 1, environments: [1], policy: policy), id: 1)
        for (seq, share, priority) in [(1, "A", 0), (2, "A", 5), (3, "A", 0), (4, "Bx", 0), (5, "Bx", 0)] {
            schedule.add(entry(Int64(seq), priority: priority, share: share))
        }
        #expect(drain(&schedule) == [2, 4, 5])
    }
}
