//! One platform, started for a test and gone with it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use servers::{Kind, Server};
use store::{Outbox, Store};

use crate::processes::{Running, listening, set_up};
use crate::settings::{SERVICES, Settings, settings};

/// How the programs are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Every service in one process, on the test run's Postgres.
    Together,
    /// Each service in a process of its own, and Postgres for it alone, so
    /// that each can be killed.
    Apart,
}

/// A running platform.
pub struct Platform {
    // Dropped in this order: programs before the servers they talk to.
    programs: Vec<Running>,
    /// NATS, for this platform alone.
    pub nats: Server,
    /// Postgres.
    pub postgres: Server,
    /// Redis, for this platform alone.
    pub redis: Server,
    settings: Settings,
    dir: PathBuf,
}

impl Platform {
    /// Starts one. `name` distinguishes it from others of the same test run.
    pub fn start(name: &str, shape: Shape) -> Self {
        let dir = folder(name);
        let private = |kind| Server::private(kind, &dir, &mut |_: &str| {}).unwrap_or_else(|e| panic!("{kind:?}: {e}"));
        let postgres = match shape {
            Shape::Together => Server::start(Kind::Postgres, &dir, &mut |_: &str| {}).expect("Postgres"),
            Shape::Apart => private(Kind::Postgres),
        };
        Self::among(name, shape, dir.clone(), [postgres, private(Kind::Nats), private(Kind::Redis)])
    }

    /// Starts one in a single process on servers that are there already.
    pub fn on(name: &str, postgres: Server, nats: Server, redis: Server) -> Self {
        Self::among(name, Shape::Together, folder(name), [postgres, nats, redis])
    }

    fn among(name: &str, shape: Shape, dir: PathBuf, [postgres, nats, redis]: [Server; 3]) -> Self {
        let settings = settings(&format!("{name}_{}", std::process::id()), &postgres, &nats, &redis);
        set_up(&settings);
        let mut platform = Self { programs: Vec::new(), nats, postgres, redis, settings, dir };
        let programs: &[&'static str] = match shape {
            Shape::Together => &["all"],
            Shape::Apart => &["directory", "contracts", "tickets", "dispatch", "billing", "gateway"],
        };
        for program in programs {
            platform.programs.push(Running::start(program, &platform.settings, &platform.dir));
        }
        for program in SERVICES.into_iter().chain(["gateway"]) {
            listening(program, platform.setting(&format!("RELEVO_{}_LISTEN", program.to_uppercase())));
        }
        platform
    }

    /// Where clients come in.
    pub fn gateway(&self) -> &str {
        self.setting("RELEVO_GATEWAY_URL")
    }

    /// One of the variables that the programs were told.
    pub fn setting(&self, name: &str) -> &str {
        let found = self.settings.iter().find(|(key, _)| key == name);
        &found.unwrap_or_else(|| panic!("{name} is not set")).1
    }

    /// Kill -9 of one program, and its restart.
    pub fn kill_and_restart(&mut self, program: &'static str) {
        let running = self.programs.iter_mut().find(|running| running.program == program);
        let running = running.unwrap_or_else(|| panic!("{program} does not run by itself"));
        running.kill();
        *running = Running::start(program, &self.settings, &self.dir);
    }

    /// Resident memory of all programs together, in bytes.
    pub fn resident(&self) -> u64 {
        self.programs.iter().map(Running::resident).sum()
    }

    /// The database of one service, as the service itself sees it.
    pub fn store(&self, service: &str) -> Store {
        Store::open(self.setting(&format!("RELEVO_{}_DATABASE_URL", service.to_uppercase())), 2).expect("a store")
    }

    /// Returns once everything announced has been taken in by everybody.
    pub async fn drain(&self) {
        let stores: Vec<Store> = SERVICES.iter().map(|service| self.store(service)).collect();
        let client = events::connect(&self.nats.url, "admin").await.expect("NATS");
        let context = async_nats::jetstream::new(client);
        let started = Instant::now();
        // What was just heard may announce more: two quiet looks in a row.
        let mut quiet = 0;
        while quiet < 2 {
            assert!(started.elapsed() < Duration::from_secs(120), "events are still on their way after two minutes");
            let mut waiting = 0;
            for store in &stores {
                waiting += Outbox::waiting(store).await.expect("the outbox");
            }
            let idle = waiting == 0 && events::idle(&context).await.expect("the consumers");
            quiet = if idle { quiet + 1 } else { 0 };
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What the programs have logged, for a failing test to show.
    pub fn logs(&self) -> String {
        let read = |running: &Running| std::fs::read_to_string(self.dir.join(format!("{}.log", running.program)));
        self.programs.iter().filter_map(|running| read(running).ok()).collect()
    }
}

fn folder(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("relevo-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a folder");
    dir
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.programs.clear();
        if std::thread::panicking() {
            eprintln!("the platform's logs are in {}", self.dir.display());
        } else {
            self.nats.stop().ok();
            self.redis.stop().ok();
            std::fs::remove_dir_all(&self.dir).ok();
        }
    }
}
