import BatonCore
import JSON

/// `AWS::CloudFormation::WaitConditionHandle`. `Ref`: the URL that takes signals.
struct WaitConditionHandle: ResourceType {
    let name = "AWS::CloudFormation::WaitConditionHandle"
    let attributes: [String] = []
    let properties: [String: PropertyRule] = [:]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let token = ResponsePath.token(request, "Handle")
        try await request.write { transaction in try ResponsePath.expect(token, operationId: nil, transaction) }
        return ResourceResult(ResponsePath.url(token, request))
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        ResourceResult(request.physicalId)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        guard let token = ResponsePath.token(ofURL: request.physicalId) else { return }
        try await request.write { transaction in try ResponsePath.forget(token, transaction) }
    }
}

/// `AWS::CloudFormation::WaitCondition`: is there when its handle has received `Count` signals of success. `Data`: what
/// came with them, by their ids, as JSON text. Source: template reference.
struct WaitCondition: ResourceType {
    let name = "AWS::CloudFormation::WaitCondition"
    let attributes = ["Data"]
    let properties: [String: PropertyRule] = [
        "Handle": .inPlace(.string), "Timeout": .inPlace(.integer), "Count": .inPlace(.integer),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        guard let token = request.text("Handle").flatMap(ResponsePath.token(ofURL:)) else {
            throw ResourceFailure(reason: "Handle must be the reference of a WaitConditionHandle")
        }
        let own = ResponsePath.token(request, "Condition")
        let operationId = request.stack.operationId
        try await request.write { transaction in
            try ResponsePath.expect(own, operationId: operationId, transaction)
        }
        return try await look(token, own, request)
    }

    func check(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let token = request.text("Handle").flatMap(ResponsePath.token(ofURL:)) ?? ""
        return try await look(token, ResponsePath.token(request, "Condition"), request)
    }

    private func look(
        _ token: String, _ own: String, _ request: ResourceRequest
    ) async throws(ResourceFailure) -> ResourceResult {
        let (signals, begunMs) = try request.read { db in
            (try ResponsePath.responses(token, db), try ResponsePath.begunMs(own, db))
        }
        if let failure = signals.first(where: { $0.body["Status"] != "SUCCESS" }) {
            throw ResourceFailure(
                reason: "WaitCondition received failed message: '\(failure.body["Reason"]?.string ?? "")' for "
                    + "uniqueId: \(failure.id)")
        }
        let count = request["Count"]?.int ?? 1
        if signals.count >= count {
            let data = JSON.object(JSON.Object(signals.map { ($0.id, $0.body["Data"] ?? "") }))
            return ResourceResult(request.physicalId, ["Data": .string(data.text())])
        }
        let timeoutMs = Int64(request["Timeout"]?.int ?? 43_200) * 1000
        guard request.context.nowMs - (begunMs ?? request.context.nowMs) < timeoutMs else {
            throw ResourceFailure(
                reason: "WaitCondition timed out. Received \(signals.count) conditions when expecting \(count)")
        }
        return ResourceResult(request.physicalId, pending: .response(token, known: signals.count))
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        throw ResourceFailure(reason: "Update to resource type \(name) is not supported.")
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {}
}
