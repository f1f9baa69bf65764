use proptest::prelude::*;

use super::*;

/// Takes the secrets out, and checks what holds for every text.
fn redact(path: &str, text: &str) -> String {
    let once = secrets(path, text.as_bytes());
    let twice = secrets(path, &once.content);
    assert_eq!(twice, Secrets { content: Cow::Borrowed(&once.content), taken: 0 }, "{text}");
    let lines = |text: &[u8]| text.iter().filter(|b| **b == b'\n').count();
    assert_eq!(lines(&once.content), lines(text.as_bytes()), "{text}");
    assert_eq!(once.taken > 0, *once.content != *text.as_bytes(), "{text}");
    String::from_utf8(once.content.into_owned()).unwrap()
}

/// Each line with its secret between « and »: the secret goes, all else stays.
fn check(path: &str, lines: &[&str]) {
    for marked in lines {
        let text = marked.replace(['«', '»'], "");
        let mut expected = String::new();
        for (n, part) in marked.split('«').enumerate() {
            let (_, rest) = if n == 0 { ("", part) } else { part.split_once('»').unwrap() };
            expected.push_str(if n == 0 { "" } else { "REDACTED" });
            expected.push_str(rest);
        }
        assert_eq!(redact(path, &text), expected, "{path}");
        let ended = format!("# before\r\n{text}\r\nafter\n");
        assert_eq!(redact(path, &ended), format!("# before\r\n{expected}\r\nafter\n"));
    }
}

const SHA512: &str =
    "$6$saltsalt$0123456789012345678901234567890123456789/abcdefghijklmnopqrstuvwxyz";

#[test]
fn what_only_looks_like_a_secret_stays() {
    let stays = [
        ("/etc/ssh/sshd_config", "PasswordAuthentication yes"),
        ("/etc/ssh/sshd_config", "#PermitEmptyPasswords no"),
        ("/etc/ssh/sshd_config", "PermitRootLogin without-password"),
        ("/etc/nsswitch.conf", "passwd:     files sss"),
        ("/etc/nsswitch.conf", "passwd: db odd_service"),
        ("/etc/pam.d/system-auth", "password    sufficient    pam_unix.so sha512 shadow"),
        ("/etc/pam.d/system-auth", "password include password-auth"),
        ("/etc/yum.repos.d/a.repo", "gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7"),
        (
            "/etc/yum.repos.d/a.repo",
            "baseurl=http://m.example/$releasever/os/$basearch/?arch=$basearch",
        ),
        ("/etc/yum.repos.d/a.repo", "username=john"),
        ("/etc/yum.repos.d/a.repo", "sslclientkey=/etc/pki/entitlement/1-key.pem"),
        ("/etc/dovecot/dovecot.conf", "ssl_client_key = /path/key.pem"),
        ("/etc/ldap.conf", "pam_password md5"),
        ("/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda rd.luks.uuid=luks-1234 ro"),
        ("/etc/sudoers", "Defaults secure_path = /sbin:/bin"),
        ("/etc/sudoers", "%wheel ALL=(ALL) NOPASSWD: /bin/passwd, PASSWD: /bin/sh"),
        ("/etc/a.conf", "tokens = 20"),
        ("/etc/a.conf", "tokens = abcdef"),
        ("/etc/login.defs", "PASS_MAX_DAYS\t99999"),
        ("/etc/login.defs", "ENCRYPT_METHOD SHA512"),
        ("/etc/postfix/main.cf", "smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd"),
        ("/etc/sssd/sssd.conf", "ldap_default_authtok_type = obfuscated_password"),
        ("/etc/sssd/sssd.conf", "cache_credentials = True"),
        ("/etc/fstab", "//srv/x /mnt cifs credentials=/etc/cifs/x.cred,uid=0 0 0"),
        ("/boot/grub2/grub.cfg", "  password_pbkdf2 root ${GRUB2_PASSWORD}"),
        ("/etc/crypttab", "luks-1 UUID=1 /etc/keys/luks.bin luks"),
        ("/etc/crypttab", "luks-1 UUID=1 none"),
        ("/etc/passwd", "secret:x:1000:1000:Secret Service:/home/secret:/bin/bash"),
        ("/etc/group", "passwd:x:1000:john,jane"),
        ("/etc/cloud/cloud.cfg", "chpasswd: { expire: False }"),
        ("/etc/cloud/cloud.cfg", "    lock_passwd: true"),
        ("/root/a.sh", "echo \"$1$2\"; PASSWORD=$1; password=${PW}; pw=$(cat /run/pw)"),
        ("/etc/quagga/bgpd.conf", "service password-encryption"),
        ("ssh-keygen", "2048 SHA256:AbCdEf0123456789abcdefABCDEF0123456789 root (RSA)"),
        ("/etc/a.conf", "see https://example.com:8080/a@b and mail root@example.com"),
        ("/etc/a.conf", "# password: The words with which a client comes in"),
        ("/proc/self/cgroup", "PWD=/root/work OLDPWD=/var/tmp"),
        ("/etc/ntp.conf", "keys /etc/ntp/keys"),
    ];
    for (path, text) in stays {
        assert_eq!(redact(path, text), text, "{path}");
    }
}

