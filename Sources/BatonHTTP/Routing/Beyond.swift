import AWSWire
import BatonCore
import BatonStore

/// Requests under `/_baton/<service>/`: what a service can do beyond AWS.
extension Gateway {
    /// The service that a path names.
    func beyond(_ request: HTTPRequest) -> (any Service)? {
        let parts = request.path.split(separator: "/", maxSplits: 2)
        guard parts.count == 3, parts[0] == "_baton", host.isStarted else { return nil }
        return host.registry.services.first { type(of: $0).id == parts[1] }
    }

    func answer(_ request: HTTPRequest, beyond service: any Service) async -> HTTPResponse {
        host.clock.beginActivity()
        defer { host.clock.endActivity() }
        let scope = CredentialScope.parse(request)
        var account = Self.account(scope)
        if let keys = settings.accessKeys {
            do throws(AWSError) {
                account = try verify(request, keys, .json).account
            } catch {
                return HTTPResponse(
                    status: error.status, headers: ["Content-Type": "text/plain; charset=utf-8"],
                    body: .bytes(Array("\(error.message)\n".utf8)))
            }
        }
        let context = Context(
            host: host, account: account, region: scope?.region ?? Self.defaultRegion,
            requestId: host.random.uuid(), request: request)
        return await service.answer(request, context) ?? ownPage(request) ?? HTTPResponse(status: 404)
    }
}
