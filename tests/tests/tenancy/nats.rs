//! Who may say and hear what over NATS, told by the server itself: each
//! service tries each subject of each other one.

use std::sync::{Arc, Mutex};

use async_nats::{Client, ConnectOptions, Event};
use events::{HEARS, stream};

use super::{RUNTIME, world};

/// A client, and the refusals that the server has sent it.
struct Login {
    client: Client,
    refusals: Arc<Mutex<Vec<String>>>,
}

impl Login {
    async fn of(service: &str) -> Self {
        let variable = format!("RELEVO_{}_NATS_URL", service.to_uppercase());
        let url: async_nats::ServerAddr = world().platform.setting(&variable).parse().unwrap();
        let refusals = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&refusals);
        let client = ConnectOptions::new()
            .user_and_password(url.username().unwrap().to_owned(), url.password().unwrap().to_owned())
            .event_callback(move |event| {
                if let Event::ServerError(error) = event {
                    told.lock().unwrap().push(error.to_string().to_lowercase());
                }
                async {}
            })
            .connect(url)
            .await
            .unwrap();
        Self { client, refusals }
    }

    /// Whether the server let pass what was sent. The server answers in order:
    /// a subject that is certainly refused, sent after it, marks the end.
    async fn refused(&self, subject: &str) -> bool {
        self.client.publish("relevo.end", "".into()).await.unwrap();
        self.client.flush().await.unwrap();
        let wanted = format!("\"{}\"", subject.to_lowercase());
        testkit::eventually("the server's last refusal", async || {
            let mut refusals = self.refusals.lock().unwrap();
            if !refusals.iter().any(|refusal| refusal.contains("\"relevo.end\"")) {
                return None;
            }
            let refused = refusals.iter().any(|refusal| refusal.contains(&wanted));
            refusals.clear();
            Some(refused)
        })
        .await
    }

    async fn publishes(&self, subject: &str) -> bool {
        self.client.publish(subject.to_owned(), "".into()).await.unwrap();
        !self.refused(subject).await
    }

    async fn subscribes(&self, subject: &str) -> bool {
        let _listening = self.client.subscribe(subject.to_owned()).await.unwrap();
        !self.refused(subject).await
    }
}

#[test]
fn each_service_says_only_its_own_and_hears_only_what_it_hears() {
    world();
    RUNTIME.block_on(async {
        let (mut allowed, mut denied) = (0, 0);
        for (service, heard) in HEARS {
            let login = Login::of(service).await;
            for (other, _) in HEARS {
                let (own, hears, of) = (service == other, heard.contains(other), stream(other));
                let consumer = format!("{of}.{service}");
                let publishes = [
                    (format!("$JS.API.STREAM.INFO.{of}"), own),
                    (format!("$JS.API.STREAM.PURGE.{of}"), false),
                    (format!("$JS.API.STREAM.DELETE.{of}"), false),
                    (format!("$JS.API.STREAM.MSG.GET.{of}"), false),
                    (format!("$JS.API.DIRECT.GET.{of}"), false),
                    (format!("$JS.API.CONSUMER.CREATE.{of}"), false),
                    (format!("$JS.API.CONSUMER.DELETE.{consumer}"), false),
                    (format!("$JS.API.CONSUMER.INFO.{consumer}"), hears),
                    (format!("$JS.API.CONSUMER.MSG.NEXT.{consumer}"), hears),
                    (format!("$JS.ACK.{consumer}.1.1.1.1.0"), hears),
                ];
                // What it says of its own, the platform hears all the time.
                if !own {
                    let subject = format!("relevo.{other}.v1.operator.nothing");
                    assert!(!login.publishes(&subject).await, "{service} publishes {subject}");
                }
                let subscribes = [
                    (format!("relevo.{other}.>"), false),
                    (format!("_INBOX_{other}.>"), own),
                    (format!("$JS.ACK.{of}.>"), false),
                ];
                for (subject, may) in publishes {
                    assert_eq!(login.publishes(&subject).await, may, "{service} publishes {subject}");
                    *(if may { &mut allowed } else { &mut denied }) += 1;
                }
                for (subject, may) in subscribes {
                    assert_eq!(login.subscribes(&subject).await, may, "{service} subscribes {subject}");
                    *(if may { &mut allowed } else { &mut denied }) += 1;
                }
            }
            for subject in ["relevo.>", "_INBOX.>", "$SYS.>", ">"] {
                assert!(!login.subscribes(subject).await, "{service} subscribes {subject}");
            }
        }
        assert!(allowed > 20 && denied > 200, "{allowed} allowed, {denied} denied");
    });
}
