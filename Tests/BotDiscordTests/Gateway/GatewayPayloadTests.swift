import Testing

@testable import BotDiscord

struct GatewayPayloadTests {
    @Test(
        "D15: known payloads are read, unknown ones and unknown fields are harmless",
        arguments: [
            (
                #"{"op":10,"d":{"heartbeat_interval":41250,"_trace":["x"]},"s":null,"t":null}"#,
                .hello(interval: .milliseconds(41250))
            ),
            (#"{"op":11,"d":null}"#, .heartbeatAck), (#"{"op":1,"d":null}"#, .heartbeatRequest),
            (#"{"op":7,"d":null}"#, .reconnect), (#"{"op":9,"d":true}"#, .invalidSession(canResume: true)),
            (#"{"op":9,"d":false}"#, .invalidSession(canResume: false)),
            (#"{"op":9}"#, .invalidSession(canResume: false)),
            (#"{"op":0,"s":5,"t":"SOMETHING_NEW","d":{"a":[1]}}"#, .dispatch(seq: 5, .ignored("SOMETHING_NEW"))),
            (#"{"op":0,"s":6,"t":"MESSAGE_CREATE","d":{"id":5}}"#, .dispatch(seq: 6, .unreadable("MESSAGE_CREATE"))),
            (#"{"op":99,"d":[]}"#, .unknown(opcode: 99)), ("{", nil), ("[]", nil), (#"{"op":"x"}"#, nil),
            (#"{"op":10,"d":{"heartbeat_interval":0}}"#, .hello(interval: .milliseconds(100))),
        ] as [(String, GatewayPayload?)])
    func payloads(_ json: String, _ expected: GatewayPayload?) {
        #expect(GatewayPayload(json: Array(json.utf8)) == expected)
    }

    @Test("D5: READY gives what a resume needs, and the servers that will be told of")
    func ready() throws {
        let json =
            #"{"op":0,"s":1,"t":"READY","d":{"v":10,"session_id":"abc","resume_gateway_url":"wss://x.discord.gg","#
            + #""user":{"id":"7","username":"b"},"application":{"id":"8","flags":0},"#
            + #""guilds":[{"id":"5","unavailable":true},{"id":"6","unavailable":true}]}}"#
        let ready = GatewayReady(
            session: "abc", resumeURL: "wss://x.discord.gg", user: "7", application: "8", servers: ["5", "6"])
        #expect(GatewayPayload(json: Array(json.utf8)) == .dispatch(seq: 1, .ready(ready)))
    }
}
