import AWSWire

extension AWSClient {
    /// How a request reaches its service.
    struct Route {
        var endpoint: Endpoint
        var signingName: String
    }

    /// Signs and sends, again while the policy wants that. An answer that is no success becomes an error by `failure`.
    func send(
        _ request: HTTPRequest, by route: Route, timeoutMs: Int? = nil, savingTo path: String? = nil,
        failure: (HTTPResponse) -> AWSError?
    ) async throws(AWSError) -> HTTPResponse {
        var request = request
        request.path = route.endpoint.prefix + request.path
        request.headers["Host"] = route.endpoint.host
        var attempt = 1
        while true {
            let error: AWSError
            do throws(AWSError) {
                let response = try await exchange(request, by: route, timeoutMs: timeoutMs, savingTo: path)
                guard let failed = failure(response) else { return response }
                error = failed
            } catch let lost {
                error = lost
            }
            let pause = configuration.retry.pauseMs(after: error, attempt: attempt, random: surroundings.random())
            guard let pause else { throw error }
            do { try await surroundings.sleep(pause) } catch { throw AWSClient.cancelled }
            attempt += 1
        }
    }

    /// One attempt. Each is signed anew, because time has gone by.
    private func exchange(
        _ request: HTTPRequest, by route: Route, timeoutMs: Int?, savingTo path: String?
    ) async throws(AWSError) -> HTTPResponse {
        guard let credentials = configuration.credentials ?? placeholder(for: route.endpoint) else {
            throw AWSError("NoCredentialsError", "Unable to locate credentials", status: 400)
        }
        let signer = SigV4.Signer(
            credentials: credentials, region: route.endpoint.signingRegion, service: route.signingName)
        let signed: HTTPRequest
        do {
            var isFile = false
            if case .file = request.body { isFile = route.signingName == "s3" }
            signed = try signer.sign(request, nowMs: surroundings.nowMs(), payload: isFile ? .unsigned : .signed)
        } catch { throw error.error(.json) }
        do {
            return try await transport.send(
                signed, to: route.endpoint.origin, timeoutMs: timeoutMs ?? configuration.timeoutMs, savingTo: path)
        } catch {
            throw error.isTimeout
                ? AWSError("ReadTimeoutError", error.description, status: 504)
                : AWSError("EndpointConnectionError", error.description, status: 503)
        }
    }

    /// On this machine the key only says which account is meant.
    private func placeholder(for endpoint: Endpoint) -> SigV4.Credentials? {
        endpoint.isLoopback ? SigV4.Credentials(accessKeyId: "000000000000", secretAccessKey: "none") : nil
    }

    private static var cancelled: AWSError { AWSError("RequestCancelled", "The request was cancelled.", status: 499) }
}
