import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A response with a JSON body. Its keys are sorted, so that the same state gives the same bytes.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {  // only a NaN could fail, and no figure here is one
            return Response(status: .internalServerError)
        }
        return Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}

/// The envelope of the API's answers.
struct Success<Payload: Encodable>: Encodable {
    let success = true
    let data: Payload
    /// How many elements `data` has, where it is a list.
    var count: Int?

    private enum CodingKeys: CodingKey { case success, data, count }
}
