import AWSWire
import BatonCore
import BatonStore
import JSON

// Bringing a resource into the form of the template.

extension StackStep {
    func apply() async throws(ResourceFailure) -> DueOutcome {
        let (resolved, resource) = try template()
        let type = try type(resource.type)
        let needs = (resolved.graph.needs[resource.logicalId] ?? []).sorted()
        let known = view.records[resource.logicalId]
        if let pending = payload.pending, let known { return try await check(known, type, pending) }
        let imports = Imports()
        var target = ResourceRecord(resource, needs: needs, properties: [:], atMs: context.nowMs)
        do throws(ResourceFailure) {
            target.properties = try view.properties(resource, type, view.evaluator(resolved, imports: imports))
            if known == nil { _ = try await effective(target.properties, type) }
        } catch {
            // There is no record yet whose event could tell why.
            guard known == nil else { throw error }
            try await commitFirst { [stack, target] transaction in
                try target.save(stack.id, transaction.db)
                try StackEvents.add(stack, target, .createInProgress, transaction)
            }
            target.status = .createFailed
            target.reason = error.reason
            return commit(target, events: [(.createFailed, error.reason)], .failed(target.logicalId))
        }
        let names = imports.names
        if !names.isEmpty {
            try await commitFirst { [stack] transaction in try Exports.keepImports(names, stack, transaction.db) }
        }
        guard let known, known.isThere else { return try await create(target, type, begun: known?.begun) }
        // What was begun carries the new properties already; what it began from is kept beside it.
        let base = known.begun == nil ? known : try previousRecord() ?? known
        let isReplaced = type.needsReplacement(base.properties, target.properties)
        let isChanged = base.properties != target.properties || base.metadata != target.metadata
        if isChanged, let policy = StackPolicy(of: stack),
            let reason = policy.denial(
                of: isReplaced ? "Update:Replace" : "Update:Modify", target.logicalId, target.type)
        {
            throw ResourceFailure(reason: reason)
        }
        if isReplaced {
            return try await replace(base, target, type, begun: known.begun)
        }
        if !isChanged { return unchanged(base, target) }
        return try await update(base, target, type, isRetry: known.begun != nil)
    }

    private func template() throws(ResourceFailure) -> (ResolvedTemplate, Template.Resource) {
        do throws(AWSError) {
            let resolved = try stack.definition.resolved(stack.pseudo)
            guard let resource = resolved.resources.first(where: { $0.logicalId == payload.logicalId }) else {
                throw CloudFormationError.unresolved([payload.logicalId], block: "Resources")
            }
            return (resolved, resource)
        } catch {
            throw ResourceFailure(reason: error.message, code: error.code)
        }
    }

    private func create(
        _ target: ResourceRecord, _ type: any ResourceType, begun: String?
    ) async throws(ResourceFailure) -> DueOutcome {
        var record = target
        let name = begun ?? generatedName(target, type)
        record.begun = name
        if begun == nil {
            try await commitFirst { [stack, record] transaction in
                try record.save(stack.id, transaction.db)
                try StackEvents.add(stack, record, .createInProgress, transaction)
            }
        }
        let request = request(
            record, properties: try await effective(record.properties, type), physicalId: name, isRetry: begun != nil)
        do throws(ResourceFailure) {
            let result = try await type.create(request)
            return made(record, result, .created, first: [(.createInProgress, "Resource creation Initiated")])
        } catch {
            guard !error.isTransient else { throw error }
            record.physicalId = request.progress.physicalId ?? ""
            return failedCreate(record, error, .createFailed, .created)
        }
    }

    private func failedCreate(
        _ record: ResourceRecord, _ failure: ResourceFailure, _ status: ResourceStatus, _ change: StackLifecycle.Change
    ) -> DueOutcome {
        var record = record
        record.status = status
        record.reason = failure.reason
        record.begun = nil
        return commit(record, events: [(status, failure.reason)], .failed(record.logicalId, change))
    }

    private func generatedName(_ target: ResourceRecord, _ type: any ResourceType) -> String {
        let suffix = context.random.text(GeneratedName.suffixLength)
        return type.generatedName(stack.name, target.logicalId, suffix, target.properties)
    }

