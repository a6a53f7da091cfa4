// swift-tools-version:6.3
import PackageDescription

/// One chat bot in one executable. The layout, and which target may import which, is described in
/// `Sources/BotApp/BotApp.docc/Architecture.md`; imports point one way: mybot -> BotApp -> everything else -> BotCore.

// Products of other packages, named once.
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")

let package = Package(
    name: "mybot",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "mybot", targets: ["mybot"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "BotCore"),
        .target(
            name: "CVocabulary",
            exclude: ["LICENSE", "README.md", "cl100k_base.merges", "o200k_base.merges", "scalars.classes"]),
        .target(
            name: "BotTokenizer", dependencies: ["BotCore", "CVocabulary"],
            // Without optimisation it takes a second to unpack a vocabulary, in each process that a test starts.
            swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        .target(name: "BotHTTP", dependencies: ["BotCore", "CCurl", collections]),
        .target(
            name: "BotWebSocket",
            dependencies: ["BotCore", "BotHTTP", nioCore, nioHTTP1, nioWebSocket]),
        .target(name: "BotStore", dependencies: ["BotCore", grdb, grdbSQLite]),
        .target(name: "BotSessions", dependencies: ["BotCore", logging]),
        .target(name: "BotModels", dependencies: ["BotCore", "BotHTTP", logging]),
        .target(
            name: "BotConversation",
            dependencies: ["BotCore", "BotSessions", collections, logging]),
        .target(name: "BotTelegram", dependencies: ["BotCore", "BotHTTP", logging]),
        .target(name: "BotDiscord", dependencies: ["BotCore", "BotHTTP", "BotWebSocket", collections, logging]),
        .target(name: "BotObservability", dependencies: ["BotCore", logging]),
        .target(
            name: "BotWeb",
            dependencies: ["BotCore", "BotSessions", hummingbird, httpTypes, logging, nioCore],
            resources: [.embedInCode("Resources")]),
        .target(
            name: "BotApp",
            dependencies: [
                "BotConversation", "BotCore", "BotDiscord", "BotHTTP", "BotModels", "BotObservability", "BotSessions",
                "BotStore", "BotTelegram", "BotTokenizer", "BotWeb", configuration, lifecycle, logging,
            ]),
        .executableTarget(name: "mybot", dependencies: ["BotApp", "BotCore", argumentParser]),

        .target(
            name: "BotTestSupport",
            dependencies: [
                "BotCore", "BotHTTP", nioCore, nioHTTP1, nioPosix, nioSSL, nioWebSocket,
            ],
            path: "Tests/BotTestSupport",
            resources: [.copy("Certificates")]),
        // What the tests of the store do to it: in their own process, and in one that is killed.
        .target(name: "CFaultyVFS", path: "Tests/CFaultyVFS", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(
            name: "StoreWorkload", dependencies: ["BotCore", "BotSessions", "CFaultyVFS", logging],
            path: "Tests/StoreWorkload"),
        .executableTarget(
            name: "StoreWriter", dependencies: ["BotCore", "BotStore", "CFaultyVFS", "StoreWorkload"],
            path: "Tests/StoreWriter"),
        // The fake of the model servers by itself, for the vendors' own libraries: see `.ci/check-fakes`.
        .executableTarget(
            name: "FakeModel", dependencies: ["BotCore", "BotTestSupport"], path: "Tests/FakeModel",
            exclude: ["python"]),
        // The fake Discord by itself, for clients that are not ours: see `.ci/check-gateway`.
        .executableTarget(
            name: "FakeDiscordServer", dependencies: ["BotCore", "BotTestSupport"], path: "Tests/FakeDiscordServer",
            exclude: ["python"]),
        .testTarget(name: "BotCoreTests", dependencies: ["BotCore"]),
        .testTarget(
            name: "BotTokenizerTests", dependencies: ["BotTokenizer"], resources: [.copy("Golden")]),
        .testTarget(name: "BotHTTPTests", dependencies: ["BotHTTP", "BotTestSupport"]),
        .testTarget(name: "BotWebSocketTests", dependencies: ["BotWebSocket", "BotTestSupport"]),
        .testTarget(
            name: "BotStoreTests",
            dependencies: ["BotSessions", "BotStore", "BotTestSupport", "CFaultyVFS", "StoreWorkload", grdb]),
        .testTarget(name: "BotSessionsTests", dependencies: ["BotSessions", "BotTestSupport"]),
        .testTarget(name: "BotModelsTests", dependencies: ["BotModels", "BotTestSupport"]),
        .testTarget(name: "BotConversationTests", dependencies: ["BotConversation", "BotTestSupport"]),
        .testTarget(
            name: "BotTelegramTests", dependencies: ["BotTelegram", "BotTestSupport"], exclude: ["python"]),
        .testTarget(name: "BotDiscordTests", dependencies: ["BotDiscord", "BotTestSupport"]),
        .testTarget(name: "BotObservabilityTests", dependencies: ["BotObservability", "BotTestSupport"]),
        .testTarget(name: "BotWebTests", dependencies: ["BotWeb", "BotTestSupport"]),
        .testTarget(
            name: "BotAppTests",
            dependencies: [
                "BotApp", "BotConversation", "BotModels", "BotSessions", "BotStore", "BotTestSupport", "BotTokenizer",
                lifecycle,
                grdb,
            ]),
        .testTarget(
            name: "BotIntegrationTests",
            dependencies: ["BotApp", "BotConversation", "BotSessions", "BotStore", "BotTestSupport", "BotWeb", grdb]),
    ],
    // For `#embed`, which puts the vocabularies into the executable.
    cLanguageStandard: .c2x
)

// The benchmarks cost an ordinary build nothing: `.ci/bench` sets the variable.
if Context.environment["MYBOT_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Benchmarks",
            dependencies: ["BotCore", "BotObservability", "BotSessions", "BotStore", "BotTokenizer", logging],
            path: "Tests/Benchmarks", exclude: ["python"]))
}

// Every Swift target has the same rules: six upcoming features, and a warning is an error.
// `BotCore/FeatureCheck.swift` fails the build if a feature's name is misspelt here.
for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("ImmutableWeakCaptures"),
            .enableUpcomingFeature("InferIsolatedConformances"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .treatAllWarnings(as: .error),
        ]
}
