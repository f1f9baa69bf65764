//! What runs and listens, and who has an account. No capture takes any of it unless it is
//! asked to (`--collect`, or a pack's own list), for it tells much of who uses a host.

use super::look;
use super::read;
use super::{Fact, Facts, Unknown};
use crate::snapshot::{Content, Evidence};

const ACCOUNTS: &str = "/etc/passwd";
const GROUPS: &str = "/etc/group";
const SOCKETS: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];
/// The state of a socket that listens, in the kernel's tables.
const LISTENS: &str = "0A";
/// The kernel keeps so much of a name.
const KEPT: usize = 15;

/// Questions on processes, sockets and accounts.
#[derive(Debug, Clone, Copy)]
pub struct Processes<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// What runs and listens.
    pub fn processes(&self) -> Processes<'a> {
        Processes { evidence: &self.snapshot.evidence }
    }
}

impl Processes<'_> {
    /// Whether there is a local account of this name. Reads `/etc/passwd`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn has_account(&self, name: &str) -> Fact<bool> {
        self.is_first_field(ACCOUNTS, name)
    }

    /// Whether there is a local group of this name. Reads `/etc/group`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn has_group(&self, name: &str) -> Fact<bool> {
        self.is_first_field(GROUPS, name)
    }

    fn is_first_field(&self, path: &str, name: &str) -> Fact<bool> {
        let text = look::text(self.evidence, path)?.unwrap_or_default();
        Ok(text.lines().any(|line| line.split_once(':').is_some_and(|(first, _)| first == name)))
    }

    /// Whether something listens on a TCP port, on any address. Reads the kernel's
    /// tables, `/proc/net/tcp` and `/proc/net/tcp6`, else what `ss` or `netstat` printed.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn listens(&self, port: u16) -> Fact<bool> {
        let tables = SOCKETS.map(|path| read::text(self.evidence, path));
        if tables.iter().any(|table| matches!(table, Ok(Some(table)) if in_table(table, port))) {
            return Ok(true);
        }
        let unknown = match tables {
            // A kernel without IPv6 has no table of it.
            [Ok(Some(_)), Ok(_)] => return Ok(false),
            [Err(unknown), _] | [_, Err(unknown)] => unknown,
            _ => Unknown::not_captured(SOCKETS[0]),
        };
        let mut printed = self.outputs(&["ss", "netstat"]).peekable();
        printed.peek().ok_or(unknown)?;
        Ok(printed.any(|output| output.text().lines().any(|line| in_line(line, port))))
    }

    /// Whether a process of this name runs. Reads what `ps` printed, else
    /// `/proc/*/comm`, where names are cut after 15 bytes.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn runs(&self, name: &str) -> Fact<bool> {
        let mut printed = self.outputs(&["ps"]).peekable();
        if printed.peek().is_some() {
            return Ok(printed.any(|output| commands(&output.text()).any(|found| found == name)));
        }
        let cut = name.get(..KEPT).unwrap_or(name);
        let mut names = self.names().peekable();
        names.peek().ok_or_else(|| Unknown::not_captured("command:ps auxwww"))?;
        Ok(names.any(|content| content.text().trim_end() == cut))
    }

    fn names(&self) -> impl Iterator<Item = &Content> {
        let is_process = |path: &str| {
            let number = path.strip_prefix("/proc/").and_then(|rest| rest.strip_suffix("/comm"));
            number.is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let files = self.evidence.files.iter();
        files.filter(move |(path, _)| is_process(path)).map(|(_, content)| content)
    }

    /// What these programs printed, whatever their options.
    fn outputs(&self, programs: &[&str]) -> impl Iterator<Item = &Content> {
        let commands = self.evidence.commands.iter();
        let is_one = |line: &str| {
            let program = line.split_whitespace().next().unwrap_or_default();
            programs.contains(&program.rsplit('/').next().unwrap_or_default())
        };
        let all = commands.filter(move |(line, _)| is_one(line)).map(|(_, content)| content);
        all.filter(|content| !content.text().trim().is_empty())
    }
}

/// Whether a table of the kernel has a socket that listens on a port: its second field is
/// `ADDRESS:PORT` in hexadecimal, its fourth the state.
fn in_table(table: &str, port: u16) -> bool {
    table.lines().any(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let (local, _, state) = (fields.next(), fields.next(), fields.next());
        let local = local.and_then(|local| local.rsplit_once(':'));
        let local = local.and_then(|(_, port)| u16::from_str_radix(port, 16).ok());
        local == Some(port) && state == Some(LISTENS)
    })
}

