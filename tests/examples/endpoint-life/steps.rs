//! What is done with an endpoint in its life.

use std::error::Error;
use std::time::{Duration, SystemTime};

use lean_aws_runtime::Config;
use sagemaker::types::{
    AsyncInferenceConfig, AsyncInferenceOutputConfig, ContainerDefinition, DesiredWeightAndCapacity, ProductionVariant,
};
use sagemaker_featurestore_runtime::types::FeatureValue;
use sagemaker_metrics::types::RawMetricData;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How long an endpoint may take to come up or to change.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// Clients of five services. They share connections, credentials and settings.
pub(crate) struct Clients {
    pub(crate) sagemaker: sagemaker::Client,
    pub(crate) runtime: sagemaker_runtime::Client,
    pub(crate) features: sagemaker_featurestore_runtime::Client,
    pub(crate) metrics: sagemaker_metrics::Client,
    pub(crate) s3: s3::Client,
}

impl Clients {
    pub(crate) fn new(config: &Config) -> Result<Self> {
        Ok(Self {
            sagemaker: sagemaker::Client::from_config(config)?,
            runtime: sagemaker_runtime::Client::from_config(config)?,
            features: sagemaker_featurestore_runtime::Client::from_config(config)?,
            metrics: sagemaker_metrics::Client::from_config(config)?,
            s3: s3::Client::from_config(config)?,
        })
    }
}

/// What the endpoints are made of, and what they are called.
pub(crate) struct Plan {
    role: String,
    image: String,
    model: String,
    bucket: String,
    /// A feature group and a trial component, where there are any.
    records: Option<(String, String)>,
    /// Of the model, the configurations and the endpoints.
    name: String,
    queue: String,
}

impl Plan {
    pub(crate) fn new([role, image, model, bucket]: [&str; 4]) -> Self {
        let seconds = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs();
        Self {
            role: role.to_owned(),
            image: image.to_owned(),
            model: model.to_owned(),
            bucket: bucket.to_owned(),
            records: None,
            name: format!("endpoint-life-{seconds}"),
            queue: format!("endpoint-life-{seconds}-queue"),
        }
    }

    pub(crate) fn records(mut self, feature_group: &str, trial_component: &str) -> Self {
        self.records = Some((feature_group.to_owned(), trial_component.to_owned()));
        self
    }
}

/// The whole life. What has been created is deleted, whatever fails, and on Ctrl-C.
pub(crate) async fn live(clients: &Clients, plan: &Plan) -> Result<()> {
    let result = until_interrupted(use_endpoints(clients, plan)).await;
    if let Err(error) = &result {
        println!("deleting {} and {}, because of this: {error}", plan.name, plan.queue);
    }
    let deleted = until_interrupted(delete(clients, plan)).await;
    match (result, deleted) {
        (result, Ok(())) => result,
        (result, Err(undeleted)) => {
            let because = result.err().map(|error| format!("{error}; ")).unwrap_or_default();
            let (name, queue) = (&plan.name, &plan.queue);
            Err(format!("{because}look for what is left of {name} and {queue}: {undeleted}").into())
        }
    }
}

async fn until_interrupted(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::select! {
        result = work => result,
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
    }
}

async fn use_endpoints(clients: &Clients, plan: &Plan) -> Result<()> {
    create(clients, plan).await?;
    wait(clients, plan).await?;
    let score = invoke(clients, plan).await?;
    if let Some((feature_group, trial_component)) = &plan.records {
        remember(clients, feature_group, &score).await?;
        measure(clients, trial_component, &score).await?;
    }
    stream(clients, plan).await?;
    queue(clients, plan).await?;
    shift(clients, plan).await
}

/// A model, and for each way of calling it a configuration and an endpoint.
async fn create(clients: &Clients, plan: &Plan) -> Result<()> {
    let container = ContainerDefinition::builder()
        .image(&plan.image)
        .model_data_url(&plan.model)
        .build();
    let model = clients
        .sagemaker
        .create_model()
        .model_name(&plan.name)
        .execution_role_arn(&plan.role)
        .primary_container(container)
        .send()
        .await?;
    println!("created the model {}", model.model_arn);

    let variant = |name: &str| {
        ProductionVariant::builder()
            .variant_name(name)
            .model_name(&plan.name)
            .instance_type("ml.m5.large")
            .initial_instance_count(1)
            .initial_variant_weight(1.0)
            .build()
    };
    clients
        .sagemaker
        .create_endpoint_config()
        .endpoint_config_name(&plan.name)
        .production_variants([variant("blue"), variant("green")])
        .send()
        .await?;
    let output = AsyncInferenceOutputConfig::builder()
        .s3_output_path(format!("s3://{}/results/", plan.bucket))
        .s3_failure_path(format!("s3://{}/failures/", plan.bucket))
        .build();
    clients
        .sagemaker
        .create_endpoint_config()
        .endpoint_config_name(&plan.queue)
        .production_variants([variant("only")])
        .async_inference_config(AsyncInferenceConfig::builder().output_config(output).build())
        .send()
        .await?;
    for name in [&plan.name, &plan.queue] {
        let endpoint = clients
            .sagemaker
            .create_endpoint()
            .endpoint_name(name)
            .endpoint_config_name(name)
            .send()
            .await?;
        println!("creating the endpoint {}", endpoint.endpoint_arn);
    }
    Ok(())
}