    /// Stores what an effect made; when something is still pending, the step comes back to look.
    private func made(
        _ record: ResourceRecord, _ result: ResourceResult, _ change: StackLifecycle.Change,
        first: [(ResourceStatus, String?)], and more: @escaping Write<Void> = { _ in }
    ) -> DueOutcome {
        var record = record
        record.physicalId = result.physicalId
        record.attributes = .object(result.attributes)
        record.reason = nil
        guard let pending = result.pending else {
            record.begun = nil
            record.status = change == .created ? .createComplete : .updateComplete
            return commit(
                record, events: first + [(record.status, nil)], .succeeded(record.logicalId, change), and: more)
        }
        var payload = payload
        payload.pending = change
        return .commit { [stack, record, payload] transaction in
            try record.save(stack.id, transaction.db)
            for (status, reason) in first { try StackEvents.add(stack, record, status, reason: reason, transaction) }
            try more(transaction)
            try StackEngine.wait(payload, stack, for: pending, transaction)
        }
    }

    private func check(
        _ record: ResourceRecord, _ type: any ResourceType, _ change: StackLifecycle.Change
    ) async throws(ResourceFailure) -> DueOutcome {
        let request = request(record, properties: record.properties, physicalId: record.physicalId, isRetry: true)
        do throws(ResourceFailure) {
            let result = try await type.check(request)
            // A custom resource that names itself anew has been replaced.
            let isOther = change == .updated && result.pending == nil && result.physicalId != record.physicalId
            return made(record, result, isOther ? .replaced : change, first: [])
        } catch {
            guard !error.isTransient else { throw error }
            var record = record
            record.physicalId = request.progress.physicalId ?? record.physicalId
            return failedCreate(record, error, change == .created ? .createFailed : .updateFailed, change)
        }
    }

    private func update(
        _ base: ResourceRecord, _ target: ResourceRecord, _ type: any ResourceType, isRetry: Bool
    ) async throws(ResourceFailure) -> DueOutcome {
        var record = target
        record.physicalId = base.physicalId
        record.attributes = base.attributes
        record.status = .updateInProgress
        record.begun = base.physicalId
        if !isRetry {
            try await commitFirst { [stack, record] transaction in
                try record.save(stack.id, transaction.db)
                try ResourceRecord.keepPrevious(base, stack.id, base.logicalId, transaction.db)
                try StackEvents.add(stack, record, .updateInProgress, transaction)
            }
        }
        let request = request(
            record, properties: try await effective(record.properties, type), physicalId: base.physicalId,
            isRetry: isRetry)
        do throws(ResourceFailure) {
            let before = await former(base.properties, type)
            return made(record, try await type.update(request, from: before), .updated, first: [])
        } catch {
            guard !error.isTransient else { throw error }
            return failedCreate(record, error, .updateFailed, .updated)
        }
    }

    private func replace(
        _ base: ResourceRecord, _ target: ResourceRecord, _ type: any ResourceType, begun: String?
    ) async throws(ResourceFailure) -> DueOutcome {
        if let member = type.nameProperty, let name = target.properties[member]?.string,
            base.properties[member]?.string == name
        {
            throw ResourceFailure(
                reason: "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename "
                    + "\(name) and update the stack again.")
        }
        let name = begun ?? generatedName(target, type)
        if begun == nil {
            var current = base
            current.begun = name
            current.status = .updateInProgress
            try await commitFirst { [stack, current] transaction in
                try current.save(stack.id, transaction.db)
                try ResourceRecord.keepPrevious(base, stack.id, base.logicalId, transaction.db)
                try StackEvents.add(
                    stack, current, .updateInProgress,
                    reason: "Requested update requires the creation of a new physical resource; hence creating one.",
                    transaction)
            }
        }
        var record = target
        record.status = .updateInProgress
        record.begun = name
        let request = request(
            record, properties: try await effective(record.properties, type), physicalId: name, isRetry: begun != nil)
        do throws(ResourceFailure) {
            let result = try await type.create(request)
            return made(record, result, .replaced, first: [(.updateInProgress, "Resource creation Initiated")])
        } catch {
            guard !error.isTransient else { throw error }
            guard let physicalId = request.progress.physicalId else {
                return failedCreate(base, error, .updateFailed, .updated)
            }
            record.physicalId = physicalId
            return failedCreate(record, error, .updateFailed, .replaced)
        }
    }

    private func unchanged(_ base: ResourceRecord, _ target: ResourceRecord) -> DueOutcome {
        var record = base
        record.needs = target.needs
        record.deletionPolicy = target.deletionPolicy
        record.replacePolicy = target.replacePolicy
        return .commit { [stack, record, payload] transaction in
            try record.save(stack.id, transaction.db)
            try StackEngine.report(
                .succeeded(record.logicalId, .unchanged), payload.stackId, payload.operationId, transaction)
        }
    }
}
