//! Compiles the contracts with protox, so that nobody needs protoc.

fn main() -> anyhow::Result<()> {
    let files = [
        "proto/ngpool/v1/coinserver.proto",
        "proto/ngpool/v1/ledger.proto",
        "proto/ngpool/v1/status.proto",
    ];
    let descriptors = protox::compile(files, ["proto"])?;
    tonic_prost_build::configure()
        .bytes(".ngpool.v1")
        .compile_fds(descriptors)?;
    println!("cargo::rerun-if-changed=proto");
    Ok(())
}
