//! `deploy/nats/nats.conf`: who may say and hear what.

use servers::{Kind, Server};

use crate::scratch::{Line, folder, start};

/// Each service and the services whose events it hears.
const HEARS: [(&str, &[&str]); 5] = [
    ("directory", &[]),
    ("contracts", &["directory", "tickets"]),
    ("tickets", &["directory", "contracts", "dispatch"]),
    ("dispatch", &["directory", "tickets"]),
    ("billing", &["directory", "contracts", "tickets", "dispatch"]),
];

/// A connection that has logged in.
pub struct Client(Line);

pub fn login(server: &Server, user: &str) -> Client {
    let url = server.url_for(user);
    let password = url.split([':', '@']).nth(2).unwrap();
    let mut line = Line::to(server);
    assert!(line.read().starts_with("INFO {"));
    line.send(&format!("CONNECT {{\"verbose\":false,\"user\":\"{user}\",\"pass\":\"{password}\"}}\r\n"));
    let mut client = Client(line);
    assert_eq!(client.refusal(), None, "{user} logs in");
    client
}

impl Client {
    /// The server's complaint about what was sent since the last call.
    fn refusal(&mut self) -> Option<String> {
        self.0.send("PING\r\n");
        let mut refusal = None;
        loop {
            match self.0.read() {
                pong if pong == "PONG" => return refusal,
                error if error.starts_with("-ERR") => refusal = Some(error),
                _ => {}
            }
        }
    }

    fn may_publish(&mut self, subject: &str) -> bool {
        self.0.send(&format!("PUB {subject} 0\r\n\r\n"));
        self.refusal().is_none()
    }

    fn may_subscribe(&mut self, subject: &str) -> bool {
        self.0.send(&format!("SUB {subject} 1\r\nUNSUB 1\r\n"));
        self.refusal().is_none()
    }

    /// The payload of the answer to a request.
    pub fn request(&mut self, subject: &str, body: &str) -> String {
        let length = body.len();
        self.0.send(&format!("SUB _INBOX.a 7\r\nPUB {subject} _INBOX.a {length}\r\n{body}\r\n"));
        while !self.0.read().starts_with("MSG _INBOX.a 7") {}
        let answer = self.0.read();
        self.0.send("UNSUB 7\r\n");
        answer
    }
}

#[test]
fn each_service_says_its_own_and_hears_its_sources() {
    let server = start(Kind::Nats, &folder("nats-permissions"));
    for (service, sources) in HEARS {
        let mut client = login(&server, service);
        assert!(client.may_publish(&format!("$JS.API.STREAM.INFO.relevo-{service}")));
        assert!(!client.may_publish(&format!("$JS.API.STREAM.DELETE.relevo-{service}")));
        assert!(!client.may_subscribe("relevo.>"), "{service} hears only by its consumers");
        for (other, _) in HEARS {
            let own = service == other;
            let hears = sources.contains(&other);
            let pair = format!("relevo-{other}.{service}");
            let said = |what: &str| format!("{service}: {what} {other}");
            assert_eq!(client.may_publish(&format!("relevo.{other}.v1.x")), own, "{}", said("as"));
            for subject in ["$JS.API.CONSUMER.INFO", "$JS.API.CONSUMER.MSG.NEXT"] {
                let allowed = client.may_publish(&format!("{subject}.{pair}"));
                assert_eq!(allowed, hears, "{}", said(subject));
            }
            let acknowledges = client.may_publish(&format!("$JS.ACK.{pair}.1.1.1.1.0"));
            assert_eq!(acknowledges, hears, "{}", said("acknowledges"));
            let listens = client.may_subscribe(&format!("_INBOX_{other}.>"));
            assert_eq!(listens, own, "{}", said("listens as"));
        }
    }
}

#[test]
fn a_wrong_password_is_refused() {
    let server = start(Kind::Nats, &folder("nats-password"));
    let mut line = Line::to(&server);
    line.read();
    line.send("CONNECT {\"verbose\":false,\"user\":\"tickets\",\"pass\":\"r0\"}\r\nPING\r\n");
    assert!(line.read().starts_with("-ERR 'Authorization Violation'"));
}
