//! Asking a pool over HTTP: what is sent, what is refused, what a lost line costs.

use std::{
    collections::VecDeque,
    future::pending,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use ngsign::{
    exchange::{ExchangeError, Pool, PoolOptions},
    keyring::Kind,
    request::{Outcome, Poll, Request, Response, Task},
    signer::Signer,
    watch::{Turn, TurnError, watch},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::support::{COIN, NOW, Scene, part, payee, payout, psbt, request};

/// What a scripted pool has to say, and what it heard.
#[derive(Default)]
struct Script {
    /// Answers to polls, the first first: status and body.
    polls: VecDeque<(StatusCode, Vec<u8>)>,
    /// Statuses for responses; 204 when there is none left.
    takes: VecDeque<StatusCode>,
    heard_polls: Vec<Poll>,
    heard: Vec<Response>,
}

#[derive(Clone, Default)]
struct Scripted(Arc<Mutex<Script>>);

impl Scripted {
    fn say(&self, request: &Request) {
        let body = serde_json::to_vec(request).unwrap();
        self.say_status(StatusCode::OK, &body);
    }

    fn say_status(&self, status: StatusCode, body: &[u8]) {
        self.0
            .lock()
            .unwrap()
            .polls
            .push_back((status, body.to_vec()));
    }

    fn heard(&self) -> Vec<Response> {
        self.0.lock().unwrap().heard.clone()
    }

    /// Serves on a free port; the address of the pool.
    async fn serve(&self) -> String {
        let app = Router::new()
            .route("/base/signer/v1/{currency}/request", post(polled))
            .route("/base/signer/v1/{currency}/response", post(answered))
            .with_state(self.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}/base/")
    }
}

fn is_allowed(currency: &str, headers: &HeaderMap) -> Result<(), StatusCode> {
    if headers
        .get("authorization")
        .map(axum::http::HeaderValue::as_bytes)
        != Some(b"Bearer secret-1")
    {
        Err(StatusCode::UNAUTHORIZED)
    } else if currency == "RLTC" {
        Ok(())
    } else {
        Err(StatusCode::NOT_FOUND)
    }
}

async fn polled(
    State(Scripted(script)): State<Scripted>,
    Path(currency): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Vec<u8>), StatusCode> {
    is_allowed(&currency, &headers)?;
    let poll = Poll::parse(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let mut script = script.lock().unwrap();
    script.heard_polls.push(poll);
    Ok(script
        .polls
        .pop_front()
        .unwrap_or((StatusCode::NO_CONTENT, vec![])))
}

async fn answered(
    State(Scripted(script)): State<Scripted>,
    Path(currency): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, StatusCode> {
    is_allowed(&currency, &headers)?;
    let response = Response::parse(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let mut script = script.lock().unwrap();
    script.heard.push(response);
    Ok(script.takes.pop_front().unwrap_or(StatusCode::NO_CONTENT))
}

struct Options(tempfile::TempDir);

impl Options {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "secret-1\n").unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn at(&self, url: &str) -> PoolOptions {
        PoolOptions {
            url: url.to_owned(),
            token_file: self.path("token"),
            ca_file: None,
            allow_http: false,
        }
    }

    fn pool(&self, url: &str) -> Result<Pool, ExchangeError> {
        Pool::new(&self.at(url))
    }
}

const CLOCK: fn() -> Option<i64> = || Some(NOW);

async fn turn(scene: &mut Scene, pool: &Pool) -> Result<Turn, TurnError> {
    Turn::take(scene.signer.as_mut().unwrap(), pool, CLOCK).await
}

fn pay_one(scene: &mut Scene) -> (Request, Request) {
    let who = payee(20);
    let statement = scene.credit(&[(&who, COIN)]);
    let coin = scene.coin(Kind::P2wpkh, 3 * COIN);
    let parts = [part(&who, COIN)];
    let asked = payout(1, &parts, 2000, &psbt(&[coin], &parts, 2000));
    let mut statements = request(vec![statement], Task::Void { number: 1 });
    statements.task = None;
    (statements, request(vec![], Task::Sign(asked)))
}

#[tokio::test]
async fn statements_are_booked_and_payouts_signed_by_polls_that_say_how_far_the_books_go() {
    let (options, script, mut scene) = (Options::new(), Scripted::default(), Scene::new());
    let pool = options.pool(&script.serve().await).unwrap();
    let (statements, task) = pay_one(&mut scene);
    script.say(&statements);
    script.say(&task);
    let before = scene.signer.as_ref().unwrap().position();
    let booked = turn(&mut scene, &pool).await.unwrap();
    assert!(booked.has_more(&before), "the next poll follows at once");
    let Turn::Answered(response) = turn(&mut scene, &pool).await.unwrap() else {
        panic!("the task was not answered");
    };
    assert!(matches!(
        response.outcome,
        Outcome::Signed { again: false, .. }
    ));
    assert_eq!(turn(&mut scene, &pool).await.unwrap(), Turn::Nothing);
    let heard = script.heard();
    assert_eq!(heard[0].outcome, Outcome::Booked {});
    assert_eq!((heard[0].number, heard[0].version), (None, None));
    assert_eq!(heard[1], *response);
    let polls = script.0.lock().unwrap().heard_polls.clone();
    let after: Vec<_> = polls
        .iter()
        .map(|poll| poll.position.after("main"))
        .collect();
    assert_eq!(after, [0, 1, 1]);
    assert_eq!(polls[2].position.payout, 1);
}

#[tokio::test]
async fn an_answer_that_the_pool_did_not_take_is_given_again() {
    let (options, script, mut scene) = (Options::new(), Scripted::default(), Scene::new());
    let pool = options.pool(&script.serve().await).unwrap();
    let (statements, mut task) = pay_one(&mut scene);
    task.statements = statements.statements;
    script.say(&task);
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    script.0.lock().unwrap().takes.push_back(unavailable);
    let lost = turn(&mut scene, &pool).await.unwrap_err();
    assert!(matches!(
        lost,
        TurnError::Pool(ExchangeError::Status { status: 503, .. })
    ));
    scene.restart().unwrap();
    script.say(&task);
    turn(&mut scene, &pool).await.unwrap();
    let heard = script.heard();
    let whole = |response: &Response| match &response.outcome {
        Outcome::Signed {
            transaction, again, ..
        } => (transaction.clone(), *again),
        other => panic!("{other:?}"),
    };
    let (first, second) = (whole(&heard[0]), whole(&heard[1]));
    assert_eq!((first.1, second.1), (false, true));
    assert_eq!(first.0, second.0);
}

#[tokio::test]
async fn a_pool_that_answers_otherwise_is_told_apart() {
    let (options, script, mut scene) = (Options::new(), Scripted::default(), Scene::new());
    let url = script.serve().await;
    let pool = options.pool(&url).unwrap();
    let problem = br#"{"title":"too many","detail":"wait a minute"}"#;
    script.say_status(StatusCode::TOO_MANY_REQUESTS, problem);
    let error = turn(&mut scene, &pool).await.unwrap_err().to_string();
    assert_eq!(error, "the pool answers 429: wait a minute");
    script.say_status(StatusCode::FOUND, b"");
    let error = turn(&mut scene, &pool).await.unwrap_err().to_string();
    assert_eq!(
        error, "the pool answers 302",
        "a redirection is not followed"
    );
    for body in [&b"{"[..], b"{}", b"{\"format\":2}"] {
        script.say_status(StatusCode::OK, body);
        let error = turn(&mut scene, &pool).await.unwrap_err();
        assert!(matches!(error, TurnError::Pool(ExchangeError::Answer(_))));
    }
    // The pool is of another currency than the request that it gives.
    let (_, mut other) = pay_one(&mut scene);
    other.currency = "LTC".to_owned();
    script.say(&other);
    turn(&mut scene, &pool).await.unwrap();
    let Outcome::Refused { reason, .. } = &script.heard()[0].outcome else {
        panic!("another currency's request was answered");
    };
    assert_eq!(reason, "currency");
    // Its answer goes where the poll went, whatever the request said.
    assert_eq!(script.heard()[0].currency, "RLTC");

    std::fs::write(options.path("token"), "secret-2").unwrap();
    let stranger = options.pool(&url).unwrap();
    let error = turn(&mut scene, &stranger).await.unwrap_err();
    assert!(matches!(
        error,
        TurnError::Pool(ExchangeError::Unauthorised)
    ));
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    let nobody = options.pool(&format!("http://{address}")).unwrap();
    let error = turn(&mut scene, &nobody).await.unwrap_err();
    assert!(matches!(
        error,
        TurnError::Pool(ExchangeError::Unreachable { .. })
    ));
}

#[tokio::test]
async fn watching_goes_on_over_refusals_and_lost_lines_and_ends_when_told() {
    let (options, script, mut scene) = (Options::new(), Scripted::default(), Scene::new());
    let pool = options.pool(&script.serve().await).unwrap();
    let (statements, task) = pay_one(&mut scene);
    script.say_status(StatusCode::BAD_GATEWAY, b"");
    // Refused for lack of credit, then the statements come.
    script.say(&task);
    script.say(&statements);
    script.say(&task);
    let mut turns = 0;
    let (done, is_done) = tokio::sync::oneshot::channel::<()>();
    let mut done = Some(done);
    let signer = scene.signer.as_mut().unwrap();
    let pause = Duration::from_millis(1);
    let stopped = async {
        if is_done.await.is_err() {
            pending::<()>().await;
        }
    };
    let mut asked = 0;
    let before = |_: &mut Signer| asked += 1;
    watch(signer, &pool, pause, CLOCK, stopped, before, |turn| {
        turns += 1;
        if matches!(turn, Ok(Turn::Nothing))
            && let Some(done) = done.take()
        {
            done.send(()).unwrap();
        }
    })
    .await
    .unwrap();
    assert!(turns >= 5, "{turns}");
    assert_eq!(asked, turns, "the policy is looked at before each");
    let heard = script.heard();
    assert!(matches!(&heard[0].outcome, Outcome::Refused { reason, .. } if reason == "credit"));
    assert_eq!(heard[1].outcome, Outcome::Booked {});
    assert!(matches!(heard[2].outcome, Outcome::Signed { .. }));
    assert_eq!(heard.len(), 3);
}

#[test]
fn addresses_and_tokens_that_would_give_something_away_are_refused() {
    let options = Options::new();
    let error = |url: &str| options.pool(url).err().map(|error| error.to_string());
    for url in [
        "http://127.0.0.1:80",
        "http://[::1]:8080/x",
        "http://localhost",
        "https://pool.example.org",
        "https://10.0.0.1:8443/pool/",
    ] {
        assert_eq!(error(url), None, "{url}");
    }
    for url in [
        "http://10.0.0.1",
        "http://pool.example.org",
        "http://localhost.example.org",
    ] {
        assert!(error(url).unwrap().contains("--allow-http"), "{url}");
        let mut allowed = options.at(url);
        allowed.allow_http = true;
        assert!(Pool::new(&allowed).is_ok());
    }
    for url in [
        "",
        "pool",
        "ftp://pool",
        "https://",
        "https://me@pool",
        "https://pool/?a=b",
    ] {
        assert!(error(url).unwrap().contains("is not the address"), "{url}");
    }
    for token in ["", "\nsecret", "two words", "a\u{7}b"] {
        std::fs::write(options.path("token"), token).unwrap();
        assert!(
            error("http://localhost")
                .unwrap()
                .contains("is not a token")
        );
    }
    std::fs::remove_file(options.path("token")).unwrap();
    assert!(
        error("http://localhost")
            .unwrap()
            .contains("cannot read the token")
    );
}

#[tokio::test]
async fn the_pool_s_certificate_is_verified_by_the_authorities_of_a_file() {
    let (options, mut scene) = (Options::new(), Scene::new());
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(options.path("ca"), made.cert.pem()).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(options.path("other"), other.cert.pem()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![made.cert.der().clone()],
            rustls_pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("localhost:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut heard = vec![0; 4096];
            let length = stream.read(&mut heard).await.unwrap();
            assert!(heard[..length].starts_with(b"POST /signer/v1/RLTC/request HTTP/1.1"));
            let nothing = b"HTTP/1.1 204 No Content\r\n\r\n";
            stream.write_all(nothing).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    let mut with = options.at(&format!("https://localhost:{port}"));
    for (ca, is_right) in [(Some("ca"), true), (Some("other"), false), (None, false)] {
        with.ca_file = ca.map(|name| options.path(name));
        let turn = turn(&mut scene, &Pool::new(&with).unwrap()).await;
        match turn {
            Ok(turn) => assert!(is_right && turn == Turn::Nothing),
            Err(TurnError::Pool(ExchangeError::Unreachable { reason, .. })) => {
                assert!(!is_right && reason.contains("certificate"), "{reason}");
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    with.ca_file = Some(options.path("token"));
    assert!(matches!(
        Pool::new(&with).err(),
        Some(ExchangeError::Authorities { .. })
    ));
}
