//! Nobody gets in where they do not belong: every method of the descriptor
//! set, as the wrong somebody. The services filter by nothing but ids; what
//! keeps tenants apart here is row-level security alone.

mod attack;
mod catalogue;
mod nats;

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prost_reflect::MethodDescriptor;
use relevo::Voice;
use relevo::rest::Gateway;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use service::{Claims, Signer};
use store::{Role, Scope, Store};
use testkit::{BOOTSTRAP_KEY, Platform, SERVICES, Shape};
use tests::{call, full_name, methods};
use tonic::Code;
use tonic::transport::{Channel, Endpoint};
use uuid::Uuid;

/// Two tenants with a month of work, two vendors, and a token for each.
struct World {
    platform: Platform,
    /// What is the first tenant's, by collection.
    theirs: BTreeMap<&'static str, String>,
    /// The second tenant.
    other: String,
    /// A user of the second tenant.
    stranger: String,
    /// A vendor that holds nothing.
    vendor: String,
    /// Of the staff, with one role.
    technician: String,
    /// An administrator that the directory did not make, with its signature.
    admin: String,
    /// Tokens that are no good, by what is wrong with them.
    forgeries: Vec<(&'static str, String)>,
}

static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| tokio::runtime::Runtime::new().unwrap());

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| RUNTIME.block_on(World::build()))
}

fn method(name: &str) -> MethodDescriptor {
    methods().into_iter().find(|method| method.name() == name).unwrap_or_else(|| panic!("no method {name}"))
}

fn access(method: &MethodDescriptor) -> &'static service::Access {
    service::access(&format!("/{}", full_name(method))).unwrap()
}

impl World {
    async fn build() -> Self {
        let platform = Platform::start("tenancy", Shape::Together);
        let gateway = Gateway::new(platform.gateway()).unwrap();
        let options = relevo::demo::Options { month: None };
        let demo =
            relevo::demo::run(&gateway, BOOTSTRAP_KEY, &options, &mut Voice::plain(std::io::sink())).await.unwrap();
        platform.drain().await;
        let admin = channel(platform.gateway());
        let ask = async |name: &str, request: Value| {
            call(&admin, &method(name), Some(BOOTSTRAP_KEY), &request)
                .await
                .unwrap_or_else(|code| panic!("{name}: {code:?}"))
        };
        let token = async |subject: &str| {
            ask("IssueToken", json!({"subject": subject})).await["access_token"].as_str().unwrap().to_owned()
        };
        let text = |value: &Value| value.as_str().unwrap().to_owned();

        let [tenant, other] = &demo.tenants;
        let first = async |list: &str, field: &str, tenant: &str| {
            text(&ask(list, json!({"tenant": tenant})).await[field][0]["name"])
        };
        let theirs = BTreeMap::from([
            ("tenants", tenant.clone()),
            ("sites", first("ListSites", "sites", tenant).await),
            ("contacts", first("ListContacts", "contacts", tenant).await),
            ("contracts", first("ListContracts", "contracts", tenant).await),
            ("visits", first("ListVisits", "visits", tenant).await),
            ("invoices", first("ListInvoices", "invoices", tenant).await),
            ("tickets", demo.tickets[0].clone()),
            ("clocks", text(&ask("ListClocks", json!({"ticket": demo.tickets[0]})).await["clocks"][0]["name"])),
            ("handoffs", text(&ask("ListHandoffs", json!({"ticket": demo.tickets[0]})).await["handoffs"][0]["name"])),
            ("vendors", text(&ask("ListVendors", json!({})).await["vendors"][0]["name"])),
            ("underpinningContracts", underpinning_contract(&platform).await),
        ]);
        let stranger = token(&first("ListContacts", "contacts", other).await).await;
        let newcomer = json!({"vendor": {"display_name": "Newcomer", "email": "new@vendor.example"}});
        let vendor = token(&text(&ask("CreateVendor", newcomer).await["name"])).await;
        let technician =
            json!({"staff": {"display_name": "T", "email": "t@msp.example", "roles": ["ROLE_TECHNICIAN"]}});
        let technician = token(&text(&ask("CreateStaff", technician).await["name"])).await;
        let later = jiff::Timestamp::now().as_second() + 3_600;
        let admin = signer(&platform).await.sign(&claims("relevo", later)).unwrap();
        let forgeries = forgeries(&platform).await;
        Self { platform, theirs, other: other.clone(), stranger, vendor, technician, admin, forgeries }
    }

