import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage
import Synchronization

/// A state machine, a version of it or what an alias chose: all that starting an execution needs.
struct ResolvedMachine: Sendable {
    let revision: Revision
    /// Set when the caller named a version, or an alias that routed to it.
    let versionArn: String?
    let aliasArn: String?
    /// The ``Machines/edition`` in which it was found; nil: long ago.
    var edition: Int?

    /// That of the machine, without version or alias.
    var arn: String { revision.machineArn }
    var name: String { revision.name }
    var type: MachineType { revision.type }
    var definitionText: String { revision.definitionText }
    var definition: Definition { revision.definition }
    var roleArn: String { revision.roleArn }
    var logging: LoggingConfiguration { revision.logging }
    var revisionId: String? { revision.revisionId }
}

/// Finds machines; keeps the parsed definitions of the revisions in use, and what their ARNs mean.
final class Machines: Sendable {
    private struct Kept {
        var revisions: [Int64: Revision] = [:]
        /// What may go next, so that the cache stays bounded.
        var order: [Int64] = []
        /// By ARN as callers wrote it. Aliases are not kept: each start draws anew.
        var resolved: [String: ResolvedMachine] = [:]
        var edition = 0
    }
    private let kept = Mutex(Kept())
    let deletions = MachineDeletions()
    /// Revisions in memory; others are parsed again when they are needed.
    private static let limit = 1000

    // MARK: What ARNs mean

    /// Counts the changes of machines, versions and aliases.
    var edition: Int { kept.withLock { $0.edition } }

    /// Every transaction that changes what an ARN means calls this.
    ///
    /// At once, for other parts of the same commit; after the commit again, since somebody may have read meanwhile.
    func changed(_ tx: Transaction) {
        forget()
        tx.afterCommit { [self] in forget() }
    }

    private func forget() {
        kept.withLock { kept in
            kept.edition += 1
            kept.resolved.removeAll(keepingCapacity: true)
        }
    }

    /// What was found of an ARN since the last change.
    func known(_ arn: String) -> ResolvedMachine? { kept.withLock { $0.resolved[arn] } }

    private func keep(_ machine: ResolvedMachine, _ arn: String) {
        guard machine.aliasArn == nil else { return }
        kept.withLock { kept in
            guard kept.edition == machine.edition else { return }
            if kept.resolved.count >= Self.limit { kept.resolved.removeAll(keepingCapacity: true) }
            kept.resolved[arn] = machine
        }
    }

    /// The row of a machine.
    /// - Throws: `StateMachineDoesNotExist`, `StateMachineDeleting`
    static func existing(_ arn: MachineARN, _ db: Database, evenDeleting: Bool = false) throws -> Row {
        let row = try db.row(
            "SELECT * FROM sfn_state_machine WHERE account = ? AND region = ? AND name = ?", arn.account, arn.region,
            arn.name)
        guard let row, arn.label == nil else { throw StepFunctionsError.machineDoesNotExist(arn.description) }
        guard evenDeleting || row["status"] as String != MachineDeletion.status else {
            throw StepFunctionsError.machineIsDeleting(arn.unqualified.description)
        }
        return row
    }

    /// What an ARN of a machine, version or alias means now. An alias picks one of its versions by weight.
    /// Errors: InvalidArn, StateMachineDoesNotExist, StateMachineDeleting.
    func resolve(_ text: String, _ context: Context, _ db: Database) throws -> ResolvedMachine {
        let edition = edition
        var machine = try find(text, context, db)
        machine.edition = edition
        keep(machine, text)
        return machine
    }

    private func find(_ text: String, _ context: Context, _ db: Database) throws -> ResolvedMachine {
        let arn = try MachineARN(text)
        let row = try Self.existing(arn, db)
        switch arn.qualifier {
        case nil:
            return ResolvedMachine(revision: try revision(row["revision"], db), versionArn: nil, aliasArn: nil)
        case .version(let number):
            return try version(number, of: row, arn, nil, db)
        case .alias(let name):
            guard let alias = try Alias.find(name, machine: row["id"], db) else {
                throw StepFunctionsError.machineDoesNotExist(text)
            }
            let number = alias.pick(context.random.int(in: 0..<100))
            return try version(number, of: row, arn, text, db)
        }
    }

    private func version(
        _ number: Int, of row: Row, _ arn: MachineARN, _ aliasArn: String?, _ db: Database
    ) throws -> ResolvedMachine {
        let machine: Int64 = row["id"]
        let version = try db.row(
            "SELECT revision FROM sfn_version WHERE machine = ? AND number = ?", machine, number)
        guard let version else { throw StepFunctionsError.machineDoesNotExist(arn.description) }
        return ResolvedMachine(
            revision: try revision(version["revision"], db), versionArn: arn.version(number).description,
            aliasArn: aliasArn)
    }

    /// A machine that was found before this transaction is still there, and not being deleted.
    /// Errors: StateMachineDoesNotExist, StateMachineDeleting.
    func stillExists(_ arn: String, since edition: Int?, _ tx: Transaction) throws {
        guard edition != self.edition else { return }
        _ = try Self.existing(try MachineARN(arn), tx.db)
    }

    /// The revision with which an execution began.
    func revision(_ id: Int64, _ db: Database) throws -> Revision {
        if let revision = kept.withLock({ $0.revisions[id] }) { return revision }
        guard let row = try db.row("SELECT * FROM sfn_revision WHERE id = ?", id) else {
            throw AWSError("InternalFailure", "A revision is missing.", status: 500)
        }
        let revision = try Revision(row)
        kept.withLock { kept in
            if kept.revisions.updateValue(revision, forKey: id) == nil { kept.order.append(id) }
            if kept.order.count > Self.limit { kept.revisions[kept.order.removeFirst()] = nil }
        }
        return revision
    }
}

extension Context {
    var machines: Machines { service(StepFunctions.self).machines }

    /// Reads and resolves at once.
    func resolveMachine(_ arn: String) throws(AWSError) -> ResolvedMachine {
        let machines = machines
        if let known = machines.known(arn) { return known }
        return try read { db in try machines.resolve(arn, self, db) }
    }
}
