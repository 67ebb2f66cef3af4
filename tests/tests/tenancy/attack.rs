//! The random attack: any method that lets tenants or vendors in, with what is
//! the first tenant's in every text field, by those whom it does not concern.
//!
//! `RELEVO_ATTACK_CALLS` says how many (10,000 if it does not), and
//! `RELEVO_ATTACK_SEED` which ones.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use futures::future::join_all;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value as Field};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;
use store::Scope;
use testkit::{BOOTSTRAP_KEY, SERVICES};
use tests::{call_message, methods};
use tonic::Code;
use uuid::Uuid;

use super::{RUNTIME, World, access, method, tables, world};

/// At once.
const CALLERS: u64 = 8;
const CANARY: &str = "canary-4f1d7c";

/// Fields that are words and no names. What is not listed is taken for a name:
/// a new one that the platform answers as it was asked makes the attack fail.
const WORDS: [&str; 21] = [
    "subject",
    "description",
    "body",
    "reason",
    "proposal",
    "code",
    "display_name",
    "email",
    "phone",
    "address",
    "work_type",
    "zone",
    "currency",
    "label",
    "note",
    "explanation",
    "solution",
    "purpose",
    "queue",
    "service",
    "percent",
];

/// A small generator (SplitMix64): the same seed is the same attack.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// What the first tenant has.
struct Prey {
    /// Every id in every row of its, in every service's database.
    ids: HashSet<Uuid>,
    /// Names made of them, by collection.
    names: BTreeMap<String, Vec<String>>,
}

fn tenant_of(name: &str) -> Uuid {
    name.split_once('/').unwrap().1.parse().unwrap()
}

/// Every row of one tenant as text, by service and table.
async fn rows_of(world: &World, tenant: Uuid) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for service in SERVICES {
        let store = world.platform.store(service);
        for table in tables(&store).await {
            let work = store.begin(&Scope::worker(Some(tenant))).await.unwrap();
            let sql = format!("SELECT row_to_json(t)::text FROM {table} t WHERE tenant_id = '{tenant}'");
            for row in work.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap() {
                all.push((format!("{service}.{table}"), row.try_get_by_index(0).unwrap()));
            }
        }
    }
    all
}

/// Every id that stands in a text.
fn ids(text: &str) -> impl Iterator<Item = Uuid> {
    let windows = (0..text.len().saturating_sub(35)).filter_map(|at| text.get(at..at + 36));
    windows.filter(|window| window.as_bytes()[8] == b'-').filter_map(|window| window.parse().ok())
}

impl Prey {
    async fn of(world: &World, tenant: Uuid) -> Self {
        let mut prey = Self { ids: HashSet::from([tenant]), names: BTreeMap::new() };
        prey.names.insert("tenants".into(), vec![format!("tenants/{tenant}")]);
        for (table, row) in rows_of(world, tenant).await {
            let row: serde_json::Value = serde_json::from_str(&row).unwrap();
            let Some(id) = row["id"].as_str().and_then(|id| id.parse::<Uuid>().ok()) else { continue };
            prey.ids.insert(id);
            let collection = camel(table.split_once('.').unwrap().1);
            prey.names.entry(collection.clone()).or_default().push(format!("{collection}/{id}"));
        }
        for (collection, name) in &world.theirs {
            prey.names.entry((*collection).to_owned()).or_default().push(name.clone());
        }
        prey
    }

    /// A text for `field`: mostly a name of the first tenant's, of the kind that
    /// the field's own name or the message's suggests.
    fn text(&self, field: &FieldDescriptor, dice: &mut Dice) -> String {
        let collections: Vec<&String> = self.names.keys().collect();
        if WORDS.contains(&field.name()) {
            return "curious".to_owned();
        }
        match dice.below(10) {
            0 => format!("tenants/{}", Uuid::from_u128(dice.next().into())),
            1 => String::new(),
            2 | 3 => {
                let collection = *dice.of(&collections);
                dice.of(&self.names[collection]).clone()
            }
            _ => {
                let plural = format!("{}s", camel(field.name()));
                let message = field.parent_message().name().to_lowercase();
                let meant = |c: &&&String| {
                    ***c == plural || field.name() == "name" && message.contains(c.to_lowercase().trim_end_matches('s'))
                };
                let meant: Vec<&String> = collections.iter().filter(meant).copied().collect();
                let collection = if meant.is_empty() { *dice.of(&collections) } else { *dice.of(&meant) };
                dice.of(&self.names[collection]).clone()
            }
        }
    }

    fn message(&self, of: &MessageDescriptor, dice: &mut Dice, depth: usize) -> DynamicMessage {
        let mut message = DynamicMessage::new(of.clone());
        for field in of.fields().filter(|field| !field.is_map()) {
            let always = matches!(field.kind(), Kind::String) && depth == 0;
            // A request that comes twice is another test's.
            if field.name() == "request_id" || (!always && dice.below(3) == 0) {
                continue;
            }
            let Some(value) = self.value(&field, dice, depth) else { continue };
            let value = if field.is_list() { Field::List(vec![value]) } else { value };
            message.set_field(&field, value);
        }
        message
    }