    fn edge(&self) -> Channel {
        channel(self.platform.gateway())
    }

    fn theirs(&self, collection: &str) -> &str {
        &self.theirs[collection]
    }
}

fn channel(url: &str) -> Channel {
    Endpoint::from_shared(url.to_owned()).unwrap().connect_lazy()
}

/// What the directory signs with.
async fn signer(platform: &Platform) -> Signer {
    use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
    let work = platform.store("directory").begin(&Scope::worker(None)).await.unwrap();
    let sql = "SELECT id, sealed_seed FROM signing_keys WHERE retired_at IS NULL";
    let row = work.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    let (kid, sealed): (String, Vec<u8>) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[9; 32]).unwrap());
    let nonce = Nonce::try_assume_unique_for_key(&sealed[..NONCE_LEN]).unwrap();
    let mut seed = sealed[NONCE_LEN..].to_vec();
    let seed = key.open_in_place(nonce, Aad::from(kid.as_bytes()), &mut seed).unwrap();
    Signer::of_seed(seed).unwrap()
}

/// The directory's own key and claims, with what only it could have signed
/// replaced: no algorithm, a MAC with the public key, another audience or issuer.
async fn forgeries(platform: &Platform) -> Vec<(&'static str, String)> {
    let signer = signer(platform).await;
    let later = jiff::Timestamp::now().as_second() + 600;
    let (good, public) = (claims("relevo", later), signer.public());
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let body = part(serde_json::to_value(&good).unwrap());
    let none = format!("{}.{body}.", part(json!({"alg": "none", "typ": "JWT", "kid": public.kid})));
    let signed = format!("{}.{body}", part(json!({"alg": "HS256", "typ": "JWT", "kid": public.kid})));
    let mac = |key: &[u8]| {
        let tag = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key), signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    };
    vec![
        ("alg none", none),
        ("a MAC with the public key", mac(&URL_SAFE_NO_PAD.decode(&public.x).unwrap())),
        ("a MAC with the public key's text", mac(public.x.as_bytes())),
        ("another audience", signer.sign(&claims("somewhere", later)).unwrap()),
        ("another issuer", signer.sign(&Claims { iss: "https://evil.example".into(), ..good.clone() }).unwrap()),
        ("expired for two minutes", signer.sign(&claims("relevo", later - 720)).unwrap()),
        ("expired yesterday", signer.sign(&claims("relevo", later - 87_000)).unwrap()),
        ("a key of nobody's", Signer::of_seed(&[3; 32]).unwrap().sign(&good).unwrap()),
        ("the key between services", {
            Signer::of_seed(&testkit::INTERNAL_KEY).unwrap().sign(&claims(service::INTERNAL, later)).unwrap()
        }),
        ("nonsense", "nonsense".into()),
        ("an API key of nobody's", "rlv_nobody".into()),
    ]
}

fn claims(audience: &str, exp: i64) -> Claims {
    Claims {
        sub: format!("staff/{}", Uuid::nil()),
        party: "operator".into(),
        tenant: None,
        vendor: None,
        roles: vec!["ROLE_ADMINISTRATOR".into()],
        act: None,
        iss: "relevo-directory".into(),
        aud: audience.into(),
        iat: 0,
        exp,
        jti: Uuid::new_v4().to_string(),
    }
}

async fn underpinning_contract(platform: &Platform) -> String {
    let work = platform.store("contracts").begin(&Scope::worker(None)).await.unwrap();
    let sql = "SELECT id FROM underpinning_contracts LIMIT 1";
    let row = work.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    format!("underpinningContracts/{}", row.try_get_by_index::<Uuid>(0).unwrap())
}

#[test]
fn no_method_answers_a_bad_token() {
    let world = world();
    RUNTIME.block_on(async {
        let edge = world.edge();
        for method in methods().iter().filter(|method| !access(method).anyone) {
            let forged = world.forgeries.iter().map(|(what, token)| (*what, Some(token.as_str())));
            for (what, token) in std::iter::once(("no token", None)).chain(forged) {
                let answer = call(&edge, method, token, &json!({})).await;
                assert_eq!(answer.unwrap_err(), Code::Unauthenticated, "{} with {what}", method.full_name());
            }
        }
    });
}