#[test]
fn an_address_loses_its_secret_and_nothing_else() {
    check(
        "/etc/yum.repos.d/a.repo",
        &[
            "baseurl=https://user:«pw»@host/$releasever/$basearch/",
            "baseurl=https://user:«p@s:s»@host:8080/a@b",
            "baseurl=https://user:«pa/ss»@host/os",
            "baseurl=https://«0123456789abcdef0123456789abcdef»@host/os",
            "baseurl=http://h/r?token=«abc»&arch=$basearch&key=«k»#x http://u:«p»@h/",
            "proxy=http://proxy:«s3cret»@[2001:db8::1]:3128",
            "http_proxy=user:«pw»@proxy.example:3128",
            "baseurl=https://packagecloud.io/priv/«0a1b2c»/team/el/7/$basearch",
            "https://dl.cloudsmith.io/«abcdef»/org/repo https://dl.cloudsmith.io/public/org/repo",
            "baseurl=https://acc.blob.core.windows.net/r?sv=2019&amp;sig=«abc%3D»",
            "hook https://hooks.slack.com/services/«T0/B0/abc»",
            "http://h/?url=http://a:«b»@c/",
        ],
    );
}

#[test]
fn settings_lose_their_values_in_every_notation() {
    check(
        "/etc/yum.conf",
        &[
            "password=«hunter2»",
            "password = «with blanks and = signs»",
            "#proxy_password: «hunter2»",
            "password=\"«quo\\\"ted»\"",
            "password='«a b»' # comment",
            "password=«'a'b»",
            "password=\"«not closed»",
        ],
    );
    check(
        "/etc/systemd/system/a.service",
        &[
            "Environment=DB_PASSWORD=«hunter2» LANG=C",
            "Environment=\"DB_PASSWORD=«two words»\" \"LANG=C\"",
            "ExecStart=/usr/bin/a --password=«x1y2» --port 80 --api-key «k» --verbose",
            "ExecStart=/usr/bin/java -Djavax.net.ssl.keyStorePassword=«changeit» -jar a.jar",
            "export AWS_SECRET_ACCESS_KEY=«wJalr/XUtn+FEMI» && run",
            "DefaultEndpointsProtocol=https;AccountKey=«abc+/==»;EndpointSuffix=core",
        ],
    );
    check(
        "/etc/app/a.json",
        &[
            "{\"password\": \"«hunter2»\", \"user\": \"john\", \"apiKey\":\"«k»\"}",
            "{\"a\": \"{\\\"password\\\": \\\"«x»\\\", \\\"b\\\": 1}\"}",
            "{password: «hunter2», user: john}",
            "<password>«hunter2»</password><user>john</user>",
            "<property name=\"db.password\" value=\"«hunter2»\"/>",
            "<entry key=\"a.secret\">«hunter2»</entry>",
            "<user username=\"admin\" password=\"«hunter2»\" roles=\"a\"/>",
            "define('DB_PASSWORD', '«hunter2»');",
            "'password' => '«hunter2»',",
            "  client_secret: «hunter2»",
        ],
    );
}

