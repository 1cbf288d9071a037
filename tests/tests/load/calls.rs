//! Many calls, at once and one after the other.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use sagemaker_runtime::Client;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::measure::{Alone, Memory, amount};
use crate::peer::{Answer, Peer, builder, client};

const CALLS: usize = 1000;

/// What a call takes with its connection, on the side of the client and on that of the service, in bytes. Without
/// optimization the state of a call is several times as large as with it.
const PER_CALL: usize = 128 * 1024;

/// The same for a call that waits for its turn.
const PER_WAITING_CALL: usize = 64 * 1024;

/// A service that answers as many requests as it gets permits, and the names of the endpoints in the order of their
/// requests.
async fn gated() -> (Peer, Arc<Semaphore>, Arc<Mutex<Vec<usize>>>) {
    let gate = Arc::new(Semaphore::new(0));
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let (waiting, arrived) = (gate.clone(), arrivals.clone());
    let peer = Peer::start(move |request, _| {
        let name = request
            .target
            .split('/')
            .nth(2)
            .expect("the name of an endpoint")
            .to_owned();
        arrived.lock().unwrap().push(name.parse().expect("a number"));
        let waiting = waiting.clone();
        async move {
            waiting.acquire().await.expect("the gate is never closed").forget();
            Answer::whole(name)
        }
    })
    .await;
    (peer, gate, arrivals)
}

/// Makes all calls at once. Each checks that its answer is its own.
fn make(client: &Client) -> JoinSet<()> {
    let mut calls = JoinSet::new();
    for number in 0..CALLS {
        let client = client.clone();
        calls.spawn(async move {
            let call = client.invoke_endpoint().endpoint_name(number.to_string()).body("1,2");
            let output = call.send().await.expect("an answer");
            assert_eq!(output.body.text().await.expect("a payload"), number.to_string());
        });
    }
    calls
}

#[test]
fn a_thousand_calls_at_once() {
    let alone = Alone::new();
    alone.run(async {
        let (peer, gate, arrivals) = gated().await;
        let client = client(&peer.url);
        let memory = Memory::watch();
        let calls = make(&client);
        while arrivals.lock().unwrap().len() < CALLS {
            tokio::task::yield_now().await;
        }
        assert_eq!(peer.open.load(Ordering::Relaxed), CALLS);
        gate.add_permits(CALLS);
        calls.join_all().await;
        assert_eq!(peer.made.load(Ordering::Relaxed), CALLS);
        assert!(memory.peak() < CALLS * PER_CALL, "{} bytes", memory.peak());
    });
}

/// As many connections as there may be calls in flight, and first come, first served.
#[test]
fn a_thousand_calls_of_which_few_are_in_flight() {
    const IN_FLIGHT: usize = 16;
    let alone = Alone::new();
    alone.run(async {
        let (peer, gate, arrivals) = gated().await;
        let client = builder(&peer.url).max_in_flight(IN_FLIGHT).build().expect("a client");
        let memory = Memory::watch();
        let mut calls = make(&client);
        let arrived = || arrivals.lock().unwrap().len();
        for done in 0..CALLS {
            // All that may be in flight are, and no more.
            while arrived() < (done + IN_FLIGHT).min(CALLS) {
                tokio::task::yield_now().await;
            }
            assert_eq!(arrived(), (done + IN_FLIGHT).min(CALLS));
            gate.add_permits(1);
            calls.join_next().await.expect("a call").expect("it succeeds");
        }
        assert_eq!(peer.made.load(Ordering::Relaxed), IN_FLIGHT);
        for (place, number) in arrivals.lock().unwrap().iter().enumerate() {
            // Those in flight may overtake each other, and nobody else.
            assert!(
                place.abs_diff(*number) < IN_FLIGHT,
                "call {number} is served as number {place}"
            );
        }
        assert!(memory.peak() < CALLS * PER_WAITING_CALL, "{} bytes", memory.peak());
    });
}

/// After some calls everything is there that calls need, and more of them need no more.
#[test]
fn calls_one_after_the_other_take_no_memory() {
    let alone = Alone::new();
    alone.run(async {
        let peer = Peer::start(|_, _| async { Answer::whole("fine") }).await;
        let client = client(&peer.url);
        let call = async || {
            let call = client.invoke_endpoint().endpoint_name("model").body("1,2");
            let output = call.send().await.expect("an answer");
            assert_eq!(output.body.text().await.expect("a payload"), "fine");
        };
        for _ in 0..200 {
            call().await;
        }
        let memory = Memory::watch();
        for _ in 0..amount(5000, 100_000) {
            call().await;
        }
        assert!(memory.growth() < 16 * 1024, "{} bytes stay", memory.growth());
        assert!(memory.peak() < 64 * 1024, "{} bytes at most", memory.peak());
        assert_eq!(peer.made.load(Ordering::Relaxed), 1);
    });
}
