//! Each shape in a small sample, and what goes wrong in it.

mod json;
mod malformed;
mod properties;

use super::*;

/// Reads a list that must be readable.
fn ok(text: &str) -> Listing {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn names(listing: &Listing) -> Vec<String> {
    listing.packages.iter().map(InstalledPackage::nevra).collect()
}

fn unread(listing: &Listing) -> Vec<String> {
    listing.unread.iter().map(ToString::to_string).collect()
}

fn silent(listing: &Listing) {
    assert_eq!(unread(listing), Vec::<String>::new());
    assert_eq!(listing.ignored, BTreeMap::new());
}

const BASH: &str = "bash-4.2.46-34.el7.x86_64";
const NM: &str = "NetworkManager-1:1.18.8-1.el7.x86_64";

#[test]
fn the_epoch_is_found_before_the_name_and_before_the_version() {
    let list = ok("NetworkManager-1:1.18.8-1.el7.x86_64\n\
         32:bind-libs-9.11.4-26.P2.el7.i686\n\
         bash-(none):4.2.46-34.el7.x86_64\n\
         (none):zlib-1.2.7-18.el7.x86_64\n");
    let wanted = [NM, "bind-libs-32:9.11.4-26.P2.el7.i686", BASH, "zlib-1.2.7-18.el7.x86_64"];
    assert_eq!(names(&list), wanted);
    assert_eq!(list.shape, Shape::Nevra);
    silent(&list);
}

#[test]
fn file_names_of_packages_are_full_names() {
    let list = ok("bash-4.2.46-34.el7.x86_64.rpm\nPackages/z/zlib-1.2.7-18.el7.x86_64.rpm\n");
    assert_eq!(names(&list), [BASH, "zlib-1.2.7-18.el7.x86_64"]);
    silent(&list);
}

#[test]
fn a_list_without_architectures_is_read_and_invents_none() {
    let list = ok("bash-4.2.46-34.el7\nglibc-2.17-317.el7\nglibc-2.17-317.el7\n");
    assert_eq!(names(&list), ["bash-4.2.46-34.el7", "glibc-2.17-317.el7"]);
    assert_eq!(list.facts.arch, None);
    assert_eq!(list.duplicates, 1);
    insta::assert_snapshot!(unread(&list).join("\n"), @r#"line 3: "glibc-2.17-317.el7" stands on line 2 already; counted once (without architectures two of them look like a repetition)"#);
}

#[test]
fn versions_and_architectures_of_one_name_are_all_kept() {
    let list = ok("kernel-3.10.0-957.el7.x86_64\nkernel-3.10.0-1160.el7.x86_64\n\
         zlib-1.2.7-18.el7.x86_64\nzlib-1.2.7-18.el7.i686\nkernel-3.10.0-957.el7.x86_64\n");
    assert_eq!(list.packages.len(), 4);
    assert_eq!(list.duplicates, 1);
    insta::assert_snapshot!(unread(&list).join("\n"), @r#"line 5: "kernel-3.10.0-957.el7.x86_64" stands on line 1 already; counted once"#);
    assert_eq!(list.facts.arch, Some(Arch::X86_64));
}

#[test]
fn public_keys_are_no_packages() {
    let list = ok("gpg-pubkey-F4A80EB5-53a7ff4b\ngpg-pubkey-352c64e5-52ae6884.(none)\n\
         gpg-pubkey-12345-1.(none)\nbash-4.2.46-34.el7.x86_64\n");
    let keys: Vec<_> = list.keys.iter().map(|k| format!("{} {}", k.id, k.created)).collect();
    assert_eq!(keys, ["f4a80eb5 53a7ff4b", "352c64e5 52ae6884"]);
    assert_eq!(names(&list), [BASH]);
    insta::assert_snapshot!(unread(&list).join("\n"), @r#"line 3: "gpg-pubkey-12345-1" is a public key whose version is no key id of eight hexadecimal digits"#);
}

#[test]
fn a_sosreport_gives_the_date_of_installation() {
    let list = ok("bash-4.2.46-34.el7.x86_64                    Tue Mar  5 17:35:04 2019\n\
         zlib-1.2.7-18.el7.x86_64                     Tue Mar  5 17:35:01 2019\n");
    assert_eq!(list.shape, Shape::NevraColumns);
    assert_eq!(list.packages[0].install_date.as_deref(), Some("Tue Mar  5 17:35:04 2019"));
    assert_eq!(list.packages[0].install_time, None);
    silent(&list);
}

#[test]
fn rpm_qa_last_is_read_like_a_sosreport() {
    let list = ok("kernel-3.10.0-1160.el7.x86_64    Tue 05 Mar 2019 05:35:04 PM CET\n");
    assert_eq!(list.packages[0].install_date.as_deref(), Some("Tue 05 Mar 2019 05:35:04 PM CET"));
    silent(&list);
}

#[test]
fn further_columns_of_a_sosreport_are_vendor_and_signature() {
    let text = "bash-4.2.46-34.el7.x86_64   Tue Mar  5 17:35:04 2019\tRed Hat, Inc.\tRSA/SHA256, Mon Jul  6 02:30:16 2015, Key ID 199e2f91fd431d51\n\
         site-1-1.noarch   Tue Mar  5 17:36:04 2019\t(none)\t(none)\n";
    for text in [text.to_owned(), text.replace('\t', "   ")] {
        let list = ok(&text);
        let [bash, site] = list.packages.as_slice() else { panic!("{list:?}") };
        assert_eq!(bash.vendor.as_deref(), Some("Red Hat, Inc."));
        assert_eq!(bash.signature(), crate::model::Signature::Key("199e2f91fd431d51"));
        assert_eq!(bash.install_date.as_deref(), Some("Tue Mar  5 17:35:04 2019"));
        assert_eq!(site.signature(), crate::model::Signature::None);
        silent(&list);
    }
}

#[test]
fn package_data_of_a_sosreport_gives_seconds_and_names_what_it_leaves_out() {
    let list = ok(
        "bash-4.2.46-34.el7.x86_64\tTue Mar  5 17:35:04 2019\t1551807304\tCentOS\tx86-01.bsys.centos.org\t(none)\tRSA/SHA256, Mon Jul  6 02:30:16 2015, Key ID 24c6a8a7f4a80eb5\n",
    );
    assert_eq!(list.packages[0].install_time, Some(1_551_807_304));
    assert_eq!(list.packages[0].install_date, None);
    assert_eq!(list.packages[0].vendor.as_deref(), Some("CentOS"));
    let ignored: Vec<_> = list.ignored.keys().map(String::as_str).collect();
    assert_eq!(
        ignored,
        [
            "column 2 (date of installation; the next gives it in seconds)",
            "column 5 (another word)"
        ]
    );
}

#[test]
fn repository_and_reason_come_from_yumdb() {
    let list =
        ok("bash-4.2.46-34.el7.x86_64\tbase\tuser\nzlib-1.2.7-18.el7.x86_64\t@updates\tdep\n");
    let of = |index: usize| {
        let package = &list.packages[index];
        (package.from_repo.as_deref(), package.install_reason.as_deref())
    };
    assert_eq!(of(0), (Some("base"), Some("user")));
    assert_eq!(of(1), (Some("updates"), Some("dep")));
    silent(&list);
}

#[test]
fn the_dsa_signature_goes_before_the_rsa_signature() {
    let rsa = "RSA/SHA256, Mon Jul  6 02:30:16 2015, Key ID 199e2f91fd431d51";
    let dsa = "DSA/SHA1, Mon Jul  6 02:30:16 2015, Key ID 219180cddb42a60e";
    let list = ok(&format!(
        "a-1-1.noarch\tThu Oct 20 12:52:54 2016\t1435319608\t{rsa}\t(none)\n\
         b-1-1.noarch\tThu Oct 20 12:52:54 2016\t1435319608\t{rsa}\t{dsa}\n\
         c-1-1.noarch\tThu Oct 20 12:52:54 2016\t1435319608\t(none)\t(none)\n"
    ));
    let texts: Vec<_> = list.packages.iter().map(|p| p.pgpsig.as_deref().unwrap()).collect();
    assert_eq!(texts, [rsa, dsa, "(none)"]);
    // The number is not the time of the date before it: it is the build time.
    assert_eq!(list.ignored["column 3 (build time)"], 3);
    assert_eq!(list.packages[0].install_time, None);
}

#[test]
fn name_and_version_may_be_two_columns() {
    let tabs = ok(
        "bind-libs\t32:9.11.4-9.P2.el7\t189424\njava-1.8.0-openjdk\t1:1.8.0.222.b10-1.el7_7\t77\n",
    );
    assert_eq!(tabs.shape, Shape::NameEvr);
    assert_eq!(
        names(&tabs),
        ["bind-libs-32:9.11.4-9.P2.el7", "java-1.8.0-openjdk-1:1.8.0.222.b10-1.el7_7"]
    );
    assert_eq!(tabs.packages[0].size, Some(189_424));
    let blanks = ok("bash 4.2.46-34.el7 x86_64\nzlib   1.2.7-18.el7   i686\n");
    assert_eq!(names(&blanks), [BASH, "zlib-1.2.7-18.el7.i686"]);
    silent(&tabs);
    silent(&blanks);
}

#[test]
fn names_that_look_like_full_names_stay_names_beside_a_version() {
    for text in ["a-0b-1c 0.0-0.el7 x86_64\n", "a-0b-1c\t0.0\t0.el7\tx86_64\n"] {
        assert_eq!(names(&ok(text)), ["a-0b-1c-0.0-0.el7.x86_64"], "{text}");
    }
}

#[test]
fn times_beside_a_full_name_are_no_version_and_release() {
    let list = ok("bash-4.2.46-34.el7\t1484612484\t1388171307\n");
    assert_eq!(names(&list), ["bash-4.2.46-34.el7"]);
    assert_eq!(list.packages[0].install_time, Some(1_484_612_484));
}

#[test]
fn leapps_own_query_is_read_without_a_header() {
    let text = "bash|4.2.46|34.el7|0|CentOS BuildSystem <http://bugs.centos.org>|x86_64|RSA/SHA256, Mon Jul  6 02:30:16 2015, Key ID 24c6a8a7f4a80eb5\n\
         NetworkManager|1.18.8|1.el7|1|(none)|x86_64|(none)\n\
         gpg-pubkey|f4a80eb5|53a7ff4b|0|CentOS-7 Key <security@centos.org>|(none)|(none)\n";
    let list = ok(text);
    assert_eq!(list.shape, Shape::Table);
    assert_eq!(names(&list), [BASH, NM]);
    assert_eq!(
        list.packages[0].packager.as_deref(),
        Some("CentOS BuildSystem <http://bugs.centos.org>")
    );
    assert_eq!(list.packages[1].packager.as_deref(), Some("(none)"));
    assert_eq!(list.packages[1].pgpsig.as_deref(), Some("(none)"));
    assert_eq!(list.keys[0].packager.as_deref(), Some("CentOS-7 Key <security@centos.org>"));
    silent(&list);
}

#[test]
fn a_table_may_give_the_epoch_first_and_hold_commas_in_signatures() {
    let list = ok(
        "bash,0,4.2.46,34.el7,x86_64,RSA/SHA256, Mon Jul  6 02:30:16 2015, Key ID 24c6a8a7f4a80eb5\n\
         NetworkManager,1,1.18.8,1.el7,x86_64,(none)\n\
         zlib,(none),1.2.7,18.el7,x86_64,(none)\n",
    );
    assert_eq!(names(&list), [BASH, NM, "zlib-1.2.7-18.el7.x86_64"]);
    assert_eq!(list.packages[0].signature(), crate::model::Signature::Key("24c6a8a7f4a80eb5"));
    silent(&list);
}

#[test]
fn a_header_line_names_the_columns_in_any_order() {
    let list = ok("Arch;Release;\"Name\";Version;Vendor;Colour;EPOCH;Size\n\
         x86_64;34.el7;bash;4.2.46;\"Red Hat; Inc.\";red;(none);17\n\
         x86_64;1.el7;NetworkManager;1.18.8;;;1;\n");
    assert_eq!(names(&list), [BASH, NM]);
    assert_eq!(list.packages[0].vendor.as_deref(), Some("Red Hat; Inc."));
    assert_eq!(list.packages[0].size, Some(17));
    assert_eq!(list.packages[1].size, None);
    assert_eq!(list.ignored["column 6 (Colour)"], 1);
    assert_eq!(unread(&list), Vec::<String>::new());
}

#[test]
fn a_header_may_be_a_query_format_and_tabs_may_separate() {
    let list = ok("%{NAME}\t%{VERSION}\t%{RELEASE}\t%{ARCH}\t%{INSTALLTIME}\t%{FROM_REPO}\n\
         bash\t4.2.46\t34.el7\tx86_64\t1551807304\t\n");
    assert_eq!(names(&list), [BASH]);
    assert_eq!(list.packages[0].install_time, Some(1_551_807_304));
}

#[test]
fn yum_list_is_read_with_wrapped_lines_and_only_what_is_installed() {
    let list = ok("Loaded plugins: fastestmirror, langpacks\n\
         Installed Packages\n\
         NetworkManager.x86_64                1:1.18.8-1.el7                 @anaconda\n\
         java-1.8.0-openjdk-headless.x86_64   1:1.8.0.262.b10-1.el7          @updates \n\
         centos-release-scl-rh-with-a-name-that-is-long.noarch\n\
         \x20                                    2-3.el7.centos                 @extras  \n\
         bash.x86_64                          4.2.46-34.el7                  installed\n\
         Available Packages\n\
         zsh.x86_64                           5.0.2-34.el7_8.2               base     \n");
    assert_eq!(list.shape, Shape::YumList);
    assert_eq!(
        names(&list),
        [
            NM,
            "java-1.8.0-openjdk-headless-1:1.8.0.262.b10-1.el7.x86_64",
            "centos-release-scl-rh-with-a-name-that-is-long-2-3.el7.centos.noarch",
            BASH
        ]
    );
    let repositories: Vec<_> =
        list.packages.iter().map(|p| p.from_repo.as_deref().unwrap()).collect();
    assert_eq!(repositories, ["anaconda", "updates", "extras", "installed"]);
    insta::assert_snapshot!(unread(&list).join("\n"), @r#"
    line 1: "Loaded plugins: fastestmirror, langpacks" is a banner of yum
    line 2: "Installed Packages" is a title
    line 8: "Available Packages" is a title
    line 9: "zsh.x86_64                           5.0.2-34.el7_8.2               base" stands below "Available Packages", so it is not installed
    "#);
}

#[test]
fn below_a_title_in_another_language_the_mark_of_the_repository_decides() {
    let list = ok("Installierte Pakete\nbash.x86_64 4.2.46-34.el7 @base\n\
         Verf\u{fc}gbare Pakete\nzsh.x86_64 5.0.2-34.el7_8.2 base\n");
    assert_eq!(names(&list), [BASH]);
    assert_eq!(list.unread[2].why, "names a repository without @, so it is not installed");
}

#[test]
fn a_name_without_architecture_among_others_is_taken_and_reported() {
    let list = ok("bash-4.2.46-34.el7.x86_64\nzlib-1.2.7-18.el7.x86_64\nsite-1-1.sparcv7\n");
    assert_eq!(list.packages[2].nevra(), "site-1-1.sparcv7");
    assert_eq!(list.packages[2].arch, None);
    assert_eq!(list.unread[0].why, "ends in no known architecture; taken without one");
}

#[test]
fn one_damaged_epoch_does_not_cost_the_others_theirs() {
    let rows: String = (0..30).map(|n| format!("p{n},{n},1.2,3.el7,noarch\n")).collect();
    let list = ok(&(rows + "bad,x,1.2,3.el7,noarch\n"));
    assert_eq!(list.packages[29].nevra(), "p29-29:1.2-3.el7.noarch");
    assert_eq!(unread(&list), [r#"line 31: "bad,x,1.2,3.el7,noarch" epoch "x" is not a number"#]);
}

#[test]
fn what_tools_print_around_a_list_is_reported_with_its_line() {
    let bytes = b"\xef\xbb\xbf# taken on monday\r\n\
        [root@www1 ~]# rpm -qa\r\n\
        error: rpmdb: BDB0113 Thread/process 1/2 failed: BDB1507\r\n\
        \x1b[32mbash-4.2.46-34.el7.x86_64\x1b[0m  \r\n\
        \xff\xfe-1-1.noarch\r\n\
        nul\0-1-1.noarch\r\n\
        one line too many\r\n\
        \r\n\
        zlib-1.2.7-18.el7.x86_64";
    let list = read(bytes).unwrap();
    assert_eq!(names(&list), [BASH, "zlib-1.2.7-18.el7.x86_64"]);
    assert_eq!(list.comments, 1);
    insta::assert_snapshot!(unread(&list).join("\n"));
}

#[test]
fn the_release_package_tells_distribution_and_release() {
    let cases = [
        ("centos-release-7-9.2009.1.el7.centos.x86_64", "centos 7.9"),
        ("centos-release-6-10.el6.centos.12.3.x86_64", "centos 6.10"),
        ("centos-release-8.1-1.1911.0.8.el8.x86_64", "centos 8.1"),
        ("redhat-release-server-7.9-3.el7.x86_64", "rhel 7.9"),
        ("redhat-release-8.10-0.3.el8.x86_64", "rhel 8.10"),
        (
            "oraclelinux-release-7:7.9-1.0.9.el7.x86_64\nredhat-release-server-7.9-3.0.1.el7.x86_64",
            "ol 7.9",
        ),
        ("sl-release-7.9-2.sl7.x86_64", "scientific 7.9"),
        ("cloudlinux-release-7.9-1.el7.x86_64", "cloudlinux 7.9"),
        ("almalinux-release-8.10-1.el8.x86_64", "almalinux 8.10"),
        ("rocky-release-8.10-1.9.el8.noarch", "rocky 8.10"),
    ];
    for (text, wanted) in cases {
        let facts = ok(text).facts;
        let told = format!("{} {}", facts.distro.unwrap(), facts.release.unwrap());
        assert_eq!(told, wanted, "{text}");
        assert_eq!(facts.kernel, None);
    }
}

#[test]
fn nothing_is_inferred_where_the_evidence_is_weak() {
    let list =
        ok("centos-release-7-9.2009.1.el7.centos.x86_64\nalmalinux-release-8.10-1.el8.x86_64\n");
    assert_eq!((list.facts.distro, list.facts.release), (None, None));
    assert_eq!(list.unread.len(), 1);
    let none = ok("epel-release-7-14.noarch\ncentos-release-scl-2-3.el7.centos.noarch\n").facts;
    assert_eq!((none.distro, none.release, none.arch), (None, None, None));
    // The version of a server release says only `7Server` on very old hosts.
    let no_minor = ok("redhat-release-server-7Server-1.el7.x86_64\n").facts;
    assert_eq!((no_minor.distro, no_minor.release), (Some(Distro::Rhel), None));
}

#[test]
fn the_architecture_is_the_first_library_set_whichever_has_more_packages() {
    let list = ok("a-1-1.i686\nb-1-1.i686\nc-1-1.x86_64\nd-1-1.noarch\n");
    assert_eq!(list.facts.arch, Some(Arch::X86_64));
    assert_eq!(ok("a-1-1.aarch64\nb-1-1.noarch\n").facts.arch, Some(Arch::Aarch64));
    assert_eq!(ok("a-1-1.noarch\n").facts.arch, None);
}

#[test]
fn a_list_may_come_as_xz() {
    use std::io::Write;
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
    encoder.write_all(b"bash-4.2.46-34.el7.x86_64\n").unwrap();
    assert_eq!(names(&read(&encoder.finish().unwrap()).unwrap()), [BASH]);
}

#[test]
fn the_list_of_what_was_not_understood_is_bounded_and_says_so() {
    let text = format!("{BASH}\n{}", "no package here\n".repeat(MAX_UNREAD + 17));
    let list = ok(&text);
    assert_eq!(list.unread_total, MAX_UNREAD + 17);
    assert_eq!(list.unread.len(), MAX_UNREAD + 1);
    assert_eq!(list.unread[MAX_UNREAD].why, "17 more places were not understood");
}