/// Whether a line of `ss` or `netstat` says so: the local address comes first.
fn in_line(line: &str, port: u16) -> bool {
    let mut words = line.split_whitespace();
    let listens = words.clone().any(|word| word.starts_with("LISTEN"));
    let is_tcp = !line.starts_with("u_") && !line.starts_with("unix");
    let ends = |word: &str| word.rsplit_once(':').map(|(_, end)| end.to_owned());
    let local = words.find_map(ends);
    listens && is_tcp && local.is_some_and(|end| end.parse() == Ok(port))
}

/// The programs in a table of `ps`, without their paths.
fn commands(table: &str) -> impl Iterator<Item = &str> {
    let mut lines = table.lines();
    let head = lines.next().unwrap_or_default();
    let column = head.split_whitespace().position(|word| matches!(word, "COMMAND" | "CMD"));
    lines.filter_map(move |line| {
        let word = line.split_whitespace().nth(column?)?;
        let name = word.trim_start_matches('-').trim_end_matches(':').rsplit('/').next()?;
        Some(name.trim_matches(['[', ']']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::host;

    fn listens(text: &str, port: u16) -> Fact<bool> {
        Facts::new(&host(text)).processes().listens(port)
    }

    fn runs(text: &str, name: &str) -> Fact<bool> {
        Facts::new(&host(text)).processes().runs(name)
    }

    #[test]
    fn accounts_and_groups_are_those_of_the_files() {
        let snapshot = host("//- /etc/passwd\nroot:x:0:0::/:/bin/sh\nmysql:x:27:27::/:/bin/sh\n");
        let facts = Facts::new(&snapshot);
        assert_eq!(facts.processes().has_account("mysql"), Ok(true));
        assert_eq!(facts.processes().has_account("my"), Ok(false));
        assert_eq!(facts.processes().has_group("mysql"), Err(Unknown::not_captured(GROUPS)));
    }

    #[test]
    fn a_socket_listens_by_the_tables_of_the_kernel() {
        let tables = "//- /proc/net/tcp\n  sl  local_address rem_address   st tx_queue\n   \
                      0: 0100007F:0CEA 00000000:0000 0A 00000000:0\n   \
                      1: 0100007F:0050 0100007F:9999 01 00000000:0\n\
                      //- /proc/net/tcp6\n";
        assert_eq!(listens(tables, 3306), Ok(true));
        assert_eq!(listens(tables, 80), Ok(false), "it is connected, and does not listen");
        let half = "//- /proc/net/tcp\n";
        assert_eq!(listens(half, 80), Err(Unknown::not_captured("/proc/net/tcp6")));
        assert_eq!(listens("//- /proc/net/tcp\n//- absent /proc/net/tcp6\n", 80), Ok(false));
    }

    #[test]
    fn a_socket_listens_by_what_a_tool_printed() {
        let netstat = "//- command netstat -W -neopa\nProto Recv-Q Send-Q Local Foreign State\n\
                       tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN 0 1\n\
                       tcp 0 0 10.0.0.1:80 10.0.0.2:25 ESTABLISHED 0 1\n";
        let ss = "//- command ss -peaonmi\nNetid State Recv-Q Send-Q Local Peer\n\
                  u_str LISTEN 0 128 /run/x:80 0 * 0\ntcp LISTEN 0 128 [::]:22 [::]:*\n";
        for (text, port, expected) in
            [(netstat, 22, true), (netstat, 80, false), (ss, 22, true), (ss, 80, false)]
        {
            assert_eq!(listens(text, port), Ok(expected), "{port} in {text}");
        }
        assert_eq!(listens("", 22), Err(Unknown::not_captured("/proc/net/tcp")));
    }

    #[test]
    fn a_process_runs_by_its_name() {
        let ps = "//- command ps auxwww\nUSER PID %CPU COMMAND\nroot 1 0.0 /usr/sbin/sshd -D\n\
                  root 2 0.0 [kthreadd]\nroot 3 0.0 -bash\n";
        for (name, expected) in [("sshd", true), ("kthreadd", true), ("bash", true), ("-D", false)]
        {
            assert_eq!(runs(ps, name), Ok(expected), "{name}");
        }
        let comm = "//- /proc/1/comm\nsystemd\n//- /proc/7/comm\nNetworkManager-\n";
        assert_eq!(runs(comm, "NetworkManager-dispatcher"), Ok(true));
        assert_eq!(runs(comm, "sshd"), Ok(false));
        assert_eq!(runs("", "sshd"), Err(Unknown::not_captured("command:ps auxwww")));
    }
}
