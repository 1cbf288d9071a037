use std::collections::VecDeque;
use std::future::pending;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::UNIX_EPOCH;

use tokio::sync::Semaphore;
use tokio::task::yield_now;

use super::*;
use crate::auth::testing::Fake;

const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

type Answer = Result<Credentials, CredentialsError>;

/// A source whose answers are prepared, and which waits for a permit where it has a gate.
struct Prepared {
    answers: Mutex<VecDeque<Answer>>,
    gate: Option<Arc<Semaphore>>,
    asked: Arc<AtomicUsize>,
}

impl CredentialsSource for Prepared {
    async fn load(&self, _: &LoadContext) -> Answer {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if let Some(gate) = &self.gate {
            gate.acquire().await.expect("nobody closes it").forget();
        }
        let next = self.answers.lock().expect("no panic").pop_front();
        next.unwrap_or_else(|| Err(CredentialsError::failed("nothing is left")))
    }
}

/// Credentials shared in a test, at a time that it sets.
struct Tested {
    shared: SharedCredentials,
    fake: Fake,
    asked: Arc<AtomicUsize>,
}

impl Tested {
    fn new(answers: impl Into<VecDeque<Answer>>, gate: Option<Arc<Semaphore>>) -> Self {
        let asked = Arc::default();
        Self {
            shared: SharedCredentials::new(Prepared {
                answers: Mutex::new(answers.into()),
                gate,
                asked: Arc::clone(&asked),
            }),
            fake: Fake::new(),
            asked,
        }
    }