#[test]
fn services_trust_no_token_from_outside() {
    let world = world();
    RUNTIME.block_on(async {
        for service in SERVICES {
            let inside = channel(world.platform.setting(&format!("RELEVO_{}_URL", service.to_uppercase())));
            for method in
                methods().iter().filter(|m| m.parent_service().package_name() == format!("relevo.{service}.v1"))
            {
                if access(method).anyone {
                    continue;
                }
                for token in [None, Some(world.stranger.as_str()), Some(BOOTSTRAP_KEY)] {
                    let answer = call(&inside, method, token, &json!({})).await;
                    assert_eq!(answer.unwrap_err(), Code::Unauthenticated, "{}", method.full_name());
                }
            }
        }
    });
}

#[test]
fn a_method_is_only_for_the_parties_and_roles_that_it_names() {
    let world = world();
    RUNTIME.block_on(async {
        let edge = world.edge();
        let technicians = i32::from(proto::access::v1::Role::Technician);
        for method in methods() {
            let access = access(&method);
            let wrong = [
                (!access.tenant && !access.anyone, &world.stranger),
                (!access.vendor && !access.anyone, &world.vendor),
                (!access.roles.contains(&technicians) && !access.anyone, &world.technician),
            ];
            for (_, token) in wrong.iter().filter(|(barred, _)| *barred) {
                let answer = call(&edge, &method, Some(token), &json!({})).await;
                assert_eq!(answer.unwrap_err(), Code::PermissionDenied, "{}", method.full_name());
            }
        }
    });
}

/// How another's caller tries to get at what is the first tenant's, or another
/// vendor's. A new method that lets tenants or vendors in needs a case here.
fn attempt(world: &World, method: &str) -> Value {
    let mine = |collection: &str| world.theirs(collection).to_owned();
    let vendors = |collection: &str| mine(collection).replace("handoffs/", "vendorHandoffs/");
    match method {
        "GetTenant" => json!({"name": mine("tenants")}),
        "GetSite" => json!({"name": mine("sites")}),
        "GetContact" => json!({"name": mine("contacts")}),
        "GetContract" => json!({"name": mine("contracts")}),
        "GetTicket" | "CloseTicket" => json!({"name": mine("tickets")}),
        "ReopenTicket" | "CancelTicket" => json!({"name": mine("tickets"), "reason": "curious"}),
        "GetVisit" => json!({"name": mine("visits")}),
        "GetInvoice" => json!({"name": mine("invoices")}),
        "GetTimeline" => json!({"clock": mine("clocks")}),
        "ListChanges" | "ListMessages" | "ListClocks" | "GetEntitlement" => json!({"ticket": mine("tickets")}),
        "PostMessage" => json!({"ticket": mine("tickets"), "body": "hello"}),
        "CreateTicket" => json!({"ticket": {"tenant": mine("tenants"), "subject": "not mine"}}),
        "ListTenants" | "ListVendors" | "ListVendorHandoffs" => json!({}),
        "ListSites" | "ListContacts" | "ListContracts" | "ListTickets" | "ListVisits" | "ListInvoices"
        | "GetCompliance" => {
            json!({"tenant": mine("tenants")})
        }
        "GetVendor" => json!({"name": mine("vendors")}),
        "GetUnderpinningContract" => json!({"name": mine("underpinningContracts")}),
        "GetVendorHandoff" | "AcceptHandoff" => json!({"name": vendors("handoffs")}),
        "DeclineHandoff" => json!({"name": vendors("handoffs"), "reason": "curious"}),
        "ProposeSolution" => json!({"name": vendors("handoffs"), "proposal": "curious"}),
        "ReturnHandoff" => json!({"name": vendors("handoffs"), "code": "RETURN_CODE_NOT_OURS", "reason": "curious"}),
        "PostVendorNote" => json!({"handoff": vendors("handoffs"), "body": "curious"}),
        "LogVendorTime" => json!({
            "handoff": vendors("handoffs"), "work_type": "remote",
            "start_time": "2026-01-01T10:00:00Z", "end_time": "2026-01-01T11:00:00Z",
        }),
        other => panic!("{other} lets tenants or vendors in and has no case: write one"),
    }
}