/// Until both endpoints take requests.
async fn wait(clients: &Clients, plan: &Plan) -> Result<()> {
    for name in [&plan.name, &plan.queue] {
        let waiter = clients.sagemaker.wait_until_endpoint_in_service();
        let endpoint = waiter.endpoint_name(name).wait(PATIENCE).await?;
        let status = endpoint.map(|endpoint| endpoint.endpoint_status.to_string());
        println!("{name} is {}", status.unwrap_or_default());
    }
    Ok(())
}

/// The first way: the answer comes at once.
async fn invoke(clients: &Clients, plan: &Plan) -> Result<String> {
    let prediction = clients
        .runtime
        .invoke_endpoint()
        .endpoint_name(&plan.name)
        .content_type("text/csv")
        .body("42,0,1,3.5")
        .send()
        .await?;
    let score = prediction.body.text().await?;
    println!("invoked: {score}");
    Ok(score)
}

/// The features of a prediction, in the feature store.
async fn remember(clients: &Clients, feature_group: &str, score: &str) -> Result<()> {
    let seconds = SystemTime::UNIX_EPOCH.elapsed()?.as_secs();
    let feature = |name: &str, value: &str| {
        FeatureValue::builder()
            .feature_name(name)
            .value_as_string(value)
            .build()
    };
    clients
        .features
        .put_record()
        .feature_group_name(feature_group)
        .record([
            feature("id", "42"),
            feature("event_time", &seconds.to_string()),
            feature("score", score.trim()),
        ])
        .send()
        .await?;
    println!("put a record into {feature_group}");
    Ok(())
}

/// A metric of an experiment.
async fn measure(clients: &Clients, trial_component: &str, score: &str) -> Result<()> {
    let score: f64 = score
        .trim()
        .parse()
        .map_err(|_| format!("the prediction is not a number: {score}"))?;
    let value = RawMetricData::builder()
        .metric_name("score")
        .timestamp(SystemTime::now())
        .value(score)
        .build();
    let written = clients
        .metrics
        .batch_put_metrics()
        .trial_component_name(trial_component)
        .metric_data([value])
        .send()
        .await?;
    println!("sent a metric of {trial_component}, errors: {}", written.errors.len());
    Ok(())
}

/// The second way: the answer is read while the model writes it.
async fn stream(clients: &Clients, plan: &Plan) -> Result<()> {
    let answer = clients
        .runtime
        .invoke_endpoint_with_response_stream()
        .endpoint_name(&plan.name)
        .content_type("text/csv")
        .body("42,0,1,3.5")
        .send()
        .await?;
    let mut text = answer.body.into_bytes().text_chunks();
    while let Some(piece) = text.next().await? {
        println!("streamed: {piece}");
    }
    Ok(())
}

/// The third way: input and result lie in S3.
async fn queue(clients: &Clients, plan: &Plan) -> Result<()> {
    let queued = clients
        .runtime
        .invoke_endpoint_async()
        .endpoint_name(&plan.queue)
        .content_type("text/csv")
        .upload(&clients.s3, "42,0,1,3.5", format!("s3://{}/inputs/", plan.bucket))
        .send()
        .await?;
    println!("queued: {}", queued.output_location.as_deref().unwrap_or_default());
    let result = queued.result(&clients.s3).timeout(Duration::from_secs(20 * 60)).await?;
    println!("result: {}", result.text().await?);
    Ok(())
}

/// Other weights for the variants of an endpoint.
async fn shift(clients: &Clients, plan: &Plan) -> Result<()> {
    let weight = |name: &str, weight: f32| {
        DesiredWeightAndCapacity::builder()
            .variant_name(name)
            .desired_weight(weight)
            .build()
    };
    clients
        .sagemaker
        .update_endpoint_weights_and_capacities()
        .endpoint_name(&plan.name)
        .desired_weights_and_capacities([weight("blue", 0.2), weight("green", 0.8)])
        .send()
        .await?;
    let waiter = clients.sagemaker.wait_until_endpoint_in_service();
    waiter.endpoint_name(&plan.name).wait(PATIENCE).await?;
    println!("shifted weights");
    Ok(())
}

/// All that there is, whether or not everything was created.
async fn delete(clients: &Clients, plan: &Plan) -> Result<()> {
    let sagemaker = &clients.sagemaker;
    let mut results = Vec::new();
    for name in [&plan.name, &plan.queue] {
        // SageMaker refuses to delete an endpoint that is being created or updated. If the wait fails, deleting says why.
        let waiter = sagemaker.wait_until_endpoint_in_service();
        let _ = waiter.endpoint_name(name).wait(PATIENCE).await;
        let endpoint = sagemaker.delete_endpoint().endpoint_name(name).send().await;
        results.push(endpoint.map(drop));
        let config = sagemaker
            .delete_endpoint_config()
            .endpoint_config_name(name)
            .send()
            .await;
        results.push(config.map(drop));
    }
    let model = sagemaker.delete_model().model_name(&plan.name).send().await;
    results.push(model.map(drop));
    let failed: Vec<String> = results
        .into_iter()
        .filter_map(|result| result.err().filter(|error| !is_missing(error)))
        .map(|error| error.to_string())
        .collect();
    if !failed.is_empty() {
        return Err(failed.join("; ").into());
    }
    println!("deleted everything");
    Ok(())
}

/// Whether there is nothing to delete. SageMaker has no code of its own for it.
fn is_missing(error: &sagemaker::Error) -> bool {
    let message = error.message().unwrap_or_default();
    error.code() == Some("ValidationException") && message.starts_with("Could not find")
}
