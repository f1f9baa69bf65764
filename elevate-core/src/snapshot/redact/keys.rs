//! Which settings hold a secret, by the name of the setting and the look of
//! its value.

/// Ends of names that mean a secret; compared without case, `_`, `-`, `.` and
/// digits at the end.
const SECRET_ENDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "passwort",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "authkey",
    "accesskey",
    "secretkey",
    "sharedkey",
    "encryptionkey",
    "masterkey",
    "accountkey",
    "activationkey",
    "licensekey",
    "sslkey",
    "sslclientkey",
    "wepkey",
    "authtok",
    "bindpw",
    "rootpw",
    "psk",
    "credential",
    "credentials",
    "passwordraw",
    "passwordin",
    "passwordhash",
    "passwdhash",
    "md5pass",
    "userpass",
    "dbpass",
    "keypass",
    "storepass",
    "authpass",
    "rootpass",
    "smtppass",
    "requirepass",
    "masterauth",
    "sharedaccesssignature",
    "mkacak",
];
/// Whole last parts of names (after `_`, `-` or `.`) that mean a secret.
const SECRET_PARTS: &[&str] = &["pass", "pw", "pwd", "pwds"];
/// Names that end like a secret and are none.
const NO_SECRETS: &[&str] = &[
    "nopasswd",
    "nopassword",
    "pampassword",
    "chpasswd",
    "loadcredential",
    "lockpasswd",
    "askpassword",
    "cachecredentials",
];
/// Names of secret parameters of a URL, beside those of settings.
const QUERY_PARAMETERS: &[&str] = &[
    "key",
    "sig",
    "signature",
    "auth",
    "xamzsignature",
    "xamzcredential",
    "code",
    "jwt",
    "session",
    "sessionid",
    "accesscode",
    "keypairid",
    "policy",
    "hmac",
    "login",
];
/// Values that say how, and not what.
const KEYWORDS: &[&str] = &[
    "yes",
    "no",
    "true",
    "false",
    "on",
    "off",
    "enable",
    "enabled",
    "disable",
    "disabled",
    "none",
    "null",
    "nil",
    "default",
    "auto",
    "always",
    "never",
    "optional",
    "required",
    "requisite",
    "sufficient",
    "include",
    "substack",
    "files",
    "db",
    "sss",
    "compat",
    "ldap",
    "nis",
    "nisplus",
    "winbind",
    "systemd",
    "md5",
    "sha1",
    "sha256",
    "sha512",
    "des",
    "bigcrypt",
    "blowfish",
    "crypt",
    "clear",
    "plain",
    "exop",
    "ask",
    "prompt",
    "prohibit-password",
    "without-password",
    "forced-commands-only",
    "all",
    "any",
    "unset",
    "public",
];

/// The longest name of a setting that is looked at.
const LONGEST: usize = 128;

/// Whether a setting of this name holds a secret.
pub(super) fn is_secret(key: &[u8]) -> bool {
    if key.len() > LONGEST {
        return false;
    }
    let name = plain(key);
    if NO_SECRETS.contains(&name.as_str()) {
        return false;
    }
    SECRET_ENDS.iter().any(|end| name.ends_with(end)) || ends_in_part(key)
}

/// Whether a parameter of a URL holds a secret.
pub(super) fn is_secret_parameter(name: &[u8]) -> bool {
    is_secret(name) || (name.len() <= LONGEST && QUERY_PARAMETERS.contains(&plain(name).as_str()))
}

/// Whether a setting is a key that stands in a file of a network interface:
/// `KEY`, `KEY1`, `wep-key0`, `pin`.
pub(super) fn is_network_key(key: &[u8]) -> bool {
    key.len() <= LONGEST && matches!(plain(key).as_str(), "key" | "pin" | "wepkey" | "mkacak")
}

fn plain(key: &[u8]) -> String {
    let letters = key.iter().filter(|b| b.is_ascii_alphanumeric());
    let mut name: String = letters.map(|b| char::from(b.to_ascii_lowercase())).collect();
    name.truncate(name.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    name
}

fn ends_in_part(key: &[u8]) -> bool {
    let end = key.iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |last| last + 1);
    let key = &key[..end];
    let part = key.rsplit(|b| matches!(b, b'_' | b'-' | b'.')).next().unwrap_or_default();
    let camel = |end: &[u8]| {
        let before = part.strip_suffix(end).and_then(<[u8]>::last);
        before.is_some_and(u8::is_ascii_lowercase)
    };
    let whole = SECRET_PARTS.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes()));
    whole || camel(b"Pass") || camel(b"Pwd")
}

/// Whether a value is no secret whatever its setting is called: a switch, a
/// path, a small number, a reference to something elsewhere.
pub(super) fn is_harmless(value: &[u8]) -> bool {
    let keyword = |word: &[u8]| KEYWORDS.iter().any(|k| word.eq_ignore_ascii_case(k.as_bytes()));
    let words = || value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let keywords = || words().all(|word| keyword(word) || word.starts_with(b"["));
    let module = || words().nth(1).is_some_and(|second| second.starts_with(b"pam_"));
    let hidden = || value.iter().all(|b| b"*!.|>-+".contains(b));
    is_reference(value)
        || hidden()
        || keywords()
        || module()
        || is_small_number(value)
        || is_path(value)
}

