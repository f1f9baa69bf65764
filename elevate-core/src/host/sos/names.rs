//! The names collectors give to the output of commands.

/// How long a name older sosreports make, in bytes.
const SHORT: usize = 64;
/// How long a name can be at all, in bytes.
const LONG: usize = 255;

/// The name of the file a command line is kept under. Both collectors follow
/// the same rule.
pub(super) fn mangle(line: &str) -> String {
    cut(&without_limit(line), LONG)
}

/// All names to look for, the likeliest first. A name that is taken gets a
/// number, so one with a number counts only where there is no plain one.
pub(super) fn candidates(line: &str) -> Vec<String> {
    let plain = mangle(line);
    let mut names = vec![plain.clone()];
    let short = cut(&plain, SHORT);
    if short != plain {
        names.push(short);
    }
    names.extend((1..10).map(|number| format!("{plain}.{number}")));
    names.extend((2..10).map(|number| format!("{plain}_{number}")));
    names
}

/// The file at the top of a sosreport that holds the output of a command, of
/// those whose options do not change what is in it.
pub(super) fn at_the_top(line: &str) -> Option<&'static str> {
    const FILES: [(&str, &[&str]); 12] = [
        ("chkconfig", &["chkconfig --list"]),
        ("date", &["date"]),
        ("df", &["df", "df -al", "df -alP", "df -al -x autofs"]),
        ("dmidecode", &["dmidecode"]),
        ("free", &["free"]),
        ("hostname", &["hostname"]),
        ("installed-rpms", &["rpm -qa"]),
        ("ip_addr", &["ip addr", "ip -o addr"]),
        ("lsmod", &["lsmod"]),
        ("lspci", &["lspci", "lspci -nvv", "lspci -nnvv"]),
        ("mount", &["mount", "mount -l"]),
        ("uname", &["uname -a"]),
    ];
    let line = without_directory(line.trim());
    FILES.iter().find(|(_, lines)| lines.contains(&line)).map(|(file, _)| *file)
}

fn without_directory(line: &str) -> &str {
    ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"]
        .into_iter()
        .find_map(|directory| line.strip_prefix(directory))
        .unwrap_or(line)
}

fn without_limit(line: &str) -> String {
    let mut name = String::new();
    let mut in_odd_run = false;
    for c in without_directory(line).chars() {
        let is_plain = c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
        match c {
            '/' => name.push('.'),
            c if is_plain => name.push(c),
            _ if !in_odd_run => name.push('_'),
            _ => {}
        }
        in_odd_run = !is_plain;
    }
    name.trim_matches([' ', '.', '_', '-']).to_owned()
}

/// Cuts to so many bytes, between two characters.
fn cut(name: &str, bytes: usize) -> String {
    let fits = name.char_indices().take_while(|(at, c)| at + c.len_utf8() <= bytes);
    fits.map(|(_, c)| c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_collectors() {
        for (line, name) in [
            ("/bin/df -alP", "df_-alP"),
            ("/usr/sbin/blkid -c /dev/null", "blkid_-c_.dev.null"),
            ("/bin/ls -lanR /boot", "ls_-lanR_.boot"),
            ("rpm -qa --qf '%{NAME}-%{VERSION}'", "rpm_-qa_--qf_NAME_-_VERSION"),
            ("sh -c \"rpm --nodigest -qa\"", "sh_-c_rpm_--nodigest_-qa"),
            ("date", "date"),
            ("/bin/", ""),
        ] {
            assert_eq!(mangle(line), name, "{line}");
        }
    }

    #[test]
    fn long_names_are_cut_as_old_and_new_collectors_do() {
        let line = format!("lsblk -o {}", "A,".repeat(200));
        let names = candidates(&line);
        assert_eq!((names[0].len(), names[1].len()), (255, 64));
        assert!(names[0].starts_with(&names[1]));
        assert!(mangle(&"ä".repeat(200)).len() <= 255);
        assert_eq!(candidates("lsblk")[1], "lsblk.1");
    }

    #[test]
    fn files_at_the_top_stand_for_few_command_lines() {
        assert_eq!(at_the_top("/bin/uname -a"), Some("uname"));
        assert_eq!(at_the_top("df -al"), Some("df"));
        assert_eq!(at_the_top("df -i"), None);
        assert_eq!(at_the_top("uname -r"), None);
    }
}
