@main
struct MyBot {
    static func main() {}
}
