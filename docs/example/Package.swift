// swift-tools-version: 6.2
import PackageDescription

// Programs that embed bpreg. Elsewhere, name the package by its address instead of its path.
let package = Package(
    name: "example",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "bpreg", path: "../..", traits: [])],
    targets: [
        .executableTarget(name: "rings", dependencies: [.product(name: "BPReg", package: "bpreg")]),
        .executableTarget(name: "embedding", dependencies: [.product(name: "BPReg", package: "bpreg")]),
    ]
)