    fn value(&self, field: &FieldDescriptor, dice: &mut Dice, depth: usize) -> Option<Field> {
        Some(match field.kind() {
            Kind::String if matches!(field.name(), "etag" | "page_token") => return None,
            Kind::String => Field::String(self.text(field, dice)),
            Kind::Enum(of) => Field::EnumNumber(i32::try_from(dice.below(of.values().len())).unwrap()),
            Kind::Bool => Field::Bool(dice.below(2) == 0),
            Kind::Int32 => Field::I32(i32::try_from(dice.below(1_000)).unwrap()),
            Kind::Message(of) if of.full_name() == "google.protobuf.Timestamp" => {
                let seconds = 1_767_225_600 + i64::try_from(dice.below(40_000_000)).unwrap();
                let mut instant = DynamicMessage::new(of);
                instant.set_field_by_name("seconds", Field::I64(seconds));
                Field::Message(instant)
            }
            Kind::Message(of) if of.package_name() != "google.protobuf" && depth < 3 => {
                Field::Message(self.message(&of, dice, depth + 1))
            }
            _ => return None,
        })
    }
}

/// `vendor_handoffs` as `vendorHandoffs`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| all + &word[..1].to_uppercase() + &word[1..])
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |value| value.parse().unwrap())
}

/// Writes the canary where the first tenant's people write.
async fn plant(world: &World) {
    let edge = world.edge();
    let ticket = json!({"ticket": {"tenant": world.theirs("tenants"), "subject": CANARY, "description": CANARY}});
    let ticket = tests::call(&edge, &method("CreateTicket"), Some(BOOTSTRAP_KEY), &ticket).await.unwrap();
    let message = json!({"ticket": ticket["name"], "body": CANARY});
    tests::call(&edge, &method("PostMessage"), Some(BOOTSTRAP_KEY), &message).await.unwrap();
    let contact =
        json!({"contact": {"tenant": world.theirs("tenants"), "display_name": CANARY, "email": "c@a.example"}});
    tests::call(&edge, &method("CreateContact"), Some(BOOTSTRAP_KEY), &contact).await.unwrap();
    world.platform.drain().await;
}

/// One caller of the attack: how many calls were answered, and how many refused.
async fn caller(world: &'static World, prey: Arc<Prey>, seed: u64, calls: u64) -> (u64, u64) {
    let (edge, mut dice, mut done, mut busy) = (world.edge(), Dice(seed), (0, 0), 0);
    let open: Vec<_> = methods().into_iter().filter(|m| access(m).tenant || access(m).vendor).collect();
    while done.0 + done.1 < calls {
        let method = dice.of(&open).clone();
        let parties = [(access(&method).tenant, &world.stranger), (access(&method).vendor, &world.vendor)];
        let parties: Vec<&String> = parties.iter().filter(|(may, _)| *may).map(|(_, token)| *token).collect();
        let request = prey.message(&method.input(), &mut dice, 0);
        match call_message(&edge, &method, Some(dice.of(&parties).as_str()), &request).await {
            Ok(answer) => {
                let text = answer.to_string();
                let leaks = text.contains(CANARY) || ids(&text).any(|id| prey.ids.contains(&id));
                assert!(!leaks, "{} {request} leaks {text}", method.full_name());
                done.0 += 1;
            }
            // Too many at once: it does not count, and does not go on for ever.
            Err(Code::ResourceExhausted | Code::Unavailable | Code::DeadlineExceeded) => {
                busy += 1;
                assert!(busy < calls, "the platform is not there");
                tokio::task::yield_now().await;
            }
            Err(code) => {
                let usual = [Code::NotFound, Code::InvalidArgument, Code::PermissionDenied, Code::FailedPrecondition];
                assert!(usual.contains(&code), "{} {request}: {code:?}", method.full_name());
                done.1 += 1;
            }
        }
    }
    done
}

#[test]
fn ten_thousand_calls_with_anothers_names_find_nothing_and_change_nothing() {
    let world = world();
    RUNTIME.block_on(async {
        plant(world).await;
        let (theirs, other) = (tenant_of(world.theirs("tenants")), tenant_of(&world.other));
        let prey = Arc::new(Prey::of(world, theirs).await);
        assert!(prey.ids.len() > 20, "there was hardly anything to find: {} ids", prey.ids.len());
        let (calls, seed) = (number("RELEVO_ATTACK_CALLS", 10_000), number("RELEVO_ATTACK_SEED", 1));
        let callers = (0..CALLERS).map(|n| {
            let prey = Arc::clone(&prey);
            tokio::spawn(caller(world, prey, seed.wrapping_mul(1_000) + n, calls.div_ceil(CALLERS)))
        });
        let done: Vec<(u64, u64)> = join_all(callers).await.into_iter().map(Result::unwrap).collect();
        let (answered, refused) = done.iter().fold((0, 0), |(a, r), (x, y)| (a + x, r + y));
        assert!(answered + refused >= calls && refused > calls / 2, "{answered} answered, {refused} refused");
        println!("{answered} answered, {refused} refused, among {} ids", prey.ids.len());
        world.platform.drain().await;
        // Nothing of the first tenant's names the second, and the other way round.
        for (table, row) in rows_of(world, theirs).await {
            assert!(!ids(&row).any(|id| id == other), "{table} was written by a stranger: {row}");
        }
        for (table, row) in rows_of(world, other).await {
            let taken = ids(&row).find(|id| prey.ids.contains(id));
            assert!(taken.is_none(), "{table} of the stranger names what is not its own: {row}");
        }
    });
}
