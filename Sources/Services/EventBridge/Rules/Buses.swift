import BatonCore
import BatonStore
import GRDB
import JSON
import Synchronization

/// The rules with their compiled patterns and targets, and the archives, in memory, so that taking an event reads
/// nothing from disk. Changed on the writer's thread after each commit, built again from rows at start.
final class Buses: Sendable {
    /// A rule as of the last commit.
    struct Entry: Sendable {
        let rule: Rule
        let pattern: EventPattern?
        var targets: [Target]

        init(_ rule: Rule, _ targets: [Target] = []) {
            self.rule = rule
            self.targets = targets
            pattern = rule.eventPattern.flatMap { text in try? EventPattern(text) }
        }
    }

    struct ArchiveEntry: Sendable {
        let archive: Archive
        let pattern: EventPattern?
    }

    private struct Bus {
        var rules: [String: Entry] = [:]
        var archives: [String: ArchiveEntry] = [:]
    }
    private let state = Mutex<[BusKey: Bus]>([:])

    func load(_ store: Store) throws {
        let (rules, archives) = try store.read { db in
            let rules = try db.rows("SELECT body FROM events_rule").map { row in
                let rule: Rule = try JSON.parse(row["body"] as String).decoded()
                return Entry(rule, try Target.list(rule, db))
            }
            return (rules, try db.rows("SELECT body FROM events_archive").map { try Archive($0) })
        }
        state.withLock { state in
            for entry in rules { state[entry.rule.key, default: Bus()].rules[entry.rule.name] = entry }
        }
        for archive in archives { put(archive) }
    }

    /// The enabled rules that want this event, and the archives that keep it.
    func wanting(_ event: JSON, on key: BusKey) -> (rules: [Entry], archives: [Archive]) {
        let bus = state.withLock { $0[key] }
        guard let bus else { return ([], []) }
        return (
            bus.rules.values.filter { $0.rule.isEnabled && ($0.pattern?.matches(event) ?? false) },
            bus.archives.values.filter { $0.pattern?.matches(event) ?? true }.map(\.archive)
        )
    }

    /// Whether anybody listens at all.
    func isIdle(_ key: BusKey) -> Bool {
        state.withLock { $0[key].map { $0.rules.isEmpty && $0.archives.isEmpty } } ?? true
    }

    func entry(_ rule: String, on key: BusKey) -> Entry? { state.withLock { $0[key]?.rules[rule] } }

    func put(_ rule: Rule) {
        state.withLock { state in
            let targets = state[rule.key]?.rules[rule.name]?.targets ?? []
            state[rule.key, default: Bus()].rules[rule.name] = Entry(rule, targets)
        }
    }

    func put(_ targets: [Target], of rule: Rule) {
        state.withLock { $0[rule.key]?.rules[rule.name]?.targets = targets }
    }

    func remove(rule name: String, on key: BusKey) { state.withLock { $0[key]?.rules[name] = nil } }

    func put(_ archive: Archive) {
        guard let key = archive.key else { return }
        let entry = ArchiveEntry(
            archive: archive, pattern: archive.eventPattern.flatMap { text in try? EventPattern(text) })
        state.withLock { $0[key, default: Bus()].archives[archive.name] = entry }
    }

    func remove(_ archive: Archive) {
        guard let key = archive.key else { return }
        state.withLock { $0[key]?.archives[archive.name] = nil }
    }
}
