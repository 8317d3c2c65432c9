//! The images of a cluster, made here: nothing is pulled from a registry.
//!
//! A layer from Debian is made once per recipe; the layer of our programs whenever they change. Each
//! image is one archive that `ctr images import`, `kind load image-archive` and `docker load` take.

mod debian;
mod layer;
mod oci;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::{place, tools::Tools};
use debian::System;
use layer::Layer;
use oci::Contents;

/// Tag of what is made for tests.
pub const TAG: &str = "e2e";
/// Image of our programs.
pub const PROGRAMS: &str = "localhost/ngpool:e2e";
/// Repository prefix of the images of daemons.
pub const NODES: &str = "localhost/node";
/// Image of PostgreSQL.
pub const POSTGRES: &str = "localhost/postgres:15";
/// Image of the DNS server.
pub const COREDNS: &str = "localhost/coredns:e2e";
/// Image that holds a pod's namespaces open.
pub const PAUSE: &str = "localhost/pause:e2e";
/// A shell and small tools, for pods that a test makes.
pub const BUSYBOX: &str = "localhost/busybox:e2e";

/// What is in the image of our programs, as `images/Dockerfile` has it too.
const BINARIES: [&str; 8] = [
    "ngcoinserver",
    "ngledger",
    "ngpayout",
    "ngpool",
    "ngpool-operator",
    "ngsign",
    "ngstratum",
    "ngweb",
];
/// User of our programs and of the daemons.
const NOBODY: &str = "65532:65532";
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// An image as an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its name with its tag.
    pub name: String,
    /// The archive.
    pub archive: PathBuf,
}

/// Makes what is missing of all of them; the programs are taken from `programs`.
pub fn make(tools: &Tools, programs: &Path) -> anyhow::Result<Vec<Image>> {
    let began = Instant::now();
    let folder = place::cache()?.join("images");
    fs::create_dir_all(&folder)?;
    let base = System {
        name: "base",
        packages: &["ca-certificates"],
        hook: "",
    };
    let litecoin = System {
        name: "litecoin",
        packages: &["litecoind"],
        hook: "",
    };
    let postgres = System {
        name: "postgres",
        packages: &["postgresql-15"],
        hook: debian::POSTGRES_USER,
    };
    let busybox = Path::new("/usr/bin/busybox");
    let busybox = if busybox.exists() {
        busybox
    } else {
        Path::new("/bin/busybox")
    };
    let mut ours = Layer::new("programs");
    for binary in BINARIES {
        ours.program(&format!("usr/local/bin/{binary}"), &programs.join(binary));
    }
    ours.link("usr/local/bin/kubectl-ngpool", "ngpool");
    // Debian's /usr/bin/litecoind is a wrapper that writes into the home directory.
    let mut daemon = Layer::new("litecoind");
    daemon.link("usr/local/bin/litecoind", "/usr/lib/litecoin/litecoind");
    let mut entrypoint = Layer::new("postgres-entrypoint");
    entrypoint.script(
        "usr/local/bin/docker-entrypoint.sh",
        &place::checkout().join("images/postgres/docker-entrypoint.sh"),
    );
    let mut dns = Layer::new("coredns");
    dns.file("coredns", &tools.path("coredns"));
    let mut shell = Layer::new("busybox");
    shell.file("bin/busybox", busybox);
    for applet in ["sh", "sleep", "nc", "wget", "cat", "ls", "nslookup"] {
        shell.link(&format!("bin/{applet}"), "busybox");
    }
    let shell = shell.make(&folder)?;
    let base = base.make(&folder)?;
    let made = vec![
        Contents {
            name: PROGRAMS,
            also: "",
            layers: vec![base, ours.make(&folder)?],
            user: NOBODY,
            path: PATH,
            stop: "",
            entrypoint: &[],
            command: &["ngpool"],
        }
        .make(&folder)?,
        Contents {
            name: &format!("{NODES}/litecoind:{TAG}"),
            also: &format!("{NODES}/litecoind:{}", env!("CARGO_PKG_VERSION")),
            layers: vec![litecoin.make(&folder)?, daemon.make(&folder)?],
            user: NOBODY,
            path: PATH,
            stop: "",
            entrypoint: &[],
            command: &["litecoind"],
        }
        .make(&folder)?,
        Contents {
            name: POSTGRES,
            also: "",
            layers: vec![postgres.make(&folder)?, entrypoint.make(&folder)?],
            user: "",
            path: &format!("/usr/lib/postgresql/15/bin:{PATH}"),
            // A fast shutdown, which does not wait for clients.
            stop: "SIGINT",
            entrypoint: &["docker-entrypoint.sh"],
            command: &["postgres"],
        }
        .make(&folder)?,
        Contents {
            name: COREDNS,
            also: "",
            layers: vec![dns.make(&folder)?],
            user: NOBODY,
            path: PATH,
            stop: "",
            entrypoint: &["/coredns"],
            command: &[],
        }
        .make(&folder)?,
        Contents {
            name: PAUSE,
            also: "",
            layers: vec![shell.clone()],
            user: NOBODY,
            path: PATH,
            stop: "",
            entrypoint: &["/bin/busybox", "sleep"],
            command: &["2147483647"],
        }
        .make(&folder)?,
        Contents {
            name: BUSYBOX,
            also: "",
            layers: vec![shell],
            user: NOBODY,
            path: PATH,
            stop: "",
            entrypoint: &[],
            command: &["sh"],
        }
        .make(&folder)?,
    ];
    eprintln!("== images: {} s", began.elapsed().as_secs());
    Ok(made)
}

/// SHA-256 of a file, in hex.
fn digest(path: &Path) -> anyhow::Result<String> {
    use sha2::{Digest, Sha256};
    let mut file =
        fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = std::io::Read::read(&mut file, &mut buffer)?;
        if read == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}
