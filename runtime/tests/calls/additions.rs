//! What a call adds to its request: an idempotency token, a prefix of the host.

use super::*;

#[tokio::test]
async fn a_call_has_one_idempotency_token() {
    let server = Server::new(&[503, 503]);
    let made = Arc::new(AtomicUsize::new(0));
    let count = made.clone();
    let tokens = move || format!("token-{}", count.fetch_add(1, Ordering::Relaxed));
    let client = server.signing_client().idempotency_tokens(tokens).build().unwrap();
    client.call(Signed::default()).await.unwrap();
    let sent = server.sent();
    let tokens: Vec<_> = sent.iter().map(|request| request.header("x-token").unwrap()).collect();
    assert_eq!(tokens, ["token-0"; 3]);

    client.call(Signed::default()).await.unwrap();
    assert_eq!(server.only().header("x-token"), Some("token-1"));

    let token = Some("mine".to_owned());
    client
        .call(Signed {
            token,
            ..Signed::default()
        })
        .await
        .unwrap();
    assert_eq!(server.only().header("x-token"), Some("mine"));
    assert_eq!(made.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn idempotency_tokens_are_random() {
    let server = Server::new(&[503]);
    let client = server.signing_client().build().unwrap();
    client.call(Signed::default()).await.unwrap();
    client.call(Signed::default()).await.unwrap();
    let sent = server.sent();
    let tokens: Vec<_> = sent.iter().map(|request| request.header("x-token").unwrap()).collect();
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
    assert_eq!(tokens[0].len(), 36);
    // Without a client as well.
    let endpoint = Endpoint::new("http://localhost").unwrap();
    let request = Signed::default().into_request(&endpoint).unwrap();
    assert_eq!(request.headers()[TOKEN].len(), 36);
}

#[tokio::test]
async fn prefixes_of_hosts_can_be_switched_off() {
    let server = Server::new(&[]);
    let call = async |client: ClientBuilder<Client>| {
        client.build().unwrap().call(Signed::default()).await.unwrap();
        server.only().uri.to_string()
    };
    assert_eq!(call(server.signing_client()).await, "http://data-localhost/");
    assert_eq!(
        call(server.signing_client().disable_host_prefix(true)).await,
        "http://localhost/"
    );
}
