//! `grub.cfg`, as far as it tells what is booted: menu entries with their
//! kernels, the default, and whether entries come from `/boot/loader/entries`.
//! The rest of GRUB's language is passed by; it is not run.

use super::{LONGEST_NAME, push};
use crate::facts::OddLine;
use crate::facts::parse::{numbered, odd};

/// What is deeper nested than this is not followed.
const DEEPEST: usize = 16;

/// A `grub.cfg`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GrubCfg {
    /// Menu entries, in order.
    pub entries: Vec<MenuEntry>,
    /// Whether the entries of `/boot/loader/entries` are shown: a line
    /// `blscfg`.
    pub blscfg: bool,
    /// Whether it loads the module for that: `insmod blscfg`, which is what
    /// leapp looks for.
    pub loads_blscfg: bool,
    /// What `default` is set to, in order of the lines that set it.
    pub defaults: Vec<String>,
}

/// A menu entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MenuEntry {
    /// Line, from 1.
    pub line: usize,
    /// Title.
    pub title: String,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Titles of the submenus it is in, outermost first.
    pub submenus: Vec<String>,
    /// How GRUB counts it: `0`, or `1>2` in a submenu.
    pub position: String,
    /// Kernel, as GRUB sees its path.
    pub kernel: Option<String>,
    /// Arguments of the kernel.
    pub arguments: Option<String>,
    /// Initial RAM disks.
    pub initrd: Vec<String>,
}

impl GrubCfg {
    /// The entry a value of `default` names: a position, a title or an id,
    /// with `>` between submenu and entry.
    pub fn entry(&self, name: &str) -> Option<&MenuEntry> {
        let named = |entry: &&MenuEntry, last: &str| {
            entry.title == last || entry.id.as_deref() == Some(last)
        };
        if let Some(entry) = self.entries.iter().find(|entry| entry.position == name) {
            return Some(entry);
        }
        let outside = self.entries.iter().filter(|entry| entry.submenus.is_empty());
        let inside = self.entries.iter().filter(|entry| !entry.submenus.is_empty());
        outside.clone().find(|entry| named(entry, name)).or_else(|| {
            // Ids of submenus are not kept: the last part decides.
            let (_, last) = name.rsplit_once('>')?;
            inside.clone().find(|entry| named(entry, last))
        })
    }
}

enum Block {
    Entry(usize),
    Submenu { title: String, position: String, next: usize },
    Other,
}

/// Reads a `grub.cfg`.
pub fn parse(text: &str) -> (GrubCfg, Vec<OddLine>) {
    let mut reader = Reader { cfg: GrubCfg::default(), open: vec![], next: 0, notes: vec![] };
    for (number, line) in numbered(text) {
        reader.line(number, line);
    }
    if !reader.open.is_empty() {
        odd(&mut reader.notes, text.lines().count(), "", "ends with a block still open");
    }
    (reader.cfg, reader.notes)
}

struct Reader {
    cfg: GrubCfg,
    open: Vec<Block>,
    /// Position of the next entry outside of submenus.
    next: usize,
    notes: Vec<OddLine>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return;
        }
        let words = words(trimmed);
        let first = words.first().map(String::as_str).unwrap_or_default();
        let opens = words.last().is_some_and(|word| word == "{");
        match first {
            "menuentry" if opens => return self.menu_entry(number, line, &words),
            "submenu" if opens => return self.submenu(number, line, &words),
            "menuentry" | "submenu" => {
                odd(&mut self.notes, number, line, "does not end in {");
            }
            "}" => {
                if self.open.pop().is_none() {
                    odd(&mut self.notes, number, line, "closes what was not open");
                }
                return;
            }
            "blscfg" => self.cfg.blscfg = true,
            "insmod" if words.iter().any(|word| word == "blscfg") => self.cfg.loads_blscfg = true,
            "set" => self.set(&words),
            _ => self.command(first, &words),
        }
        if opens {
            self.enter(number, line, Block::Other);
        }
    }

    fn enter(&mut self, number: usize, line: &str, block: Block) {
        if self.open.len() < DEEPEST {
            self.open.push(block);
        } else {
            odd(&mut self.notes, number, line, "is nested too deep");
        }
    }

    /// The position of the next entry, and the titles of the submenus it is in.
    fn place(&mut self) -> (String, Vec<String>) {
        let mut titles = Vec::new();
        let mut innermost = None;
        for block in &mut self.open {
            if let Block::Submenu { title, position, next } = block {
                titles.push(title.clone());
                innermost = Some((position, next));
            }
        }
        let position = match innermost {
            Some((position, next)) => {
                *next += 1;
                format!("{position}>{}", *next - 1)
            }
            None => {
                self.next += 1;
                (self.next - 1).to_string()
            }
        };
        (position, titles)
    }

    fn menu_entry(&mut self, number: usize, line: &str, words: &[String]) {
        let (position, submenus) = self.place();
        let entry = MenuEntry {
            line: number,
            title: words.get(1).cloned().unwrap_or_default(),
            id: id(words),
            submenus,
            position,
            ..MenuEntry::default()
        };
        let index = self.cfg.entries.len();
        push(&mut self.cfg.entries, entry, &mut self.notes, number, line);
        self.enter(number, line, Block::Entry(index));
    }

    fn submenu(&mut self, number: usize, line: &str, words: &[String]) {
        let (position, _) = self.place();
        // It is kept with every entry in it.
        let title = words.get(1).map(String::as_str).unwrap_or_default();
        let title: String = title.chars().take(LONGEST_NAME).collect();
        self.enter(number, line, Block::Submenu { title, position, next: 0 });
    }

    fn set(&mut self, words: &[String]) {
        let value = words.get(1).and_then(|word| word.strip_prefix("default="));
        if let Some(value) = value
            && self.cfg.defaults.len() < 64
        {
            self.cfg.defaults.push(value.to_owned());
        }
    }

    fn command(&mut self, command: &str, words: &[String]) {
        let index = self.open.iter().rev().find_map(|block| match block {
            Block::Entry(index) => Some(*index),
            _ => None,
        });
        let entry = index.and_then(|index| self.cfg.entries.get_mut(index));
        let Some(entry) = entry else { return };
        let rest = words.get(1..).unwrap_or_default();
        match command {
            "linux" | "linux16" | "linuxefi" => {
                entry.kernel = rest.first().cloned();
                entry.arguments = Some(rest.get(1..).unwrap_or_default().join(" "));
            }
            "initrd" | "initrd16" | "initrdefi" => entry.initrd = rest.to_vec(),
            _ => {}
        }
    }
}