#[test]
fn what_a_kernel_or_a_mount_is_told_loses_its_secret() {
    check(
        "/proc/cmdline",
        &[
            "ro inst.vncpassword=«x» quiet",
            "netroot=iscsi:user:«pw»@10.0.0.1::3260 rd.iscsi.password=«pw2» ip=dhcp",
        ],
    );
    check(
        "/etc/fstab",
        &[
            "//srv/x /mnt cifs username=john,password=«pw»,uid=0 0 0",
            "//srv/x /mnt cifs user=john,pass=«pw»,uid=0 0 0",
            "//srv/x /mnt cifs user=john%«pw»,uid=0 0 0",
        ],
    );
    check("/etc/crypttab", &["luks-1 UUID=1 «c2VjcmV0+/a==» luks"]);
}

#[test]
fn hashes_of_passwords_go() {
    let lines = [
        format!("rootpw --iscrypted «{SHA512}»"),
        format!("root:«{SHA512}»:17000:0:99999:7:::"),
        format!("root:!!«{SHA512}»:17000:0:99999:7:::"),
        "root:«aB3dEfGh1jK2.»:17000:0:99999:7:::".to_owned(),
        "root:«aB3dEfGh1jK2.»:0:0:root:/root:/bin/bash".to_owned(),
    ];
    for line in &lines {
        let hash = line.split(['«', '»']).nth(1).unwrap();
        let redacted = redact("/root/anaconda-ks.cfg", &line.replace(['«', '»'], ""));
        assert!(!redacted.contains(hash) && redacted.contains("REDACTED"), "{redacted}");
    }
    let hash = "grub.pbkdf2.sha512.10000.0123ABCDEF0123.4567890ABCDEF";
    check(
        "/boot/grub2/grub.cfg",
        &[
            &format!("password_pbkdf2 root «{hash}»"),
            &format!("GRUB2_PASSWORD=«{hash}»"),
            "password --md5 «$1$abc$0123456789012345678901»",
            "password «hunter2»",
        ],
    );
    check(
        "/etc/openldap/slapd.conf",
        &["rootpw «{SSHA}0123456789abcdef0123»", "rootpw «plain text»"],
    );
    check("/etc/httpd/users", &["john:$apr1$«abcdefgh$0123456789012345678901»"]);
}

