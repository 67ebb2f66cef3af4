//! The system's processes: who lives, whose child, since when; and signals to them.

use std::fs;
use std::process::{Command, Stdio};

/// One living process. Zombies are not listed.
pub struct Row {
    pub pid: u32,
    pub parent: u32,
    /// When it started, as the system writes it: a number that came again names another process.
    pub born: String,
}

/// Every living process, from `/proc` or, where there is none, from `ps`.
pub fn rows() -> Vec<Row> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return from_ps();
    };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter_map(from_stat).collect()
}

/// `/proc/<pid>/stat`: state, parent and start are fields 3, 4 and 22. The second, the command
/// in parentheses, may hold anything.
fn from_stat(pid: u32) -> Option<Row> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    (!is_dead(fields.first()?)).then_some(Row {
        pid,
        parent: fields.get(1)?.parse().ok()?,
        born: (*fields.get(19)?).to_owned(),
    })
}

fn from_ps() -> Vec<Row> {
    let columns = ["-A", "-o", "pid=,ppid=,state=,lstart="];
    let Ok(output) = Command::new("ps").args(columns).output() else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let row = |line: &str| {
        let mut fields = line.split_whitespace();
        let (pid, parent) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        (!is_dead(fields.next()?)).then(|| Row { pid, parent, born: fields.collect::<Vec<_>>().join(" ") })
    };
    text.lines().filter_map(row).collect()
}

fn is_dead(state: &str) -> bool {
    state.starts_with(['Z', 'X'])
}

/// When the process started; `None` when it does not live.
pub fn born(pid: u32) -> Option<String> {
    let row = rows().into_iter().find(|row| row.pid == pid)?;
    Some(row.born)
}

/// The process and its children. PostgreSQL puts each backend into a process group of its own,
/// so a signal to the group would miss them.
pub fn family(pid: u32) -> Vec<u32> {
    let of_family = |row: &Row| row.pid == pid || row.parent == pid;
    let mut pids: Vec<u32> = rows().iter().filter(|r| of_family(r)).map(|r| r.pid).collect();
    // The parent first: it must not see its children fall.
    pids.sort_by_key(|member| *member != pid);
    pids
}

/// Whether one of these processes lives.
pub fn any_alive(pids: &[u32]) -> bool {
    rows().iter().any(|row| pids.contains(&row.pid))
}

/// Sends a signal, `INT` or `KILL`, by the shell's own `kill`. A process that is gone already
/// is no error: being gone is what the signal asks for.
pub fn signal(name: &str, pids: &[u32]) {
    let _gone_already = Command::new("sh")
        .args(["-c", "kill -s \"$@\"", "sh", name])
        .args(pids.iter().map(u32::to_string))
        .stderr(Stdio::null())
        .status();
}
