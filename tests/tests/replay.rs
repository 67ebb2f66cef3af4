//! A real log, driven through the whole platform, with everything in it
//! killed at some time on the way.

use std::path::{Path, PathBuf};
use std::time::Duration;

use relevo::replay::{self, Options};
use relevo::rest::Gateway;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::Scope;
use testkit::{BOOTSTRAP_KEY, Platform, Shape, until};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../services/cli/tests/data/incidents-sample.csv")
}

fn options(run: &str) -> Options {
    Options { file: sample(), speed_up: None, concurrency: 8, limit: None, run: Some(run.into()), progress: false }
}

#[test]
fn whatever_is_killed_nothing_is_lost_and_nothing_happens_twice() {
    let mut platform = Platform::start("replay", Shape::Apart);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let gateway = Gateway::new(platform.gateway()).unwrap();
    let calm = runtime.block_on(replay::run(&gateway, BOOTSTRAP_KEY, &options("calm"))).unwrap();
    assert!(calm.is_faithful(), "{calm}");

    let began = gateway.sent();
    let per_kill = (began / 9).max(1);
    let options = options("stormy");
    let stormy = std::thread::spawn({
        let gateway = gateway.clone();
        move || tokio::runtime::Runtime::new().unwrap().block_on(replay::run(&gateway, BOOTSTRAP_KEY, &options))
    });
    let victims = ["tickets", "nats", "contracts", "directory", "postgres", "billing", "gateway", "dispatch"];
    for (nth, victim) in (1..).zip(victims) {
        // As the replay goes on, not as time does.
        let when = began + nth * per_kill;
        until(Duration::from_secs(180), "the replay to go on", || gateway.sent() >= when || stormy.is_finished());
        assert!(!stormy.is_finished(), "the replay was over before {victim} was killed");
        match victim {
            "nats" => platform.nats.kill().and_then(|()| platform.nats.restart()).unwrap(),
            "postgres" => platform.postgres.kill().and_then(|()| platform.postgres.restart()).unwrap(),
            program => platform.kill_and_restart(program),
        }
    }
    let stormy = stormy.join().unwrap().unwrap_or_else(|error| panic!("{error:#}"));
    assert!(stormy.is_faithful(), "{stormy}");
    assert_eq!(stormy.promises, calm.promises, "the same log has the same SLA outcome");

    runtime.block_on(async {
        platform.drain().await;
        // Every ticket once, every number once, and no fact twice.
        for (service, sql) in [
            ("tickets", "SELECT count(*) - 2 * $1::bigint FROM tickets"),
            ("tickets", "SELECT $1::bigint * 0 + count(*) - count(DISTINCT (tenant_id, number)) FROM tickets"),
            ("billing", "SELECT $1::bigint * 0 + count(*) - count(DISTINCT (tenant_id, source, key)) FROM facts"),
            ("contracts", "SELECT count(DISTINCT ticket_id) - 2 * $1::bigint FROM clocks"),
        ] {
            let work = platform.store(service).begin(&Scope::worker(None)).await.unwrap();
            let incidents = i64::try_from(calm.incidents).unwrap();
            let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [incidents.into()]);
            let row = work.query_one_raw(statement).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 0, "{service}: {sql}");
        }
    });
}