#[test]
fn what_is_anothers_is_not_there() {
    let world = world();
    RUNTIME.block_on(async {
        let edge = world.edge();
        let ids: Vec<&str> = world.theirs.values().map(|name| name.split_once('/').unwrap().1).collect();
        for method in methods() {
            let access = access(&method);
            for token in
                [access.tenant.then_some(&world.stranger), access.vendor.then_some(&world.vendor)].into_iter().flatten()
            {
                let request = attempt(world, method.name());
                let lists =
                    method.name().starts_with("List") && !method.output().fields().all(|f| f.name() == "clocks");
                match call(&edge, &method, Some(token), &request).await {
                    Err(code) => assert_eq!(code, Code::NotFound, "{} {request}", method.full_name()),
                    Ok(answer) => {
                        assert!(lists || method.name() == "GetCompliance", "{} answered {answer}", method.full_name());
                        let text = answer.to_string();
                        assert!(!ids.iter().any(|id| text.contains(id)), "{} leaks {text}", method.full_name());
                        assert!(
                            method.name() != "GetCompliance" || answer["rows"].as_array().is_none_or(Vec::is_empty),
                            "{text}"
                        );
                    }
                }
            }
        }
    });
}

#[test]
fn a_request_id_is_good_for_one_request() {
    let world = world();
    RUNTIME.block_on(async {
        let edge = world.edge();
        let subject = claims("", 0).sub;
        for service in SERVICES {
            let scope = Scope { subject: subject.clone(), ..Scope::worker(None) };
            let work = world.platform.store(service).begin(&scope).await.unwrap();
            let sql = format!("INSERT INTO requests VALUES ('{subject}', 'used', 'another', 'x', 'y')");
            work.execute_unprepared(&sql).await.unwrap();
            work.commit().await.unwrap();
        }
        let mut tried = 0;
        for method in methods().iter().filter(|method| method.input().get_field_by_name("request_id").is_some()) {
            if access(method).roles.is_empty() {
                continue;
            }
            let answer = call(&edge, method, Some(&world.admin), &json!({"request_id": "used"})).await;
            assert_eq!(answer.unwrap_err(), Code::AlreadyExists, "{}", method.full_name());
            tried += 1;
        }
        assert!(tried > 20, "{tried} commands");
    });
}

#[test]
fn the_database_alone_keeps_them_apart() {
    let world = world();
    RUNTIME.block_on(async {
        let theirs: Uuid = world.theirs("tenants").split_once('/').unwrap().1.parse().unwrap();
        let strangers = [
            Scope::tenant(Uuid::new_v4(), "contacts/x"),
            Scope::vendor(Uuid::new_v4(), "vendors/x"),
            Scope { role: Role::Tenant, tenant: None, vendor: None, subject: String::new() },
            Scope { role: Role::Vendor, tenant: Some(theirs), vendor: None, subject: String::new() },
        ];
        let mut seen = 0;
        for service in SERVICES {
            let store = world.platform.store(service);
            for table in tables(&store).await {
                seen += rows(&store, &Scope::worker(Some(theirs)), &table).await.unwrap();
                for scope in &strangers {
                    let count = rows(&store, scope, &table).await;
                    assert!(
                        count.is_none_or(|count| count == 0),
                        "{service}.{table} shows {count:?} rows to {scope:?}"
                    );
                }
            }
        }
        assert!(seen > 50, "there was hardly anything to hide: {seen} rows");
    });
}

async fn tables(store: &Store) -> Vec<String> {
    let work = store.begin(&Scope::worker(None)).await.unwrap();
    let sql = "SELECT c.relname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'tenant_id' \
        AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1";
    let rows = work.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// How many rows a scope sees; none where it may not even ask.
async fn rows(store: &Store, scope: &Scope, table: &str) -> Option<i64> {
    let work = store.begin(scope).await.unwrap();
    let sql = format!("SELECT count(*) FROM {table}");
    let row = work.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.ok()?;
    row.unwrap().try_get_by_index(0).ok()
}
