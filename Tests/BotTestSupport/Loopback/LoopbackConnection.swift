import BotCore
import NIOCore
import NIOHTTP1
import NIOSSL
import NIOWebSocket

/// What arrives on a connection of the test server.
enum LoopbackInbound: Sendable {
    case request(HTTPRequestHead, body: [UInt8])
    case frame(LoopbackFrame)
}

/// One accepted connection: its channel, and what came over it.
struct LoopbackConnection: Sendable {
    let id: Int
    let channel: any Channel
    let inbound: Mailbox<LoopbackInbound>

    /// Builds the pipeline: a door for abrupt closing, TLS, HTTP, and the handler that fills the mailbox.
    init(id: Int, channel: any Channel, tls: NIOSSLContext?) throws {
        self.id = id
        self.channel = channel
        inbound = Mailbox()
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(AbruptDoor())
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        try pipeline.addHandler(RawDoor())
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
        try pipeline.addHandler(RequestCollector(inbound))
    }

    /// Waits until the channel is closed, by whomever.
    func waitUntilClosed() async {
        // A close that fails is a close all the same.
        try? await channel.closeFuture.get()
    }

    /// Closes without goodbye: no close_notify, and a reset instead of an orderly end where the socket can.
    func closeAbruptly() async {
        if let socket = channel as? any SocketOptionProvider {
            // A socket that is gone already needs no reset.
            try? await socket.unsafeSetSocketOption(level: .socket, name: .so_linger, value: Linger()).get()
        }
        channel.triggerUserOutboundEvent(AbruptDoor.Close(), promise: nil)
        await waitUntilClosed()
    }

    func write(_ part: HTTPServerResponsePart) async throws {
        try await channel.writeAndFlush(part)
    }

    /// Writes bytes as they are, around the HTTP and WebSocket encoders.
    func writeRaw(_ bytes: [UInt8]) async throws {
        try await channel.triggerUserOutboundEvent(RawDoor.Bytes(bytes: bytes)).get()
    }

    /// Answers 101 and exchanges the HTTP handlers for those of WebSocket frames.
    func upgrade(_ head: HTTPRequestHead, headers: HTTPHeaders) async throws {
        // The upgrader is only asked for the answer's headers: it computes the accept key.
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(headers) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        let (channel, inbound) = (channel, inbound)
        let answer = try await channel.eventLoop.flatSubmit {
            upgrader.buildUpgradeResponse(channel: channel, upgradeRequest: head, initialResponseHeaders: headers)
        }.get()
        try await channel.eventLoop.flatSubmit {
            let pipeline = channel.pipeline.syncOperations
            do {
                let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: answer)
                channel.write(HTTPServerResponsePart.head(head), promise: nil)
                channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
                let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
                let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
                let collector = try pipeline.context(handlerType: RequestCollector.self)
                try pipeline.addHandler(WebSocketFrameEncoder())
                try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 26)))
                try pipeline.addHandler(FrameCollector(inbound))
                let removals = [encoder, collector, decoder].map { pipeline.removeHandler(context: $0) }
                return EventLoopFuture.andAllSucceed(removals, on: channel.eventLoop)
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }.get()
    }
}

/// The C `linger` (the header's own is in no module that may be imported): close at once, with a reset.
private struct Linger: Sendable {
    let isOn: CInt = 1
    let seconds: CInt = 0
}

/// Sits before TLS, so that a connection can be closed without telling TLS.
private final class AbruptDoor: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    struct Close: Sendable {}

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if event is Close {
            context.close(promise: promise)
        } else {
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }
}

/// Sits between TLS and the encoders, so that bytes can be sent as they are.
private final class RawDoor: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    struct Bytes: Sendable { let bytes: [UInt8] }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if let raw = event as? Bytes {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: raw.bytes)), promise: promise)
        } else {
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }
}

/// Puts whole requests into the mailbox, which ends with the connection.
private final class RequestCollector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let inbound: Mailbox<LoopbackInbound>
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ inbound: Mailbox<LoopbackInbound>) { self.inbound = inbound }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let bytes): body.append(contentsOf: bytes.readableBytesView)
        case .end:
            if let head { inbound.put(.request(head, body: body)) }
            head = nil
        }
    }

    func channelInactive(context: ChannelHandlerContext) { inbound.close() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Puts frames into the mailbox, which ends with the connection.
private final class FrameCollector: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let inbound: Mailbox<LoopbackInbound>

    init(_ inbound: Mailbox<LoopbackInbound>) { self.inbound = inbound }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inbound.put(.frame(LoopbackFrame(unwrapInboundIn(data))))
    }

    func channelInactive(context: ChannelHandlerContext) { inbound.close() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
