//! A provider of OpenTelemetry that keeps what is measured, so that tests need no SDK.

use std::sync::{Arc, LazyLock, Mutex};

use opentelemetry::metrics::{
    Counter, Gauge, Histogram, HistogramBuilder, InstrumentBuilder, InstrumentProvider, Meter, MeterProvider,
    SyncInstrument, UpDownCounter,
};
use opentelemetry::{InstrumentationScope, KeyValue, global};

/// One measurement.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    instrument: String,
    pub(crate) value: f64,
    /// Such as `server.port=80`, sorted.
    pub(crate) attributes: Vec<String>,
}

impl Measured {
    pub(crate) fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|own| own == attribute)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let mut values = self.attributes.iter().filter_map(|attribute| attribute.split_once('='));
        values.find_map(|(own, value)| (own == name).then_some(value))
    }
}

/// All that was measured so far.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<Measured>>>);

impl Recorder {
    /// What an instrument has measured with these attributes, the oldest first.
    pub(crate) fn find(&self, instrument: &str, attributes: &[String]) -> Vec<Measured> {
        let all = self.0.lock().unwrap();
        let fits = |measured: &&Measured| {
            measured.instrument == instrument && attributes.iter().all(|attribute| measured.has(attribute))
        };
        all.iter().filter(fits).cloned().collect()
    }

    fn instrument(&self, name: impl Into<String>) -> Arc<Instrument> {
        Arc::new(Instrument {
            name: name.into(),
            recorder: self.clone(),
        })
    }
}

/// The provider of the process, which is set before the first call.
pub(crate) fn recorder() -> &'static Recorder {
    static RECORDER: LazyLock<Recorder> = LazyLock::new(|| {
        let recorder = Recorder::default();
        global::set_meter_provider(recorder.clone());
        recorder
    });
    &RECORDER
}

impl MeterProvider for Recorder {
    fn meter_with_scope(&self, _: InstrumentationScope) -> Meter {
        Meter::new(Arc::new(self.clone()))
    }
}

impl InstrumentProvider for Recorder {
    fn f64_histogram(&self, builder: HistogramBuilder<'_, Histogram<f64>>) -> Histogram<f64> {
        Histogram::new(self.instrument(builder.name))
    }

    fn u64_histogram(&self, builder: HistogramBuilder<'_, Histogram<u64>>) -> Histogram<u64> {
        Histogram::new(self.instrument(builder.name))
    }

    fn u64_counter(&self, builder: InstrumentBuilder<'_, Counter<u64>>) -> Counter<u64> {
        Counter::new(self.instrument(builder.name))
    }

    fn i64_up_down_counter(&self, builder: InstrumentBuilder<'_, UpDownCounter<i64>>) -> UpDownCounter<i64> {
        UpDownCounter::new(self.instrument(builder.name))
    }

    fn f64_gauge(&self, builder: InstrumentBuilder<'_, Gauge<f64>>) -> Gauge<f64> {
        Gauge::new(self.instrument(builder.name))
    }
}

struct Instrument {
    name: String,
    recorder: Recorder,
}

impl Instrument {
    fn keep(&self, value: f64, attributes: &[KeyValue]) {
        let attributes = attributes.iter();
        let mut attributes: Vec<String> = attributes
            .map(|attribute| format!("{}={}", attribute.key, attribute.value.as_str()))
            .collect();
        attributes.sort();
        let measured = Measured {
            instrument: self.name.clone(),
            value,
            attributes,
        };
        self.recorder.0.lock().unwrap().push(measured);
    }
}

impl SyncInstrument<f64> for Instrument {
    fn measure(&self, value: f64, attributes: &[KeyValue]) {
        self.keep(value, attributes);
    }
}

impl SyncInstrument<u64> for Instrument {
    fn measure(&self, value: u64, attributes: &[KeyValue]) {
        self.keep(value as f64, attributes);
    }
}

impl SyncInstrument<i64> for Instrument {
    fn measure(&self, value: i64, attributes: &[KeyValue]) {
        self.keep(value as f64, attributes);
    }
}
