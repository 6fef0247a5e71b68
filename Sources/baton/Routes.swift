import AWSClient
import AWSModel
import AWSWire
import ArgumentParser
import BatonCore
import JSON

/// `--route SERVICE=aws` and `--route SERVICE=URL`: a service that lives elsewhere while the rest stays here. Clients and
/// the other services of this Baton call it as if it were local.
struct ServiceRoute: ExpressibleByArgument {
    let service: String
    /// nil is AWS itself.
    let endpoint: String?

    /// Contents of objects are streamed, which calls between services are not.
    private static let unroutable: Set = ["s3"]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, ServiceModel.all.contains(parts[0]), !Self.unroutable.contains(parts[0]) else {
            return nil
        }
        guard parts[1] == "aws" || parts[1].hasPrefix("http://") || parts[1].hasPrefix("https://") else { return nil }
        service = parts[0]
        endpoint = parts[1] == "aws" ? nil : parts[1]
    }

    /// With the credentials of the environment, in the region of the caller.
    var call: Registry.Route {
        var configuration = Configuration.ofProcess()
        configuration.endpoint = endpoint
        configuration.endpoints = [:]
        let client = AWSClient(configuration)
        return { [service] operation, input, context async throws(AWSError) in
            var client = client
            client.configuration.region = context.region
            return try await client.call(service, operation, input)
        }
    }
}
