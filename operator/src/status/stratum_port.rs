//! A StratumPort: `Available`, `TemplateFresh`, how many pods, and where miners connect.

use k8s_openapi::api::core::v1::Service;
use ngpool_crds::{
    Kind,
    kinds::{ServiceType, StratumPortSpec, StratumPortStatus},
};

use super::{
    Note, Seen, Status,
    coinserver::{is_unasked, not_running, reports},
    conditions::{AVAILABLE, Finding, TEMPLATE_FRESH, Truth},
    verdict::Domain,
    workload::Progress,
};
use crate::{health::Report, names::Part};

pub(super) fn status<S>(seen: &Seen<'_, S>, name: &str) -> Option<(Domain, Status)> {
    let spec = &seen.objects.stratum_ports.get(name)?.spec;
    let part = Part::of(Kind::StratumPort, name);
    let progress = seen
        .deployments
        .get(&part.child())
        .map(Progress::of_deployment);
    let service = seen.services.get(&part.child());
    let selector: Vec<String> = part
        .selector_labels()
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let counted = progress.unwrap_or_default();
    let fields = StratumPortStatus {
        replicas: Some(counted.all),
        ready_replicas: Some(counted.ready),
        selector: Some(selector.join(",")),
        address: address(seen.namespace, spec, part, service),
        ..StratumPortStatus::default()
    };
    let conditions = vec![
        available(seen, spec, part, progress, service),
        template_fresh(seen, part, progress),
    ];
    // On purpose nobody is served: that is not unwell.
    let asleep = progress.is_some_and(|it| it.wanted == 0 && !it.is_rolling());
    let well = if asleep {
        Note::new("ScaledToZero", "it has no pods, because replicas is 0")
    } else {
        Note::new("Serving", "miners can connect and get work")
    };
    let domain = Domain {
        conditions,
        asleep,
        rolling: progress.filter(Progress::is_rolling).map(rolling),
        well: Some(well),
        ..Domain::default()
    };
    Some((domain, Status::StratumPort(fields)))
}

fn rolling(progress: Progress) -> Note {
    Note::new(
        "RollingOut",
        format!(
            "{} of {} pods run what is wanted, {} are there",
            progress.updated, progress.wanted, progress.all
        ),
    )
}

fn available<S>(
    seen: &Seen<'_, S>,
    spec: &StratumPortSpec,
    part: Part<'_>,
    progress: Option<Progress>,
    service: Option<&Service>,
) -> Finding {
    let finding = |truth, reason, message: &str| Finding::new(AVAILABLE, truth, reason, message);
    match progress {
        Some(progress) if progress.wanted == 0 => finding(
            Truth::False,
            "ScaledToZero",
            "it has no pods; set spec.replicas above 0 to serve miners",
        ),
        Some(progress) if progress.ready > 0 => {
            if waits_for_balancer(spec, service) {
                finding(
                    Truth::False,
                    "AddressPending",
                    "its Service waits for an address of a load balancer; see `kubectl describe \
                     service`, or set spec.service.type",
                )
            } else {
                finding(Truth::True, "PodsReady", "miners can connect")
            }
        }
        _ => {
            let unready = reports(seen, part)
                .map(|(_, report)| report)
                .find(|report| report.answered && !report.ready);
            match unready {
                Some(report) => finding(
                    Truth::False,
                    if awaits_work(report) {
                        "Starting"
                    } else {
                        "NoPodReady"
                    },
                    &format!("no pod takes miners: {}", report.reason),
                ),
                None => not_running(seen, part, first_silent(seen, part)).about(AVAILABLE),
            }
        }
    }
}

fn first_silent<'a, S>(seen: &Seen<'a, S>, part: Part<'_>) -> Option<&'a Report> {
    reports(seen, part).map(|(_, report)| report).next()
}

fn template_fresh<S>(seen: &Seen<'_, S>, part: Part<'_>, progress: Option<Progress>) -> Finding {
    let finding =
        |truth, reason, message: &str| Finding::new(TEMPLATE_FRESH, truth, reason, message);
    if progress.is_some_and(|progress| progress.wanted == 0) {
        return finding(Truth::Unknown, "ScaledToZero", "it has no pods");
    }
    let answers: Vec<&Report> = reports(seen, part)
        .filter(|(pod, report)| report.answered && pod.metadata.deletion_timestamp.is_none())
        .map(|(_, report)| report)
        .collect();
    if answers.iter().any(|report| has_work(report)) {
        return finding(Truth::True, "Fresh", "its pods have work that is fresh");
    }
    match answers.first() {
        Some(report) => finding(
            Truth::False,
            if awaits_work(report) {
                "AwaitingTemplate"
            } else {
                "NoTemplate"
            },
            &format!(
                "{}; see the Coinservers of its currencies",
                report.reason.trim_end_matches('.')
            ),
        ),
        None => Finding {
            provisional: is_unasked(seen, part),
            ..finding(Truth::Unknown, "NoAnswer", "no pod has said yet")
        },
    }
}

/// Whether a pod has not had any work since it started.
fn awaits_work(report: &Report) -> bool {
    let words = ["no template yet", "starting"];
    !report.ready && words.iter().any(|words| report.reason.starts_with(words))
}

/// A pod that is not ready may still have work, such as one that cannot keep shares. `ngstratum`
/// tells a lack of work in these words.
fn has_work(report: &Report) -> bool {
    report.ready || !(awaits_work(report) || report.reason.starts_with("no usable template"))
}

fn type_of(spec: &StratumPortSpec) -> ServiceType {
    let service = spec.service.as_ref();
    service
        .and_then(|service| service.type_)
        .unwrap_or(ServiceType::ClusterIP)
}

fn waits_for_balancer(spec: &StratumPortSpec, service: Option<&Service>) -> bool {
    type_of(spec) == ServiceType::LoadBalancer
        && spec.advertise.is_none()
        && service.and_then(balancer).is_none()
}

/// Address of the load balancer.
fn balancer(service: &Service) -> Option<String> {
    let status = service.status.as_ref()?.load_balancer.as_ref()?;
    let first = status.ingress.as_ref()?.first()?;
    first.hostname.clone().or_else(|| first.ip.clone())
}

/// Where miners connect, as `host:port`: what the object says, else what the Service got. A port of
/// every node is shown as `*:port`.
fn address(
    namespace: &str,
    spec: &StratumPortSpec,
    part: Part<'_>,
    service: Option<&Service>,
) -> Option<String> {
    let service_port = spec
        .service
        .as_ref()
        .and_then(|service| service.port)
        .unwrap_or(spec.port);
    if let Some(advertise) = &spec.advertise {
        let port = advertise.port.unwrap_or(service_port);
        return Some(host_port(&advertise.host, port));
    }
    // The address is the Gateway's, which is not read.
    if spec.gateway.is_some() {
        return None;
    }
    match type_of(spec) {
        ServiceType::LoadBalancer => Some(host_port(&balancer(service?)?, service_port)),
        ServiceType::NodePort => {
            let ports = service?.spec.as_ref()?.ports.as_ref()?;
            Some(format!("*:{}", ports.first()?.node_port?))
        }
        ServiceType::ClusterIP => {
            service?;
            Some(format!("{}.{namespace}.svc:{service_port}", part.child()))
        }
    }
}

fn host_port(host: &str, port: u16) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}