/// The id: after `--id`, or after the variable that stands for it.
fn id(words: &[String]) -> Option<String> {
    let at = words.iter().position(|w| w == "--id" || w == "$menuentry_id_option");
    let given = words.iter().find_map(|word| word.strip_prefix("--id="));
    given.map(str::to_owned).or_else(|| words.get(at? + 1).filter(|word| *word != "{").cloned())
}

/// The words of a line, without quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\'' | '"', Some(q)) if c == q => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(chars.next()),
            (c, Some(_)) => word.get_or_insert_default().push(c),
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('#', None) if word.is_none() => break,
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, None) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const CFG: &str = r#"
set pager=1
if [ "${next_entry}" ] ; then
   set default="${next_entry}"
else
   set default="${saved_entry}"
fi
function savedefault {
  if [ -z "${boot_once}" ]; then
    saved_entry="${chosen}"
  fi
}
menuentry 'CentOS Linux (3.10.0-2) 7 (Core)' --class centos $menuentry_id_option 'gnulinux-2' {
	load_video
	linux16 /vmlinuz-3.10.0-2 root=/dev/sda1 ro "dyndbg=file x"
	initrd16 /initramfs-3.10.0-2.img
}
submenu "Advanced 'x' \"y\"" {
	menuentry 'Old' --id old {
		linuxefi /vmlinuz-1 ro
	}
	menuentry 'Older' {
		linux /vmlinuz-0
	}
}
menuentry 'Windows' { # not Linux
	chainloader +1
}
"#;

    #[test]
    fn menu_entries_have_positions_ids_and_kernels() {
        let (cfg, odd) = parse(CFG);
        assert_eq!(odd, []);
        assert_eq!(cfg.entries[0].arguments.as_deref(), Some("root=/dev/sda1 ro dyndbg=file x"));
        let positions: Vec<_> = cfg.entries.iter().map(|e| e.position.as_str()).collect();
        assert_eq!(positions, ["0", "1>0", "1>1", "2"]);
        assert_eq!(cfg.entries[1].submenus, ["Advanced 'x' \"y\""]);
        assert_eq!(cfg.defaults, ["${next_entry}", "${saved_entry}"]);
        assert!(!cfg.blscfg && !cfg.loads_blscfg);
    }

    #[test]
    fn an_entry_is_named_by_position_title_or_id() {
        let (cfg, _) = parse(CFG);
        let kernel = |name: &str| cfg.entry(name).and_then(|e| e.kernel.as_deref());
        assert_eq!(kernel("0"), Some("/vmlinuz-3.10.0-2"));
        assert_eq!(kernel("gnulinux-2"), Some("/vmlinuz-3.10.0-2"));
        assert_eq!(kernel("1>1"), Some("/vmlinuz-0"));
        assert_eq!(kernel("Advanced 'x' \"y\">Old"), Some("/vmlinuz-1"));
        assert_eq!(kernel("advanced>old"), Some("/vmlinuz-1"));
        assert_eq!(kernel("Old"), None, "in a submenu the title alone names nothing");
        assert_eq!(kernel("old"), None);
        assert_eq!(kernel("7"), None);
    }

    #[test]
    fn blscfg_is_seen_and_comments_are_not() {
        let (cfg, _) = parse("# insmod blscfg\n# blscfg\n");
        assert!(!cfg.blscfg && !cfg.loads_blscfg);
        let (cfg, _) = parse("insmod part_msdos\ninsmod blscfg\nblscfg\n");
        assert!(cfg.blscfg && cfg.loads_blscfg);
    }

    #[test]
    fn blocks_that_do_not_match_are_named() {
        let (_, odd) = parse("}\nmenuentry 'x'\nmenuentry 'y' {\n");
        let odd: Vec<_> = odd.iter().map(|o| format!("{}: {}", o.line, o.why)).collect();
        assert_eq!(
            odd,
            [
                "1: closes what was not open",
                "2: does not end in {",
                "3: ends with a block still open"
            ]
        );
        let (_, odd) = parse(&"x {\n".repeat(200));
        assert!(odd.iter().any(|o| o.why == "is nested too deep"));
    }
}
