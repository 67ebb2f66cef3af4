//! One server's folder: its lock, its notes, and what an earlier run left in it.

use std::fs::{self, File, TryLockError};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Error, Kind, Notes, container, patience, process, table};

/// A lock just released may live on for a moment in a child that another thread is starting.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);

/// The folder of one server, ours alone until this is dropped.
#[derive(Debug)]
pub struct Folder {
    pub path: PathBuf,
    pub log: PathBuf,
    pub notes: Notes,
    _lock: File,
}

impl Folder {
    /// Makes and locks `dir/<kind>`, and stops a server that a killed run left behind.
    pub fn open(dir: &Path, kind: Kind) -> Result<Folder, Error> {
        let make = |path: &Path| fs::create_dir_all(path).map_err(Error::io("creating", path));
        make(&dir.join("logs"))?;
        // The server may run elsewhere, so it needs the whole path.
        let dir = fs::canonicalize(dir).map_err(Error::io("finding", dir))?;
        let path = dir.join(kind.folder());
        make(&path)?;
        let lock_path = path.join("lock");
        let lock = File::create(&lock_path).map_err(Error::io("creating", &lock_path))?;
        let locked = patience::poll(LOCK_PATIENCE, || match lock.try_lock() {
            Err(TryLockError::WouldBlock) => None,
            Err(TryLockError::Error(error)) => Some(Err(error)),
            Ok(()) => Some(Ok(())),
        });
        let locked = locked.ok_or_else(|| Error::InUse(path.clone()))?;
        locked.map_err(Error::io("locking", &path))?;
        let folder = Folder {
            notes: Notes::open(&path.join("state"))?,
            log: dir.join("logs").join(format!("{}.log", kind.folder())),
            path,
            _lock: lock,
        };
        if let Some(pid) = folder.leftover() {
            process::stop_leftover(pid, kind.stop_signal());
        }
        Ok(folder)
    }

    /// The process noted by an earlier run, if it still lives.
    fn leftover(&self) -> Option<u32> {
        let pid = self.notes.get("pid")?;
        let born: String = self.notes.get("born")?;
        (table::born(pid)? == born).then_some(pid)
    }

    /// Notes the running process for the next run.
    pub fn note_process(&mut self, pid: u32) -> Result<(), Error> {
        self.notes.set("pid", &pid.to_string())?;
        self.notes.set("born", &table::born(pid).unwrap_or_default())
    }

    /// Where a program keeps its data; PostgreSQL may have put a link to another place here.
    pub fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// A name for what this folder keeps elsewhere on the machine: an FNV-1a hash of its path.
    pub fn key(&self) -> String {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in self.path.as_os_str().as_bytes() {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        format!("{hash:016x}")
    }

    /// Removes the data, wherever it is.
    pub fn forget(self) -> Result<(), Error> {
        container::forget(&self);
        let link = self.data();
        let Ok(data) = fs::canonicalize(&link) else {
            return Ok(());
        };
        fs::remove_dir_all(&data).map_err(Error::io("removing", &data))?;
        if link.is_symlink() {
            fs::remove_file(&link).map_err(Error::io("removing", &link))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    /// A process that lives until it is told otherwise, noted as one run's server.
    fn left_behind(dir: &Path, born: Option<&str>) -> std::process::Child {
        let mut waiting = Command::new("cat");
        let child = waiting.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut folder = Folder::open(dir, Kind::Redis).unwrap();
        folder.note_process(child.id()).unwrap();
        if let Some(born) = born {
            folder.notes.set("born", born).unwrap();
        }
        child
    }

    fn scratch(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("servers-{name}-{}", std::process::id()))
    }

    #[test]
    fn what_a_killed_run_left_is_stopped() {
        let dir = scratch("left");
        let mut child = left_behind(&dir, None);
        Folder::open(&dir, Kind::Redis).unwrap();
        assert!(child.try_wait().unwrap().is_some());
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_stranger_with_the_same_number_is_spared() {
        let dir = scratch("stranger");
        let mut child = left_behind(&dir, Some("long ago"));
        Folder::open(&dir, Kind::Redis).unwrap();
        assert!(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        fs::remove_dir_all(dir).unwrap();
    }
}
