import AWSWire
import BatonCore
import BatonStore

/// Requests under `/_baton/<service>/`: what a service can do beyond AWS.
extension Gateway {
    /// nil when no service has anything at that path.
    func beyond(_ request: HTTPRequest) async -> HTTPResponse? {
        let parts = request.path.split(separator: "/", maxSplits: 2)
        guard parts.count == 3, parts[0] == "_baton", host.isStarted,
            let service = host.registry.services.first(where: { type(of: $0).id == parts[1] })
        else { return nil }
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
        return await service.answer(request, context)
    }
}
