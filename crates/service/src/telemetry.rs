//! Logs, traces and measures.
//!
//! Logs are JSON with trace ids, or plain lines on a terminal. Traces leave
//! the process only where `OTEL_EXPORTER_OTLP_ENDPOINT` says where to; their
//! ids are made and handed on in any case, so that logs can be joined.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tonic::Code;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::program::Reason;

/// Starts logging and tracing for the process. Keep what it returns until the
/// end, and shut it down then: the last spans leave with it.
pub(crate) fn start(process: &str) -> Result<SdkTracerProvider, Reason> {
    let resource = Resource::builder().with_service_name(format!("relevo-{process}")).build();
    let mut provider = SdkTracerProvider::builder().with_resource(resource);
    if std::env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT").is_some() {
        let exporter = opentelemetry_otlp::SpanExporter::builder().with_tonic().build()?;
        provider = provider.with_batch_exporter(exporter);
    }
    let provider = provider.build();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,async_nats=warn"));
    let lines = if std::io::stdout().is_terminal() {
        tracing_subscriber::fmt::layer().compact().boxed()
    } else {
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_span_list(false).boxed()
    };
    let traces = tracing_opentelemetry::layer().with_tracer(provider.tracer("relevo"));
    tracing_subscriber::registry().with(filter).with(traces).with(lines).try_init()?;
    Ok(provider)
}

struct Headers<'a>(&'a http::HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// Joins `span` to the trace that the request came with, and notes its id.
pub fn adopt_trace(span: &Span, headers: &http::HeaderMap) {
    let parent = TraceContextPropagator::new().extract(&Headers(headers));
    // Fails only where no tracer is installed: then there is no trace to join.
    let _ = span.set_parent(parent);
    let context = span.context();
    span.record("trace_id", tracing::field::display(context.span().span_context().trace_id()));
}

/// The trace of `span` as a W3C `traceparent`, if it is traced.
pub fn traceparent(span: &Span) -> Option<String> {
    let context = span.context();
    let span = context.span();
    let span = span.span_context();
    let flags = span.trace_flags().to_u8();
    span.is_valid().then(|| format!("00-{}-{}-{flags:02x}", span.trace_id(), span.span_id()))
}

/// Upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// Rate, errors and duration of every method (RED), for Prometheus.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    served: Family<Served, Counter>,
    seconds: Family<Method, Histogram>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Served {
    method: String,
    code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Method {
    method: String,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("relevo");
        let served = Family::<Served, Counter>::default();
        let seconds = Family::<Method, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
        registry.register("requests", "Requests served, by method and code", served.clone());
        registry.register("request_seconds", "How long they took", seconds.clone());
        Self { registry: Arc::new(registry), served, seconds }
    }
}

impl Metrics {
    /// Counts one request. An unknown method is counted as such, so that
    /// nobody can fill the memory with made-up names.
    pub fn served(&self, path: &str, code: Code, took: Duration) {
        let method = if crate::access(path).is_some() { path } else { "other" }.to_owned();
        let code = format!("{code:?}");
        self.served.get_or_create(&Served { method: method.clone(), code }).inc();
        self.seconds.get_or_create(&Method { method }).observe(took.as_secs_f64());
    }

    /// In the OpenMetrics text format.
    ///
    /// # Errors
    /// Never, in practice: it writes to a string.
    pub fn render(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
