//! Hedging with tower: a second request when the first is slow. It is for operations that may be asked twice, which only the
//! program knows.

use std::time::Duration;

use harbour::operation::describe_ship::{DescribeShipInput, DescribeShipOutput};
use harbour::test::{Fake, With};
use harbour::{Client, Error};
use tokio::time::{Instant, sleep};
use tower::{Service, ServiceExt as _, service_fn};

const SECOND: Duration = Duration::from_secs(1);

/// The calls of an operation as a service.
fn ships(client: Client) -> impl Service<String, Response = DescribeShipOutput, Error = Error> + Clone {
    service_fn(move |name: String| client.describe_ship().name(name).send())
}

/// Asks again if there is no answer after so long, and takes whichever answer comes first. Dropping the other call closes its
/// connection.
async fn hedged<S, R>(service: S, request: R, patience: Duration) -> Result<S::Response, S::Error>
where
    S: Service<R> + Clone,
    R: Clone,
{
    let second = async {
        sleep(patience).await;
        service.clone().oneshot(request.clone()).await
    };
    tokio::select! {
        first = service.clone().oneshot(request.clone()) => first,
        second = second => second,
    }
}

#[tokio::test(start_paused = true)]
async fn the_second_answer_comes_first() {
    let fake = Fake::new();
    fake.on::<DescribeShipInput>()
        .answer(|_| DescribeShipOutput::default())
        .after(60 * SECOND)
        .answer(|input| DescribeShipOutput::default().with(|output| output.name = input.name))
        .after(SECOND);
    let started = Instant::now();
    let ship = hedged(ships(fake.client()), "Anna".to_owned(), 5 * SECOND)
        .await
        .unwrap();
    assert_eq!(ship.name, "Anna");
    assert_eq!(started.elapsed().as_secs(), 6);
    assert_eq!(fake.calls::<DescribeShipInput>().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_fast_answer_is_the_only_one() {
    let fake = Fake::new();
    fake.on::<DescribeShipInput>()
        .answer(|_| DescribeShipOutput::default())
        .after(SECOND);
    hedged(ships(fake.client()), "Anna".to_owned(), 5 * SECOND)
        .await
        .unwrap();
    assert_eq!(fake.calls::<DescribeShipInput>().len(), 1);
}