#[test]
fn private_keys_keep_their_first_and_last_line_and_certificates_all() {
    let key = "a\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n  MIIEpAIB+/=\r\nAAAA\n-----END RSA PRIVATE KEY-----\nb\n-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n";
    insta::assert_snapshot!(redact("/etc/a.pem", key), @r"
    a
    -----BEGIN RSA PRIVATE KEY-----
    REDACTED

      REDACTED
    REDACTED
    -----END RSA PRIVATE KEY-----
    b
    -----BEGIN CERTIFICATE-----
    MIID
    -----END CERTIFICATE-----
    ");
    // No end, and a script that only speaks of keys.
    let cut = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\n";
    assert_eq!(redact("/a", cut), "-----BEGIN OPENSSH PRIVATE KEY-----\nREDACTED\n");
    let script = "if grep -q '-----BEGIN PRIVATE KEY-----' $file; then\n  echo found it\nfi\n";
    assert_eq!(redact("/a.sh", script), script);
    check(
        "/a.json",
        &["\"private\": \"-----BEGIN PRIVATE KEY-----«\\nMIIE+/\\n»-----END PRIVATE KEY-----\\n\""],
    );
}

#[test]
fn files_of_the_network_lose_their_keys() {
    check(
        "/etc/sysconfig/network-scripts/ifcfg-wlan0",
        &[
            "KEY=«s:abc»",
            "KEY1=«0123456789»",
            "WPA_PSK=\"«my secret»\"",
            "DEFAULTKEY=1",
            "ESSID=\"a\"",
            "IEEE_8021X_PASSWORD=«pw»",
            "IEEE_8021X_PRIVATE_KEY=/etc/pki/key.pem",
        ],
    );
    check(
        "/etc/NetworkManager/system-connections/a",
        &[
            "psk=«my secret»",
            "leap-password=«pw»",
            "password-raw=«1;2;3»",
            "wep-key0=«abc»",
            "private-key=«abc=»",
            "password-flags=1",
            "ssid=key",
            "[vpn-secrets]\r\nXauth=«pw»",
            "[vpn]\r\nuser=john\r\n[vpn-secrets]\r\nXauth=«a b»\r\n[ipv4]\r\nmethod=auto",
        ],
    );
    check(
        "/etc/wpa_supplicant/wpa_supplicant.conf",
        &[
            "\tpsk=\"«my secret»\"",
            "\t#psk=«0123456789abcdef»",
            "  wep_key0=\"«abc»\"",
            "  private_key=\"/etc/cert/user.prv\"",
            "  private_key_passwd=\"«pw»\"",
        ],
    );
}

#[test]
fn services_lose_theirs() {
    check(
        "/etc/named.conf",
        &["key a { algorithm hmac-md5; secret \"«abc+/==»\"; };", "\tsecret «abc»;"],
    );
    check("/etc/nslcd.conf", &["bindpw «my secret»", "rootpwmodpw «pw»", "binddn cn=a,dc=b"]);
    check("/etc/sssd/conf.d/a.conf", &["ldap_default_authtok = «pw»"]);
    check(
        "/etc/quagga/bgpd.conf",
        &[
            "password «zebra»",
            " neighbor 10.0.0.1 password «x y»",
            "enable password «8 abc»",
            " ip ospf message-digest-key 1 md5 «abc»",
            "hostname bgpd",
        ],
    );
    check(
        "/etc/snmp/snmpd.conf",
        &[
            "rocommunity «s3cret» 10.0.0.0/8",
            "com2sec notConfigUser  default       public",
            "com2sec local localhost «s3cret»",
            "createUser me SHA «\"a b\" AES c»",
        ],
    );
    check(
        "/etc/iscsi/iscsid.conf",
        &[
            "node.session.auth.username = me",
            "node.session.auth.password = «pw»",
            "discovery.sendtargets.auth.password_in = «pw»",
            "node.session.auth.authmethod = CHAP",
        ],
    );
    check("/root/.my.cnf", &["password=«pw»", "user=root"]);
    check(
        "/root/anaconda-ks.cfg",
        &[
            "rootpw «hunter2»",
            "rootpw --plaintext «hunter2»",
            "autopart --passphrase=«pw» --encrypted",
            "sshpw --username=a «pw» --plaintext",
            "timezone --utc Etc/UTC",
        ],
    );
    check("/etc/ntp.conf", &["crypto pw «s3cret»"]);
    check(
        "/etc/squid/squid.conf",
        &["cache_peer p parent 3128 0 login=me:«pw»", "cachemgr_passwd «pw» all"],
    );
    check("/etc/keepalived/keepalived.conf", &["    auth_pass «1234»", "    auth_type PASS"]);
    check("/etc/haproxy/haproxy.cfg", &["  stats auth admin:«pw»"]);
}

#[test]
fn commands_lose_theirs() {
    check(
        "/var/spool/cron/root",
        &[
            "0 1 * * * mysqldump -u root -p«S3CRET» --all-databases > /a",
            "0 1 * * * mysql --password=«x» -e 'a'",
            "0 1 * * * mysql -u root -p'«a b»' db -p«other»",
            "* * * * * curl -s -u me:«pw» https://h/",
            "* * * * * sshpass -p «pw» ssh h",
            "* * * * * ldapsearch -x -D cn=a -w «pw» -b dc=a",
            "* * * * * smbclient //h/s -U me%«pw»",
            "* * * * * echo root:«pw» | chpasswd",
            "* * * * * echo \"«p w»\" | passwd --stdin root",
            "* * * * * curl -H 'Authorization: Bearer «abc.def»' h",
            "* * * * * subscription-manager register --org=1 --activationkey=«a-key»",
            "* * * * * subscription-manager register --username me --password «pw»",
            "* * * * * rhnreg_ks --activationkey «1-abc» --force",
            "* * * * * openssl rsa -passin pass:«pw» -in a",
            "* * * * * mysql -p -h db",
        ],
    );
    check(
        "/etc/a",
        &[
            "key AKIA«»",
            "id «AKIAIOSFODNN7EXAMPLE» x",
            "«ghp_0123456789abcdefghijABCDEFGHIJ»",
            "jwt «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_»",
        ]
        .map(|line| line.replace("AKIA«»", "AKIA"))
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>(),
    );
}

#[test]
fn a_block_of_yaml_goes_as_a_whole() {
    let yaml = "a: 1\npassword: |\n  one\n\n  two: x\nb: 2\n";
    assert_eq!(redact("/a.yml", yaml), "a: 1\npassword: |\n  REDACTED\n\n  REDACTED\nb: 2\n");
}

#[test]
fn of_a_file_that_is_never_stored_only_its_lines_are_left() {
    assert_eq!(redact("/etc/shadow", "root:x\n\n bin:y\n"), "REDACTED\n\n REDACTED\n");
}

#[test]
fn text_of_any_encoding_is_gone_through() {
    let latin = b"\xe4\xf6=1\npassword=\xfc\xff\x00\n\xff";
    assert_eq!(*secrets("/a.conf", latin).content, *b"\xe4\xf6=1\npassword=REDACTED\x00\n\xff");
}

#[test]
fn of_an_encrypted_volume_magic_and_version_are_left() {
    let mut luks = b"LUKS\xba\xbe\x00\x01aes\x00".to_vec();
    luks.resize(512, 7);
    let kept = sector(&luks);
    assert_eq!(&kept[..8], b"LUKS\xba\xbe\x00\x01");
    assert!(kept.len() == 512 && kept[8..].iter().all(|b| *b == 0));
    assert_eq!(*sector(b"LUKS\xba\xbe"), *b"LUKS\xba\xbe");
    let boot = [0xeb; 512];
    assert_eq!(*sector(&boot), boot);
}

#[test]
fn long_lines_of_beginnings_take_no_time_to_speak_of() {
    for part in [
        "http://a:",
        "?token=",
        "password=yes ",
        "password: {",
        "\"password=$(",
        "$6$",
        "-----BEGIN ",
        " -p",
        "secret ",
        "password='",
        "--password ",
        "key=eyJ",
        "@",
        "(\"token\",",
        "{ssha}",
        "<password>",
        "&a=1",
        "mysql ",
    ] {
        let text = part.repeat(200_000 / part.len());
        let out = secrets("/etc/a", text.as_bytes());
        assert!(!out.content.contains(&b'\n') && out.content.len() <= text.len() * 2, "{part}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_or_lose_a_line(content: Vec<u8>, path in "/?[a-z/.-]{0,20}") {
        let once = secrets(&path, &content);
        let lines = |text: &[u8]| text.iter().filter(|b| **b == b'\n').count();
        prop_assert_eq!(lines(&once.content), lines(&content));
    }

    #[test]
    fn what_is_redacted_stays_as_it_is(
        parts in prop::collection::vec(prop::sample::select(vec![
            "password", "secret", "token", "=", ": ", "\"", "'", " ", "\n", "x1y2z3", "://", "@", ":", "/",
            "?", "&", ";", ",", "$6$", "$", "#", "--", "-----BEGIN PRIVATE KEY-----", "-----END", "{", "}",
            "<password>", "</", "mysql -p", "[a-secrets]", "REDACTED", "|", "\\", ">", "(", "KEY1", "\r",
            "yes", "curl -u", "0", "user=a%", "\u{e9}", "secret;", "name=\"token\" value=\"",
        ]), 0..24),
        path in prop::sample::select(vec!["/etc/a.conf", "/etc/fstab", "/etc/snmp/x", "/etc/sysconfig/ifcfg-a"]),
    ) {
        let text = parts.concat();
        let once = secrets(path, text.as_bytes());
        let twice = secrets(path, &once.content);
        prop_assert_eq!(twice.taken, 0, "{:?} {:?}", text, String::from_utf8_lossy(&once.content));
    }

    #[test]
    fn a_planted_secret_is_never_left(secret in "[A-Za-z][A-Za-z0-9!^+.]{11,20}Q9") {
        for line in [
            format!("password={secret}"), format!("  psk = \"{secret}\""), format!("api_key: {secret}"),
            format!("http://u:{secret}@h/"), format!("http://h/?a=1&token={secret}&b"),
            format!("run --password {secret}; mysql -p{secret}"), format!("bindpw {secret}"),
            format!("secret \"{secret}\";"), format!("<passwd>{secret}</passwd>"),
            format!("user=x%{secret},a"), format!("a:{secret}:1:0:99999:7:::"),
            format!("{{\"db\": {{\"token\":\"{secret}\"}}}}"), format!("Authorization: Basic {secret}"),
        ] {
            let out = secrets("/etc/x", line.as_bytes());
            prop_assert!(!String::from_utf8_lossy(&out.content).contains(&secret), "{}", line);
        }
    }
}
