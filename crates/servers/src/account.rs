//! The unprivileged account under which PostgreSQL runs when we are root, which it refuses.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::{Error, command};

/// Whether we are root. The standard library does not say, `id` does.
pub fn is_root() -> bool {
    command::run(Command::new("id").arg("-u")).is_ok_and(|user| user == "0")
}

/// A user and its group, by number.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// `None` when we are not root: then files and processes are simply ours. Else `postgres`,
    /// or `nobody` where PostgreSQL made no account.
    pub fn to_drop_to() -> Result<Option<Account>, Error> {
        if !is_root() {
            return Ok(None);
        }
        let users = Path::new("/etc/passwd");
        let text = fs::read_to_string(users).map_err(Error::io("reading", users))?;
        let account = ["postgres", "nobody"].iter().find_map(|name| text.lines().find_map(|line| parse(line, name)));
        account.map(Some).ok_or_else(|| {
            let none = std::io::Error::other("neither postgres nor nobody is an account");
            Error::io("reading", users)(none)
        })
    }

    /// Whether it may walk into `folder`: each folder on the way must let it through.
    pub fn reaches(self, folder: &Path) -> bool {
        folder.ancestors().all(|step| {
            fs::metadata(step).is_ok_and(|metadata| {
                let bit = if metadata.uid() == self.user { 0o100 } else { 0o001 };
                metadata.mode() & bit != 0
            })
        })
    }

    /// Gives it a file or folder.
    pub fn own(self, path: &Path) -> Result<(), Error> {
        chown(path, Some(self.user), Some(self.group)).map_err(Error::io("giving away", path))
    }

    /// Makes the command run as this user, in none of root's groups.
    pub fn run(self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }
}

/// A line of `/etc/passwd`: `name:x:user:group:…`.
fn parse(line: &str, name: &str) -> Option<Account> {
    let mut fields = line.split(':');
    (fields.next()? == name).then_some(())?;
    let mut numbers = fields.skip(1).map(|field| field.parse().ok());
    Some(Account { user: numbers.next()??, group: numbers.next()?? })
}
