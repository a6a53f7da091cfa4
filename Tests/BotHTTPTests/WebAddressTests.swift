import Testing

@testable import BotHTTP

struct WebAddressTests {
    @Test(arguments: [
        ("http://localhost:8080/x", "localhost", true), ("http://LOCALHOST./", "localhost.", true),
        ("http://api.localhost/", "api.localhost", true), ("http://127.0.0.1/", "127.0.0.1", true),
        ("http://127.255.1.2/", "127.255.1.2", true), ("http://2130706433/", "127.0.0.1", true),
        ("http://0x7f.1/", "127.0.0.1", true), ("http://[::1]:80/", "::1", true),
        ("http://[0:0:0:0:0:0:0:1]/", "::1", true), ("http://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1", true),
        ("https://user:127.0.0.1@bot.test/", "bot.test", false),
        ("https://127.0.0.1.bot.test/", "127.0.0.1.bot.test", false),
        ("https://localhost.bot.test/", "localhost.bot.test", false), ("https://128.0.0.1/", "128.0.0.1", false),
        ("https://0.0.0.0/", "0.0.0.0", false), ("https://[::2]/", "::2", false),
        ("HTTPS://Bot.Test/", "bot.test", false),
    ])
    func knowsLoopback(url: String, host: String, isLoopback: Bool) throws {
        let address = try WebAddress(url)
        #expect(address.host == host)
        #expect(address.isLoopback == isLoopback)
    }
}
