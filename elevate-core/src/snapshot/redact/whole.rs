//! Files that are a secret as a whole.

use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::snapshot::path_within;

/// By path, without what marks a copy. Upper and lower case are one.
const NEVER: &str = r"(?xi)
    ^/etc/(?:shadow|gshadow|opasswd|security/opasswd|krb5\.keytab|chrony\.keys|ntp/keys|ntp/crypto/.*
        |rsyncd\.secrets|ipsec\.secrets|ipsec\.d/.*\.secrets|racoon/psk\.txt|rndc\.key
        |corosync/authkey|pacemaker/authkey|ha\.d/authkeys|sysconfig/rhn/systemid|rhn/systemid
        |postfix/sasl_?passwd(?:\.db)?|sasldb2|exim/passwd\.client|ceph/.*\.keyring
        |sysconfig/network-scripts/keys-.*|samba/(?:smbpasswd|passdb\.tdb|secrets\.tdb)
        |ssl/private/.*|pki/(?:.*/)?private/.*|pki/entitlement/.*-key\.pem|pki/consumer/key\.pem
        |letsencrypt/(?:live|archive)/.*/privkey[^/]*|openldap/certs/password|ppp/.*-secrets
        |ipa/.*(?:pwdfile\.txt|\.jwk|ra-agent\.key)|dirsrv/.*/(?:pin|pwdfile)\.txt|cockpit/ws-certs\.d/.*\.key
        |squid/passwd|httpd/.*\.?htpasswd|nut/upsd\.users|davfs2/secrets|tacacs.*/secret)$
  | ^/(?:boot|efi)/(?:.*/)?user\.cfg$
  | ^/var/(?:kerberos/krb5kdc/(?:\.k5\..*|principal[^/]*|.*\.keytab)|db/tang/.*
        |lib/(?:random-seed|systemd/random-seed|munge/.*|sss/(?:secrets|db)/.*|samba/private/.*|pcsd/.*token.*
            |cloud/(?:.*/)?(?:user-data|vendor-data)[^/]*|aide/.*\.key)|spool/.*/\.ssh/id_[^/]*)$
  | ^/var/lib/AccountsService/private/.*$
  | ^/proc/(?:[0-9]+|self)/(?:environ|mem)$
  | ^/proc/kcore$
  | /(?:ssh_host_[^/]*_key|id_(?:rsa|dsa|ecdsa|ed25519)[^/.]*|identity)$
  | /\.ssh/[^/]*(?:\.pem|_key|\.key)$
  | /\.(?:netrc|pgpass|fetchmailrc|git-credentials|vault-token|vault_pass[^/]*|htpasswd|rhosts-secret
        |smbcredentials|cifs[^/]*|bash_history|mysql_history|psql_history|Xauthority|vnc/passwd
        |aws/credentials|docker/config\.json|dockercfg|kube/config|azure/.*\.json|config/gcloud/.*
        |gnupg/.*|password-store/.*)$
  | /(?:[^/]*\.(?:keytab|p12|pfx|jks|jceks|keystore|kdb|kdbx|ppk|jwk|keyring|cred|creds|credentials|secret|secrets)
        |credentials|secrets?|authkeys?|htpasswd|key[34]\.db|pwdfile\.txt|sasl_passwd(?:\.db)?|privkey[^/]*\.pem
        |secrets\.(?:tdb|ya?ml|json|env)|[^/]*[-_.]key\.pem|key\.pem)$
";
/// A name that ends in `.key` is a private key, but in these places.
const PUBLIC_KEYS: &str =
    r"(?i)/(?:rpm-gpg|gpg|vendors\.d|yum\.repos\.d|trusted\.gpg\.d)/|^/etc/leapp/";
/// What marks a copy of a file.
const COPY: &str = r"(?i)(?:\.(?:rpmsave|rpmnew|rpmorig|bak|backup|old|orig|save|dpkg-old|swp|[0-9]{1,14})|~|-|,v)$";

