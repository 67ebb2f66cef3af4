//! The platform on the images that are deployed: for whoever has a Docker
//! engine that can get them, and says so with `RELEVO_TEST_IMAGES=1`.

use proto::directory::v1::{CreateTenantRequest, Tenant};
use proto::tickets::v1::{CreateTicketRequest, GetTicketRequest, Ticket};
use relevo::rest::Gateway;
use testkit::{BOOTSTRAP_KEY, Images, Platform};

#[test]
fn a_ticket_is_entitled_on_the_servers_that_compose_names() {
    if std::env::var_os("RELEVO_TEST_IMAGES").is_none() {
        eprintln!("not asked for: RELEVO_TEST_IMAGES is not set");
        return;
    }
    let Images { servers: [postgres, nats, redis], containers } = Images::start();
    let platform = Platform::on("images", postgres, nats, redis);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let gateway = Gateway::new(platform.gateway()).unwrap().bearing(BOOTSTRAP_KEY);
        let tenant = Tenant {
            display_name: "Panadería".into(),
            zone: "Europe/Madrid".into(),
            currency: "EUR".into(),
            ..Tenant::default()
        };
        let tenant: Tenant = gateway
            .call(&CreateTenantRequest { tenant: Some(tenant), ..CreateTenantRequest::default() })
            .await
            .unwrap();
        let ticket = Ticket {
            tenant: tenant.name,
            subject: "The oven".into(),
            impact: 2,
            urgency: 2,
            channel: 1,
            ..Ticket::default()
        };
        let ticket: Ticket = gateway
            .call(&CreateTicketRequest { ticket: Some(ticket), ..CreateTicketRequest::default() })
            .await
            .unwrap();
        platform.drain().await;
        let ticket: Ticket = gateway.call(&GetTicketRequest { name: ticket.name }).await.unwrap();
        assert!(ticket.entitlement.is_some(), "tickets heard from contracts, which heard from tickets");
    });
    drop((platform, containers));
}