/// Whether a value is filled in from elsewhere: `$NAME`, `${NAME}`,
/// `$(command)`, `%(name)s`, `{{ name }}`, `<name>`, `@NAME@`; or is nothing, or the marker.
pub(super) fn is_reference(value: &[u8]) -> bool {
    let name = |text: &[u8]| {
        !text.is_empty()
            && text.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
    };
    let between = |open: &[u8], close: &[u8]| {
        value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
    };
    let variable = || {
        let name = value.strip_prefix(b"$")?;
        let small =
            name.len() <= 40 && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
        (small && !name.is_empty() || name == b"@" || name == b"*" || name == b"#").then_some(())
    };
    value.is_empty()
        || value == super::MARKER
        || variable().is_some()
        || between(b"${", b"}").is_some_and(name)
        || value.starts_with(b"$(")
        || value.starts_with(b"`")
        || between(b"%(", b")s").is_some_and(name)
        || between(b"%{", b"}").is_some_and(name)
        || between(b"{{", b"}}").is_some_and(|inner| name(inner.trim_ascii()))
        || between(b"<", b">").is_some_and(name)
        || between(b"@", b"@").is_some_and(name)
}

/// Days, counts and switches. 99999 is how many days a password lives for ever.
fn is_small_number(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    let number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    number && (digits.len() <= 3 || digits == b"99999")
}

/// A path of at least two names, none of which looks drawn by lot.
fn is_path(value: &[u8]) -> bool {
    let path = value.strip_prefix(b"file:").unwrap_or(value);
    let path = path.strip_prefix(b"hash:").unwrap_or(path);
    let path = path.strip_prefix(b"//").filter(|rest| rest.starts_with(b"/")).unwrap_or(path);
    let home = path.strip_prefix(b"~").or_else(|| path.strip_prefix(b"."));
    let Some(names) = home.unwrap_or(path).strip_prefix(b"/") else { return false };
    let mut count = usize::from(home.is_some());
    for name in names.strip_suffix(b"/").unwrap_or(names).split(|b| *b == b'/') {
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"._-@%${}*".contains(b);
        if name.is_empty() || !name.iter().all(plain) || looks_random(name) {
            return false;
        }
        count += 1;
    }
    count >= 2
}

fn looks_random(name: &[u8]) -> bool {
    name.len() >= 25
        && name.iter().any(u8::is_ascii_lowercase)
        && name.iter().any(u8::is_ascii_uppercase)
        && name.iter().any(u8::is_ascii_digit)
        && !name.iter().any(|b| matches!(b, b'.' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_judged_by_its_end() {
        let secret = [
            "password",
            "proxy_password",
            "--password",
            "DB_PASS",
            "dbPass",
            "WPA_PSK",
            "psk",
            "wep-key0",
            "password-raw",
            "GRUB2_PASSWORD",
            "node.session.auth.password_in",
            "aws_secret_access_key",
            "ldap_default_authtok",
            "olcRootPW",
            "PGPASSWORD",
            "api-key",
            "KEY_PASSPHRASE1",
            "AccountKey",
            "userPwd",
            "vncpassword",
            "MYSQL_PWD",
        ];
        for key in secret {
            assert!(is_secret(key.as_bytes()), "{key}");
        }
        let open = [
            "PasswordAuthentication",
            "tokens",
            "bypass",
            "compass",
            "gpgkey",
            "secure_path",
            "pam_password",
            "NOPASSWD",
            "smtp_sasl_password_maps",
            "PASS_MAX_DAYS",
            "password-auth",
            "ldap_default_authtok_type",
            "PermitEmptyPasswords",
            "",
            "key",
            "9",
        ];
        for key in open {
            assert!(!is_secret(key.as_bytes()), "{key}");
        }
        assert!(!is_secret(&[b'a'; 4096]));
    }

    #[test]
    fn a_value_that_is_a_switch_a_path_or_a_reference_is_harmless() {
        let harmless = [
            "",
            "yes",
            "False",
            "0",
            "90",
            "99999",
            "/etc/pki/key.pem",
            "~/.pw",
            "./pw.txt",
            "file:///etc/pw",
            "$PASSWORD",
            "${GRUB2_PASSWORD}",
            "$(cat /run/pw)",
            "%(pw)s",
            "{{ vault_password }}",
            "files sss",
            "sufficient pam_unix.so sha512",
            "!!",
            "*",
            "********",
            "REDACTED",
            "<password>",
            "hash:/etc/postfix/sasl_passwd",
            "/run/$USER/pw",
        ];
        for value in harmless {
            assert!(is_harmless(value.as_bytes()), "{value}");
        }
        let secret = [
            "hunter2",
            "password",
            "1234",
            "/s3cr3t",
            "yes-men",
            "$ecr3t!",
            "$$",
            "/a/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",
            "/Ab/cd+ef==",
            "xx",
            "never ever",
            "{abc",
            "\u{e9}\u{e9}",
        ];
        for value in secret {
            assert!(!is_harmless(value.as_bytes()), "{value}");
        }
    }
}