static NEVER_RULE: LazyLock<Regex> = LazyLock::new(|| expression(NEVER));
static PUBLIC_RULE: LazyLock<Regex> = LazyLock::new(|| expression(PUBLIC_KEYS));
static COPY_RULE: LazyLock<Regex> = LazyLock::new(|| expression(COPY));

#[expect(clippy::expect_used, reason = "the expressions are constants, each built by a test")]
fn expression(text: &str) -> Regex {
    let built = regex::bytes::RegexBuilder::new(text).unicode(false).build();
    built.expect("a constant expression is one")
}

/// Whether the content of a file is a secret as a whole, so that it is not
/// stored at all. A copy of such a file (`.rpmsave`, `.bak`, `shadow-`) is one too.
pub(in crate::snapshot) fn never_stored(path: &str) -> bool {
    let path = path_within("", path);
    let mut name = path.as_str();
    for _ in 0..4 {
        if is_never(name) {
            return true;
        }
        let Some(copy) = COPY_RULE.find(name.as_bytes()) else { return false };
        name = name.get(..copy.start()).unwrap_or_default();
    }
    false
}

fn is_never(path: &str) -> bool {
    if NEVER_RULE.is_match(path.as_bytes()) {
        return true;
    }
    path.to_ascii_lowercase().ends_with(".key") && !PUBLIC_RULE.is_match(path.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_a_secret_as_a_whole_is_never_stored() {
        let never = [
            "/etc/shadow",
            "/etc/shadow-",
            "/etc/gshadow",
            "/etc/shadow.rpmsave",
            "/etc/shadow.bak~",
            "/etc/ssh/ssh_host_rsa_key",
            "/etc/ssh/ssh_host_ed25519_key.old",
            "/etc/pki/tls/private/localhost.key",
            "/etc/pki/CA/private/ca.pem",
            "/etc/pki/entitlement/123-key.pem",
            "/etc/pki/consumer/key.pem",
            "/etc/krb5.keytab",
            "/etc/httpd/http.keytab",
            "/etc/ntp/keys",
            "/etc/ntp/crypto/pw",
            "/etc/chrony.keys",
            "/etc/sysconfig/network-scripts/keys-wlan0",
            "/boot/grub2/user.cfg",
            "/boot/efi/EFI/redhat/user.cfg",
            "/root/.ssh/id_rsa",
            "/etc/postfix/sasl_passwd.db",
            "/etc/samba/credentials",
            "/etc/rndc.key",
            "/etc/named/tsig.KEY",
            "/root/.pgpass",
            "/etc/../etc//./shadow",
            "/etc/sysconfig/rhn/systemid",
            "/etc/cifs/backup.cred",
        ];
        for path in never {
            assert!(never_stored(path), "{path}");
        }
    }

    #[test]
    fn a_file_that_only_sounds_like_one_is_stored() {
        let stored = [
            "/etc/passwd",
            "/etc/group",
            "/etc/pam.d/password-auth",
            "/etc/ssh/sshd_config",
            "/etc/ssh/ssh_host_rsa_key.pub",
            "/etc/sssd/conf.d/a.conf",
            "/etc/my.cnf",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/pki/rpm-gpg/RPM-GPG-KEY-foo.key",
            "/etc/yum.repos.d/vendor.key",
            "/etc/chrony.conf",
            "/root/.ssh/authorized_keys",
            "/root/.ssh/id_rsa.pub",
            "/etc/leapp/files/vendors.d/a.key",
            "",
            "/",
            "..",
            "/etc/security/limits.conf",
            "/boot/grub2/grub.cfg",
            "/etc/sysconfig/keyboard",
            "/etc/pki/product/69.pem",
            "/etc/pki/consumer/cert.pem",
        ];
        for path in stored {
            assert!(!never_stored(path), "{path}");
        }
    }
}
