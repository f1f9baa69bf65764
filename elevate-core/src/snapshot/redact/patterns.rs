//! Secrets known by their own look, or by the words before them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::keys;

/// What a shell takes for one word, quoted or not. `VALUE` stands for it.
const VALUE: &str = r#"(?:'([^']*)'|"([^"]*)"|([^\s'";|&][^\s;|&]*))"#;

/// Expressions whose groups are secrets, for all files.
const EVERYWHERE: &[&str] = &[
    // Hashes of passwords: crypt(3) and its kin, LDAP, GRUB.
    r"\\?\$(?:1|2[abxy]?|5|6|7|y|gy|md5|sha1|apr1|argon2[a-z]{0,2}|pbkdf2[-a-z0-9]{0,12}|P|H|S)\\?\$([./A-Za-z0-9=,+$*\\-]{20,})",
    r"(?i)\{(?:s?sha[0-9]{0,3}|s?md5|crypt|pbkdf2[-a-z0-9]{0,12}|cleartext)\}([A-Za-z0-9+/=.$,-]{4,})",
    r"grub\.pbkdf2\.[a-z0-9]{1,10}\.([0-9]{1,9}\.[0-9A-Fa-f.]{8,})",
    r"\bpassword_pbkdf2\s+\S+\s+(\S+)",
    r"^\s*password\s+--(?:md5|encrypted)\s+(\S+)",
    // Lines of shadow and of a passwd that still has the hash.
    r"^[^:\s]{1,64}:!{0,2}([^:!*\s][^:\s]+):-?[0-9]*:-?[0-9]*:-?[0-9]*:[0-9-]*:[0-9-]*:[0-9-]*:[^:]*$",
    r"^[^:\s]{1,64}:!{0,2}([^:!*\s][^:\s]+):[0-9]+:[0-9]*:[^:]*:(?:/[^:]*)?:[^:\s]*$",
    // Keys of services, known by how they begin.
    r"\b((?:AKIA|ASIA|AGPA|AIDA|AROA)[0-9A-Z]{16})\b",
    r"\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{30,})",
    r"\b(xox[abeprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{30,}|ya29\.[0-9A-Za-z_-]{20,}|[rs]k_live_[0-9A-Za-z]{10,}|hvs\.[0-9A-Za-z_-]{20,})",
    r"\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?)",
    // Headers of HTTP.
    r#"(?i)\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer|token|digest|negotiate|apikey)\s+([^\s"']+)"#,
    r"(?i)\bbearer\s+([A-Za-z0-9._~+/=-]{16,})",
    // Key statements of named, rndc, dhcpd.
    r#"\bsecret\s+"?([^";\s]+)"?\s*;"#,
    // Settings without a sign between name and value.
    r"(?i)^\s*#?\s*(?:auth_pass|requirepass|masterauth|bindpw|rootpwmodpw|ldap_bindpw|sasl_pass)\s+(\S.*)",
    r"(?i)\bneighbor\s+\S+\s+password\s+(\S.*)",
    r"(?i)^\s*enable\s+(?:password|secret)\s+(\S.*)",
    r"(?i)\bstats\s+auth\s+[^:\s]+:(\S+)",
    r"(?i)\binsecure-password\s+(\S+)",
    // Attributes of XML.
    r#"(?i)\b(?:name|key|id)\s*=\s*["'][^"']*(?:password|passwd|passphrase|secret|token|apikey|privatekey|accesskey)["'][^<>]*?\bvalue\s*=\s*(?:"([^"]*)"|'([^']*)')"#,
    r#"(?i)\b(?:name|key|id)\s*=\s*["'][^"']*(?:password|passwd|passphrase|secret|token|apikey|privatekey|accesskey)["'][^<>]*>([^<]+)<"#,
    // Arguments of mounts and proxies: user=name%secret, login=name:secret.
    r"\buser(?:name)?=[^,%=\s]+%([^,\s]+)",
    r"\blogin=[^:\s]+:(\S+)",
    r"(?i)\b[a-z]*_?proxy\s*[:=]\s*[^\s:/@]+:([^\s@/][^\s@]*)@",
    r"\biscsi:[^\s:@]+:([^\s@]+)@",
    // Commands that need no second look.
    r"\bsshpass\s+-p\s*VALUE",
    r"\s-pass(?:in|out)?\s+pass:VALUE",
    r#"\becho\s+(?:-[a-z]+\s+)?["']?[A-Za-z0-9._-]+:([^"'\s|]+)["']?\s*\|\s*(?:sudo\s+)?(?:/usr/sbin/)?chpasswd"#,
    r#"\becho\s+(?:-[a-z]+\s+)?["']?([^"'|]+?)["']?\s*\|\s*(?:sudo\s+)?(?:/usr/bin/)?passwd\s+--stdin"#,
];

