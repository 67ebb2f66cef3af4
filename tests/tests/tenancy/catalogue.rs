//! What the catalogues of the databases say, and that no service starts on
//! one that keeps nobody apart.

use std::process::{Command, Output};

use store::{Setup, flaws};
use testkit::SERVICES;

use super::{RUNTIME, world};

#[test]
fn every_table_view_and_function_keeps_the_parties_apart() {
    let world = world();
    RUNTIME.block_on(async {
        for service in SERVICES {
            let url = world.platform.setting(&format!("RELEVO_{}_DATABASE_URL", service.to_uppercase()));
            assert_eq!(flaws(url).await.unwrap(), [], "{service}");
        }
    });
}

/// Each statement makes one hole; the second closes it again.
const HOLES: [(&str, &str, &str); 8] = [
    ("CREATE TABLE hole (id int)", "DROP TABLE hole", "TABLE_POLICY_NOT_FORCED (hole)"),
    (
        "ALTER TABLE outbox NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE outbox FORCE ROW LEVEL SECURITY",
        "TABLE_POLICY_NOT_FORCED (outbox)",
    ),
    (
        "GRANT SELECT ON outbox TO relevo_vendor",
        "REVOKE SELECT ON outbox FROM relevo_vendor",
        "TABLE_POLICY_MISSING (outbox: SELECT for relevo_vendor)",
    ),
    (
        "CREATE POLICY hole ON inbox TO relevo_tenant USING (true)",
        "DROP POLICY hole ON inbox",
        "TABLE_POLICY_OPEN (inbox: hole)",
    ),
    ("GRANT SELECT ON inbox TO PUBLIC", "REVOKE ALL ON inbox FROM PUBLIC", "TABLE_OPEN_TO_PUBLIC (inbox)"),
    ("CREATE VIEW hole AS SELECT * FROM outbox", "DROP VIEW hole", "VIEW_NOT_INVOKER (hole)"),
    (
        "CREATE FUNCTION hole() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "DROP FUNCTION hole()",
        "FUNCTION_IS_DEFINER (hole)",
    ),
    (
        "ALTER ROLE relevo_flawed BYPASSRLS",
        "ALTER ROLE relevo_flawed NOBYPASSRLS",
        "LOGIN_BYPASSES_POLICIES (relevo_flawed)",
    ),
];

#[test]
fn each_hole_is_found_by_its_reason() {
    let admin = world().platform.setting("RELEVO_ADMIN_DATABASE_URL");
    let database = format!("relevo_flawed_{}", std::process::id());
    let setup = Setup { service: "flawed", database: &database, password: "only-for-tests" };
    RUNTIME.block_on(async {
        store::prepare(admin, &setup).await.unwrap();
        store::migrate(admin, &setup, &[]).await.unwrap();
        let place = admin.rsplit_once('@').unwrap().1.split('/').next().unwrap();
        let url = format!("postgres://relevo_flawed:only-for-tests@{place}/{database}");
        let owner = sea_orm::Database::connect(in_database(admin, &database)).await.unwrap();
        assert_eq!(flaws(&url).await.unwrap(), []);
        for (open, close, expected) in HOLES {
            sea_orm::ConnectionTrait::execute_unprepared(&owner, open).await.unwrap();
            let found: Vec<String> = flaws(&url).await.unwrap().iter().map(ToString::to_string).collect();
            sea_orm::ConnectionTrait::execute_unprepared(&owner, close).await.unwrap();
            assert!(found.iter().any(|flaw| flaw == expected), "{open}: {found:?}");
        }
        assert_eq!(flaws(&url).await.unwrap(), []);
    });
}

#[test]
fn no_service_starts_as_a_superuser() {
    let world = world();
    let admin = world.platform.setting("RELEVO_ADMIN_DATABASE_URL");
    let own = world.platform.setting("RELEVO_TICKETS_DATABASE_URL");
    let database = own.rsplit_once('/').unwrap().1;
    let Output { status, stderr, .. } = Command::new(program("tickets"))
        .env("RELEVO_TICKETS_DATABASE_URL", in_database(admin, database))
        .env("RELEVO_TICKETS_NATS_URL", world.platform.setting("RELEVO_TICKETS_NATS_URL"))
        .env("RELEVO_DIRECTORY_URL", world.platform.setting("RELEVO_DIRECTORY_URL"))
        .env("RELEVO_INTERNAL_KEY", world.platform.setting("RELEVO_INTERNAL_KEY"))
        .env_remove("RELEVO_ADMIN_LISTEN")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&stderr);
    assert!(!status.success() && said.contains("LOGIN_IS_SUPERUSER"), "{said}");
}

/// `admin`'s URL, for another database.
fn in_database(admin: &str, database: &str) -> String {
    let (scheme, rest) = admin.split_once("://").unwrap();
    let authority = rest.split('/').next().unwrap();
    format!("{scheme}://{authority}/{database}")
}

fn program(name: &str) -> std::path::PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().join(name)
}
