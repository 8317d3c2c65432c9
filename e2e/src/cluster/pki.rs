//! Certificates and kubeconfig files of the cluster's parts, by the names that Kubernetes expects.

use std::{fs, path::Path};

use anyhow::Context;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use super::{NODE, server};
use crate::sandbox::NODE_ADDRESS;

/// Who gets a kubeconfig file: its name, the common name and the organisation.
const USERS: [(&str, &str, &str); 5] = [
    ("admin", "kubernetes-admin", "system:masters"),
    ("controller-manager", "system:kube-controller-manager", ""),
    ("scheduler", "system:kube-scheduler", ""),
    ("proxy", "system:kube-proxy", ""),
    ("kubelet", "system:node:ngpool", "system:nodes"),
];
/// Names of the API server.
const SERVER: [&str; 7] = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "localhost",
    "127.0.0.1",
    "10.96.0.1",
    NODE_ADDRESS,
];

/// Makes all of them in a folder.
pub(super) fn make(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let authority = Authority::new(folder, "ca", "kubernetes")?;
    let front = Authority::new(folder, "front-proxy-ca", "front-proxy")?;
    authority.certify(folder, "api-server", "kube-apiserver", "", &SERVER)?;
    authority.certify(
        folder,
        "api-server-kubelet",
        "kube-apiserver-kubelet-client",
        "system:masters",
        &[],
    )?;
    authority.certify(folder, "kubelet-server", NODE, "", &[NODE, NODE_ADDRESS])?;
    front.certify(folder, "front-proxy-client", "front-proxy-client", "", &[])?;
    let accounts = KeyPair::generate()?;
    fs::write(folder.join("accounts.key"), accounts.serialize_pem())?;
    fs::write(folder.join("accounts.pub"), accounts.public_key_pem())?;
    for (name, user, group) in USERS {
        authority.certify(folder, name, user, group, &[])?;
        let file = folder.join(format!("{name}.kubeconfig"));
        fs::write(file, kubeconfig(folder, name)?)?;
    }
    Ok(())
}

struct Authority(Issuer<'static, KeyPair>);

impl Authority {
    fn new(folder: &Path, file: &str, name: &str) -> anyhow::Result<Self> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::CrlSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        let certificate = params.self_signed(&key)?;
        fs::write(folder.join(format!("{file}.crt")), certificate.pem())?;
        fs::write(folder.join(format!("{file}.key")), key.serialize_pem())?;
        Ok(Self(Issuer::new(params, key)))
    }

    fn certify(
        &self,
        folder: &Path,
        file: &str,
        name: &str,
        organisation: &str,
        names: &[&str],
    ) -> anyhow::Result<()> {
        let key = KeyPair::generate()?;
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, name);
        if !organisation.is_empty() {
            params
                .distinguished_name
                .push(DnType::OrganizationName, organisation);
        }
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let certificate = params.signed_by(&key, &self.0)?;
        fs::write(folder.join(format!("{file}.crt")), certificate.pem())?;
        fs::write(folder.join(format!("{file}.key")), key.serialize_pem())?;
        Ok(())
    }
}

/// With everything in the file itself, so that it can be taken elsewhere.
fn kubeconfig(folder: &Path, name: &str) -> anyhow::Result<String> {
    let data = |file: &str| {
        fs::read(folder.join(file))
            .map(|bytes| base64(&bytes))
            .with_context(|| format!("{file} is missing"))
    };
    Ok(serde_json::json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "ngpool",
        "clusters": [{"name": "ngpool", "cluster": {
            "server": server(),
            "certificate-authority-data": data("ca.crt")?,
        }}],
        "users": [{"name": name, "user": {
            "client-certificate-data": data(&format!("{name}.crt"))?,
            "client-key-data": data(&format!("{name}.key"))?,
        }}],
        "contexts": [{"name": "ngpool", "context": {"cluster": "ngpool", "user": name}}],
    })
    .to_string())
}

fn base64(bytes: &[u8]) -> String {
    // The type that Kubernetes itself writes bytes as.
    let encoded = serde_json::to_value(k8s_openapi::ByteString(bytes.to_vec()));
    encoded
        .ok()
        .and_then(|value| value.as_str().map(ToOwned::to_owned))
        .unwrap_or_default()
}
