import Foundation
import JSON

/// A queue's fair-share policy. Source: User Guide, "Fair-share scheduling policies".
///
/// `Assumed:` use counts as the vCPUs that a share's jobs hold now, and those of ended jobs times their share of the
/// decay time, fading exponentially; the share with the least use times weight factor goes first.
struct FairShare: Sendable, Equatable {
    /// s; 0 counts only what runs now.
    var decaySeconds = 0
    /// Percent; see `computeReservation`.
    var reservation = 0
    /// Weight factors by share; a name that ends in `*` stands for all that begin so. A lower factor gets more.
    var weights: [(share: String, factor: Double)] = []

    struct Usage: Sendable {
        /// Thousandths of a vCPU that run now.
        var running = 0
        var past = 0.0
        var pastMs: Int64 = 0

        func value(_ policy: FairShare, nowMs: Int64) -> Double {
            guard policy.decaySeconds > 0 else { return Double(running) }
            return Double(running) + past * exp(-Double(nowMs - pastMs) / 1000 / Double(policy.decaySeconds))
        }

        mutating func leave(vcpus: Int, sinceMs: Int64, nowMs: Int64, _ policy: FairShare) {
            running = max(0, running - vcpus)
            guard policy.decaySeconds > 0 else { return }
            let faded = past * exp(-Double(nowMs - pastMs) / 1000 / Double(policy.decaySeconds))
            past = faded + Double(vcpus) * Double(nowMs - sinceMs) / 1000 / Double(policy.decaySeconds)
            pastMs = nowMs
        }
    }

    init(_ json: JSON?) {
        decaySeconds = json?["shareDecaySeconds"]?.int ?? 0
        reservation = json?["computeReservation"]?.int ?? 0
        weights = (json?["shareDistribution"]?.array ?? []).map { share in
            (share["shareIdentifier"]?.string ?? "", share["weightFactor"]?.double ?? 1)
        }
    }

    func weight(_ share: String) -> Double {
        weights.first { $0.share.hasSuffix("*") ? share.hasPrefix($0.share.dropLast()) : $0.share == share }?.factor
            ?? 1
    }

    func weighted(_ share: String, _ usage: Usage?, nowMs: Int64) -> Double {
        (usage?.value(self, nowMs: nowMs) ?? 0) * weight(share)
    }

    static func == (left: FairShare, right: FairShare) -> Bool {
        left.decaySeconds == right.decaySeconds && left.reservation == right.reservation
            && left.weights.elementsEqual(right.weights) { $0 == $1 }
    }
}

/// Jobs in the order in which they run: by priority where the queue has a policy, then as they were submitted.
struct JobHeap: Sendable {
    private let byPriority: Bool
    private var entries: [Schedule.Entry] = []

    init(byPriority: Bool) { self.byPriority = byPriority }

    var isEmpty: Bool { entries.isEmpty }
    var first: Schedule.Entry? { entries.first }
    var sorted: [Schedule.Entry] { entries.sorted(by: isBefore) }

    private func isBefore(_ left: Schedule.Entry, _ right: Schedule.Entry) -> Bool {
        byPriority && left.priority != right.priority ? left.priority > right.priority : left.seq < right.seq
    }

    mutating func insert(_ entry: Schedule.Entry) {
        entries.append(entry)
        var at = entries.count - 1
        while at > 0, isBefore(entries[at], entries[(at - 1) / 2]) {
            entries.swapAt(at, (at - 1) / 2)
            at = (at - 1) / 2
        }
    }

    mutating func removeFirst() {
        guard let last = entries.popLast(), !entries.isEmpty else { return }
        entries[0] = last
        var at = 0
        while true {
            var least = at
            for child in [2 * at + 1, 2 * at + 2]
            where child < entries.count && isBefore(entries[child], entries[least]) {
                least = child
            }
            guard least != at else { return }
            entries.swapAt(at, least)
            at = least
        }
    }
}