/// Expressions for the arguments of commands, by an expression for the command.
const ARGUMENTS: &[(&str, &str)] = &[
    (r"(?i)\b(?:mysql[a-z]*|mariadb[a-z-]*|innobackupex|xtrabackup|mariabackup)\s", r"\s-pVALUE"),
    (r"\bldap(?:search|modify|add|delete|passwd|whoami|compare|modrdn)\s", r"\s-w\s*VALUE"),
    (r"\bdocker\s+login\s", r"\s-p[\s=]*VALUE"),
    (r"\bipmitool\s", r"\s-P\s*VALUE"),
    (r"\bredis-cli\s", r"\s-a\s*VALUE"),
    (r"\bmongo[a-z]*\s", r"\s-p\s*VALUE"),
    (r"\b(?:curl|wget)\s", r#"\s(?:-u|-U|--user|--proxy-user)[\s=]*["']?[^\s:"']+:([^\s"']+)"#),
    (r"\b(?:smbclient|smbmount|rpcclient|winexe|net)\s", r#"\s-U[\s=]*["']?[^\s%"']+%([^\s"']+)"#),
];

/// Expressions for some files, by an expression for the path.
const SOMEWHERE: &[(&str, &str)] = &[
    (
        r"/(?:quagga|frr|zebra|bird)/|/(?:bgpd|ospfd|ospf6d|ripd|isisd|zebra|vtysh)\.conf",
        r"(?i)\b(?:password|secret|authentication-key|key-string|area-password(?:\s+\S+)?|message-digest-key\s+[0-9]+\s+md5)\s+(\S.*)",
    ),
    (r"snmp", r"(?i)^\s*#?\s*(?:ro|rw)community6?\s+(\S+)"),
    (r"snmp", r"(?i)^\s*#?\s*com2sec6?\s+(?:-Cn\s+\S+\s+)?\S+\s+\S+\s+(\S+)"),
    (r"snmp", r"(?i)^\s*#?\s*trapcommunity\s+(\S+)"),
    (r"snmp", r"(?i)^\s*#?\s*(?:trapsink|trap2sink|informsink)\s+\S+\s+(\S+)"),
    (r"snmp", r"(?i)^\s*#?\s*(?:createUser|usmUser)\s+\S+\s+(?:(?:MD5|SHA\S*)\s+)?(\S.*)"),
    (r"snmp", r"(?i)^\s*#?\s*(?:auth|priv|def(?:Auth|Priv)?)(?:pass)?phrase\s+(\S.*)"),
    (r"/ntp", r"^\s*#?\s*crypto\s.*?\bpw\s+(\S+)"),
    (r"grub|/menu\.lst", r"^\s*password\s+[^\s-]\S*\s+(\S+)"),
    (r"grub|/menu\.lst", r"^\s*password\s+([^\s-]\S*)\s*$"),
    (r"/squid", r"^\s*#?\s*cachemgr_passwd\s+(\S+)"),
    (r"slapd|ldap", r"^\s*#?\s*rootpw\s+(\S.*)"),
    (r"/etc/group", r"^[^:\s]+:!?([^:!*\s][^:\s]+):[0-9]+:"),
    (r"ks\.cfg|kickstart|\.ks$|anaconda", r"^\s*(?:rootpw|sshpw)\s+(?:--\S+\s+)*([^\s-]\S*)"),
    (r"ks\.cfg|kickstart|\.ks$|anaconda", r"--(?:md5pass|iscrypted|plaintext)[= ]([^\s-]\S*)"),
    (r"netrc|msmtprc|fetchmailrc", r#"\bpass(?:word)?\s+"?([^\s"]+)"#),
    (r"upsmon\.conf", r"^\s*#?\s*MONITOR\s+\S+\s+[0-9]+\s+\S+\s+(\S+)"),
    (r"/tac|/radius|/raddb|pam_radius", r"^\s*[^#\s]\S*\s+(\S+)\s+[0-9]+\s*$"),
    (r"/curlrc|\.curlrc", r#"^\s*-?-?(?:user|proxy-user)\s*[=: ]\s*"?[^\s:"]+:([^\s"]+)"#),
    (r"cloud", r"^\s+(?:root|[a-z][a-z0-9_-]*):(\S{4,})\s*$"),
    (r"/crypttab", r"^\s*[^#\s]\S*\s+\S+\s+([^\s-]\S+)"),
];

/// Expressions that look at more than one kind of secret at once would be
/// slow on lines without any: what every expression above needs.
const HINT: &[&str] = &[
    "pass",
    "pw",
    "secret",
    "token",
    "key",
    "cred",
    "psk",
    "auth",
    "://",
    r"\$[0-9a-z]",
    r"[?&]",
    "bearer",
    "login",
    "proxy",
    "iscsi",
    "snmp",
    "community",
    "com2sec",
    "createuser",
    "sink",
    "phrase",
    "crypto",
    "pbkdf2",
    "sha",
    "md5",
    r"crypt\}",
    "cleartext",
    "akia",
    "asia",
    "agpa",
    "aida",
    "aroa",
    r"gh[pousr]_",
    "github_pat",
    "glpat",
    "npm_",
    "xox",
    "aiza",
    "ya29",
    "k_live",
    r"hvs\.",
    "eyj",
    "curl",
    "wget",
    "smb",
    "rpcclient",
    "winexe",
    r"\bnet\b",
    "mysql",
    "mariadb",
    "backup",
    "ldap",
    "docker",
    "ipmitool",
    "redis",
    "mongo",
    "user",
    "community",
    "monitor",
    r":[0-9]",
    "pin",
    "code",
    "sig",
    "mka",
    "pwd",
    "license",
    "stdin",
    "echo",
];

static HINT_RULE: LazyLock<Regex> =
    LazyLock::new(|| expression(&format!("(?i){}", HINT.join("|"))));
static EVERYWHERE_RULES: LazyLock<Vec<Regex>> =
    LazyLock::new(|| EVERYWHERE.iter().map(|text| expression(text)).collect());
static ARGUMENT_RULES: LazyLock<Vec<(Regex, Regex)>> = LazyLock::new(|| pairs(ARGUMENTS));
static SOMEWHERE_RULES: LazyLock<Vec<(Regex, Regex)>> = LazyLock::new(|| pairs(SOMEWHERE));

fn pairs(texts: &[(&str, &str)]) -> Vec<(Regex, Regex)> {
    texts.iter().map(|(first, second)| (expression(first), expression(second))).collect()
}

#[expect(clippy::expect_used, reason = "the expressions are constants, each built by a test")]
fn expression(text: &str) -> Regex {
    let text = text.replace("VALUE", VALUE);
    let built = regex::bytes::RegexBuilder::new(&text).unicode(false).build();
    built.expect("a constant expression is one")
}

/// Whether a line may hold anything at all that a rule for all files takes.
pub(super) fn hint(line: &[u8]) -> bool {
    HINT_RULE.is_match(line)
}

/// The expressions for a file, beside those for all.
pub(super) fn for_path(path: &str) -> Vec<&'static Regex> {
    let rules = SOMEWHERE_RULES.iter();
    rules.filter(|(place, _)| place.is_match(path.as_bytes())).map(|(_, line)| line).collect()
}

/// Finds what the expressions for all files know.
pub(super) fn find(line: &[u8], out: &mut Vec<Range<usize>>) {
    for rule in EVERYWHERE_RULES.iter() {
        groups(rule, line, out);
    }
    for (command, arguments) in ARGUMENT_RULES.iter() {
        // The blank behind the command is the one before its first argument.
        let Some(command) = command.find(line) else { continue };
        let from = command.end() - 1;
        let before = out.len();
        groups(arguments, &line[from..], out);
        for found in &mut out[before..] {
            *found = found.start + from..found.end + from;
        }
    }
}

/// Finds what one expression knows, but for what is filled in from elsewhere or a path.
pub(super) fn groups(rule: &Regex, line: &[u8], out: &mut Vec<Range<usize>>) {
    for found in rule.captures_iter(line) {
        let values = found.iter().skip(1).flatten();
        let secret = values.filter(|value| !keys::is_harmless(value.as_bytes().trim_ascii()));
        out.extend(secret.map(|value| value.start()..value.end()));
    }
}
