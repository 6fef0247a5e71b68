import BatonStore
import GRDB
import Synchronization

/// The topics and subscriptions of this Baton in memory, so that publishing reads nothing from disk. Changed on the
/// writer's thread after each commit, built again from rows at start.
final class Topics: Sendable {
    /// A topic and all who listen to it, as of the last commit.
    struct Entry: Sendable {
        var topic: Topic
        var subscriptions: [Subscription] = []
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var sequences: [String: Int64] = [:]
    }
    private let state = Mutex(State())

    subscript(arn: String) -> Entry? { state.withLock { $0.entries[arn] } }

    func subscription(_ arn: String) -> Subscription? {
        let topic = ResourceName.topic(ofSubscription: arn)
        return state.withLock { $0.entries[topic]?.subscriptions.first { $0.arn == arn } }
    }

    /// The next sequence number of a FIFO topic.
    func nextSequence(_ arn: String) -> Int64 {
        state.withLock { state in
            let next = state.sequences[arn, default: 0] + 1
            state.sequences[arn] = next
            return next
        }
    }

    func load(_ store: Store) throws {
        let (topics, subscriptions) = try store.read { db in
            (try db.rows("SELECT * FROM sns_topic"), try db.rows("SELECT * FROM sns_subscription ORDER BY arn"))
        }
        state.withLock { state in
            for row in topics {
                let topic = Topic(row)
                state.entries[topic.arn] = Entry(topic: topic)
                state.sequences[topic.arn] = row["sequence"]
            }
            for row in subscriptions {
                let subscription = Subscription(row)
                state.entries[subscription.topicArn]?.subscriptions.append(subscription)
            }
        }
    }

    func put(_ topic: Topic) {
        state.withLock { $0.entries[topic.arn, default: Entry(topic: topic)].topic = topic }
    }

    func remove(topic arn: String) {
        state.withLock { state in
            state.entries[arn] = nil
            state.sequences[arn] = nil
        }
    }

    func put(_ subscription: Subscription) {
        state.withLock { state in
            guard var entry = state.entries[subscription.topicArn] else { return }
            state.entries[subscription.topicArn] = nil
            entry.subscriptions.removeAll { $0.arn == subscription.arn }
            entry.subscriptions.append(subscription)
            state.entries[subscription.topicArn] = entry
        }
    }

    func remove(subscription arn: String, topic: String) {
        state.withLock { $0.entries[topic]?.subscriptions.removeAll { $0.arn == arn } }
    }
}
