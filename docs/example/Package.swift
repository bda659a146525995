// swift-tools-version: 6.2
import PackageDescription

// A program that embeds bpreg. Elsewhere, name the package by its address instead of its path.
let package = Package(
    name: "example",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "bpreg", path: "../..")],
    targets: [
        .executableTarget(
            name: "example",
            dependencies: [
                .product(name: "BPTraining", package: "bpreg"), .product(name: "BPData", package: "bpreg"),
                .product(name: "BPRegistry", package: "bpreg"),
            ])
    ]
)
