// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], resources: resources,
        swiftSettings: swiftSettings)
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["CommandLineTool"]))

let package = Package(
    name: "bpreg",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "bpreg", targets: ["bpreg"]),
        .library(name: "BPReg", targets: ["BPReg"]),
        .library(name: "BPCore", targets: ["BPCore"]),
    ],
    // A program that embeds bpreg disables it with `traits: []`, and then resolves no other package.
    traits: [
        .trait(name: "CommandLineTool", description: "The command line: bpreg, with swift-argument-parser."),
        .default(enabledTraits: ["CommandLineTool"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // System libraries and C
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "CBPKernels"),

        // Libraries, lowest first; every arrow is listed, and tools/check-arrows holds them
        library("BPText", []),
        library("BPSystem", []),
        library("BPJSON", []),
        library("BPQuery", ["BPText"]),
        library("BPSQLite", ["BPSystem", "CSQLite"]),
        library("BPMigrations", [], resources: [.embedInCode("sql")]),
        library("BPCore", ["CBPKernels"]),
        library("BPData", ["BPCore", "BPJSON", "BPText", "BPSystem", "CZlib"]),
        library("BPStore", ["BPSQLite", "BPMigrations", "BPQuery", "BPJSON", "BPSystem", "CCrypto"]),
        library("BPRegistry", ["BPStore", "BPJSON", "BPSystem", "BPText"]),
        library("BPTransfer", ["BPRegistry", "BPStore", "BPJSON"]),
        library("BPTraining", ["BPCore", "BPData", "BPRegistry", "BPJSON", "BPSystem"]),
        library(
            "BPInterchange",
            ["BPTransfer", "BPTraining", "BPRegistry", "BPData", "BPCore", "BPJSON", "BPSystem"]),
        library("BPReg", ["BPInterchange", "BPTransfer", "BPTraining", "BPRegistry", "BPQuery", "BPData", "BPCore"]),
        library(
            "BPReport",
            [
                "BPInterchange", "BPTransfer", "BPTraining", "BPRegistry", "BPQuery", "BPData", "BPCore", "BPJSON",
                "BPSystem", "BPText",
            ]),
        library(
            "BPCommands",
            [
                "BPReport", "BPInterchange", "BPTransfer", "BPTraining", "BPRegistry", "BPData", "BPCore", "BPJSON",
                "BPText",
                argumentParser,
            ]),
        .executableTarget(
            name: "bpreg-bench", dependencies: ["BPTraining", "BPRegistry", "BPData", "BPCore"],
            path: "Sources/BPBench", swiftSettings: swiftSettings),
        .executableTarget(name: "bpreg", dependencies: ["BPCommands"], swiftSettings: swiftSettings),

        // Tests
        .target(name: "CRecordingVFS", dependencies: ["CSQLite"], path: "Tests/CRecordingVFS"),
        .target(
            name: "TestSupport", dependencies: ["CRecordingVFS"], path: "Tests/TestSupport",
            swiftSettings: swiftSettings),
        .target(
            name: "RegistryTestSupport",
            dependencies: ["TestSupport", "BPTransfer", "BPRegistry", "BPStore", "BPJSON"],
            path: "Tests/RegistryTestSupport", swiftSettings: swiftSettings),
        .executableTarget(
            name: "StorageProbe", dependencies: ["BPSQLite"], path: "Tests/StorageProbe",
            swiftSettings: swiftSettings),
        tests("BPTextTests", ["BPText"]),
        tests("BPSystemTests", ["BPSystem"]),
        tests("BPJSONTests", ["BPJSON"]),
        tests("BPQueryTests", ["BPQuery"]),
        tests("BPSQLiteTests", ["BPSQLite", "CSQLite", "CRecordingVFS", "StorageProbe"]),
        tests("BPCoreTests", ["BPCore", "CBPKernels"]),
        tests("BPDataTests", ["BPData", "BPJSON"]),
        tests(
            "BPStoreTests",
            ["RegistryTestSupport", "BPTransfer", "BPRegistry", "BPStore", "BPMigrations", "BPSQLite"]),
        tests(
            "BPRegistryTests",
            ["RegistryTestSupport", "BPTransfer", "BPRegistry", "BPStore", "BPQuery", "BPSQLite", "BPJSON"]),
        tests("BPTransferTests", ["RegistryTestSupport", "BPTransfer", "BPRegistry", "BPStore", "BPJSON"]),
        tests("BPTrainingTests", ["BPTransfer", "BPTraining", "BPCore", "BPData", "BPJSON", "BPRegistry"]),
        tests(
            "BPInterchangeTests",
            ["BPInterchange", "BPTransfer", "BPTraining", "BPRegistry", "BPData", "BPCore", "BPJSON"]),
        tests("BPRegTests", ["BPReg"]),
        tests(
            "BPReportTests",
            ["BPReport", "BPInterchange", "BPTraining", "BPRegistry", "BPData", "BPCore", "BPJSON"]),
        tests(
            "BPCommandsTests",
            [
                "BPCommands", "BPReport", "BPTraining", "BPRegistry", "BPData", "BPCore", "BPJSON",
                argumentParser,
            ]),
    ],
    swiftLanguageModes: [.v6]
)