    /// What a call gets, so long after 1970: the id of the key, or the error.
    async fn get(&self, after: Duration) -> Result<String, String> {
        self.fake.set_now(after.as_secs());
        let found = self.shared.get(&self.fake.config()).await;
        found
            .map(|credentials| credentials.access_key_id().to_owned())
            .map_err(|error| error.to_string())
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Lets background tasks do what they can.
    async fn settle(&self) {
        for _ in 0..100 {
            yield_now().await;
        }
    }
}

fn keys(id: &str, expiry: Duration) -> Answer {
    let token = Some(format!("token-of-{id}"));
    Ok(Credentials::new(id, "secret", token, Some(UNIX_EPOCH + expiry), "test"))
}

fn failure() -> Answer {
    Err(CredentialsError::failed("not now"))
}

#[tokio::test]
async fn calls_at_once_ask_once() {
    let gate = Arc::new(Semaphore::new(0));
    let tested = Tested::new([keys("a", HOUR)], Some(Arc::clone(&gate)));
    let calls = async { tokio::join!(tested.get(MINUTE), tested.get(MINUTE), tested.get(MINUTE)) };
    let opening = async {
        tested.settle().await;
        gate.add_permits(1);
    };
    let ((first, second, third), ()) = tokio::join!(calls, opening);
    assert_eq!(
        [first, second, third],
        [const { Ok(String::new()) }; 3].map(|_: Result<_, String>| Ok("a".to_owned()))
    );
    assert_eq!(tested.asked(), 1);
    assert_eq!(tested.get(MINUTE).await.unwrap(), "a");
    assert_eq!(tested.asked(), 1);
}

#[tokio::test]
async fn they_are_renewed_in_the_background_from_five_minutes_before_they_expire() {
    let tested = Tested::new([keys("a", HOUR), keys("b", 2 * HOUR)], None);
    assert_eq!(tested.get(Duration::ZERO).await.unwrap(), "a");
    assert_eq!(
        tested.get(HOUR - 5 * MINUTE - Duration::from_secs(1)).await.unwrap(),
        "a"
    );
    assert_eq!(tested.asked(), 1);
    // The pause between two questions counts from the last one.
    tokio::time::pause();
    tokio::time::advance(PAUSE).await;
    assert_eq!(tested.get(HOUR - 5 * MINUTE).await.unwrap(), "a");
    tested.settle().await;
    assert_eq!(tested.asked(), 2);
    assert_eq!(tested.get(HOUR - 5 * MINUTE).await.unwrap(), "b");
}

#[tokio::test(start_paused = true)]
async fn a_failure_while_they_are_valid_harms_nobody() {
    let tested = Tested::new([keys("a", HOUR), failure(), failure(), keys("b", 2 * HOUR)], None);
    assert_eq!(tested.get(Duration::ZERO).await.unwrap(), "a");
    tokio::time::advance(PAUSE).await;
    for _ in 0..3 {
        assert_eq!(tested.get(HOUR - MINUTE).await.unwrap(), "a");
        tested.settle().await;
    }
    // Others come after a pause.
    assert_eq!(tested.asked(), 2);
    tokio::time::advance(PAUSE).await;
    assert_eq!(tested.get(HOUR - MINUTE).await.unwrap(), "a");
    tested.settle().await;
    assert_eq!(tested.asked(), 3);
    // Expired ones are not used.
    assert_eq!(tested.get(HOUR).await.unwrap(), "b");
    assert_eq!(tested.asked(), 4);
}

#[tokio::test]
async fn a_failure_is_asked_anew_by_the_next_call() {
    let tested = Tested::new([failure(), keys("a", HOUR)], None);
    assert_eq!(tested.get(Duration::ZERO).await.unwrap_err(), "not now");
    assert_eq!(tested.get(Duration::ZERO).await.unwrap(), "a");
}

#[tokio::test]
async fn expired_ones_are_never_given() {
    let tested = Tested::new([keys("a", HOUR), keys("a", HOUR)], None);
    let error = tested.get(HOUR).await.unwrap_err();
    assert!(error.contains("already expired"), "{error}");
    let error = tested.get(HOUR + MINUTE).await.unwrap_err();
    assert!(error.contains("already expired"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_never_answers_holds_nobody_up_for_ever() {
    let shared = SharedCredentials::new(crate::auth::source_fn(pending));
    let error = shared.get(&Fake::new().config()).await.unwrap_err();
    assert_eq!(error.to_string(), "the credentials source timed out after 120s");
}

#[tokio::test]
async fn a_source_that_panics() {
    let shared = SharedCredentials::new(crate::auth::source_fn(|| async { panic!("no") }));
    let error = shared.get(&Fake::new().config()).await.unwrap_err();
    assert_eq!(error.to_string(), "the credentials source stopped without an answer");
}

#[tokio::test]
async fn a_call_that_is_dropped_does_not_take_the_answer_with_it() {
    let gate = Arc::new(Semaphore::new(0));
    let tested = Tested::new([keys("a", HOUR)], Some(Arc::clone(&gate)));
    {
        let call = pin!(tested.get(MINUTE));
        assert!(call.poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    gate.add_permits(1);
    assert_eq!(tested.get(MINUTE).await.unwrap(), "a");
    assert_eq!(tested.asked(), 1);
}

/// The runtime in which the source was asked first does nothing any more.
#[test]
fn runtimes_do_not_wait_for_each_other() {
    let gate = Arc::new(Semaphore::new(0));
    let tested = Tested::new([keys("a", HOUR)], Some(Arc::clone(&gate)));
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime")
    };
    let (idle, busy) = (runtime(), runtime());
    idle.block_on(async {
        let call = pin!(tested.get(MINUTE));
        assert!(call.poll(&mut Context::from_waker(Waker::noop())).is_pending());
        tested.settle().await;
    });
    // One for each runtime: the idle one has got in line first.
    gate.add_permits(2);
    assert_eq!(busy.block_on(tested.get(MINUTE)).unwrap(), "a");
    assert_eq!(tested.asked(), 2);
    drop(idle);
}

#[tokio::test]
async fn refused_credentials_are_not_used_again() {
    let tested = Tested::new([keys("a", HOUR), keys("b", HOUR)], None);
    assert_eq!(tested.get(MINUTE).await.unwrap(), "a");
    let (a, other) = (keys("a", HOUR).unwrap(), keys("other", HOUR).unwrap());
    tested.shared.refused(&other);
    assert_eq!(tested.get(MINUTE).await.unwrap(), "a");
    tested.shared.refused(&a);
    assert_eq!(tested.get(MINUTE).await.unwrap(), "b");
    // Other calls hear the same of the old ones later.
    tested.shared.refused(&a);
    assert_eq!(tested.get(MINUTE).await.unwrap(), "b");
    assert_eq!(tested.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn during_an_outage_expired_ones_are_used_on() {
    let outage = || Err(CredentialsError::failed("nobody is there").in_outage());
    let answers = [keys("a", HOUR), outage(), outage(), outage(), keys("b", 9 * HOUR)];
    let tested = Tested::new(answers, None);
    assert_eq!(tested.get(Duration::ZERO).await.unwrap(), "a");
    // A laptop that slept: the first call afterwards asks, and goes on with what there is.
    let mut now = HOUR + MINUTE;
    for asked in 2..=4 {
        assert_eq!(tested.get(now).await.unwrap(), "a");
        tested.settle().await;
        assert_eq!(tested.asked(), asked);
        // For five minutes at least, nobody asks again.
        tokio::time::advance(PAUSE).await;
        assert_eq!(
            tested.get(now + 5 * MINUTE - Duration::from_secs(1)).await.unwrap(),
            "a"
        );
        tested.settle().await;
        assert_eq!(tested.asked(), asked);
        now += 11 * MINUTE;
    }
    // The end of the outage is seen by this call, or behind its back: the pause between questions is random.
    let seen = tested.get(now).await.unwrap();
    assert!(["a", "b"].contains(&&*seen), "{seen}");
    tested.settle().await;
    assert_eq!(tested.get(now).await.unwrap(), "b");
    // Then they count as new.
    assert_eq!(tested.get(9 * HOUR).await.unwrap_err(), "nothing is left");
}

#[tokio::test]
async fn without_any_credentials_an_outage_is_a_failure() {
    let tested = Tested::new(
        [Err(CredentialsError::not_configured("nobody is there").in_outage())],
        None,
    );
    assert_eq!(tested.get(MINUTE).await.unwrap_err(), "nobody is there");
}

#[tokio::test]
async fn what_is_shared_can_be_the_base_of_others() {
    let tested = Tested::new([keys("a", HOUR)], None);
    let context = tested.fake.context();
    let both = (tested.shared.clone(), tested.shared.clone());
    assert_eq!(
        CredentialsSource::load(&both.0, &context)
            .await
            .unwrap()
            .access_key_id(),
        "a"
    );
    assert_eq!(
        CredentialsSource::load(&both.1, &context)
            .await
            .unwrap()
            .access_key_id(),
        "a"
    );
    assert_eq!(tested.asked(), 1);
    assert_eq!(format!("{:?}", tested.shared), "SharedCredentials(\"Prepared\")");
}
