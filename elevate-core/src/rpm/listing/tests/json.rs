//! JSON shapes.

use super::*;
use crate::model::Signature;

#[test]
fn an_array_of_packages_is_read_with_every_field() {
    let list = ok(r#"[
        {"name": "bash", "epoch": null, "version": "4.2.46", "release": "34.el7", "arch": "x86_64",
         "vendor": "CentOS", "packager": "Somebody <a@b.c>", "from_repo": "@base", "size": 17,
         "pgpsig": "RSA/SHA256, Mon Jul  6 02:30:16 2015, Key ID 24c6a8a7f4a80eb5", "install_time": 1551807304},
        {"name": "NetworkManager", "epoch": "1", "version": "1.18.8", "release": "1.el7", "arch": "x86_64", "repository": ""},
        {"name": "perl-libs", "epoch": 4, "version": "5.26.3", "release": "422.el8", "arch": "x86_64", "module": "perl", "stream": "5.26"},
        {"name": "zlib", "epoch": "(none)", "version": "1.2.7", "release": "18.el7", "arch": null, "repository": null}
    ]"#);
    assert_eq!(list.shape, Shape::JsonPackages);
    assert_eq!(names(&list), [BASH, NM, "perl-libs-4:5.26.3-422.el8.x86_64", "zlib-1.2.7-18.el7"]);
    let bash = &list.packages[0];
    assert_eq!(bash.vendor.as_deref(), Some("CentOS"));
    assert_eq!(bash.from_repo.as_deref(), Some("base"));
    assert_eq!((bash.install_time, bash.size), (Some(1_551_807_304), Some(17)));
    assert_eq!(bash.signature(), Signature::Key("24c6a8a7f4a80eb5"));
    assert_eq!(list.packages[1].from_repo.as_deref(), Some(""));
    assert_eq!(list.packages[1].signature(), Signature::Unknown);
    assert_eq!(list.packages[2].module.as_ref().unwrap().to_string(), "perl:5.26");
    assert_eq!(list.packages[3].from_repo, None);
    silent(&list);
}

#[test]
fn a_host_states_its_repositories_and_releases() {
    let list = ok(
        r#"{"distro": "centos", "source_version": "7.9.2009", "arch": "x86_64", "target_version": "8.10",
        "installed": [{"name": "bash", "epoch": "0", "version": "4.2.46", "release": "34.el7", "arch": "x86_64", "repository": "base"}],
        "enabled_repos": ["base", "updates"], "disabled_repos": ["extras"],
        "enabled_modules": [{"name": "perl", "stream": "5.26"}], "kernel": "3.10.0-1160.el7.x86_64"}"#,
    );
    assert_eq!(list.shape, Shape::JsonHost);
    let facts = &list.facts;
    assert_eq!(facts.distro, Some(Distro::CentOs));
    assert_eq!(facts.release, Some(Release::new(7, 9)));
    assert_eq!(facts.repositories.as_deref().unwrap(), ["base", "updates"]);
    assert_eq!(facts.disabled_repositories, ["extras"]);
    assert_eq!(facts.enabled_modules.as_ref().unwrap()[0].to_string(), "perl:5.26");
    assert_eq!(facts.kernel.as_deref(), Some("3.10.0-1160.el7.x86_64"));
    assert_eq!(list.ignored, BTreeMap::from([("target_version".to_owned(), 1)]));
}

#[test]
fn a_statement_goes_before_a_release_package_that_contradicts_it() {
    let list =
        ok(r#"{"distro": "ol", "installed": ["centos-release-7-9.2009.1.el7.centos.x86_64"]}"#);
    assert_eq!((&list.facts.distro, list.facts.release), (&Some(Distro::Oracle), None));
    assert!(list.unread[0].why.contains("contradicts"), "{:?}", list.unread);
}

#[test]
fn a_vmaas_request_names_repositories_and_architecture() {
    let list = ok(
        r#"{"package_list": ["bash-4.2.46-34.el7.x86_64", "gpg-pubkey-f4a80eb5-53a7ff4b"],
        "repository_list": ["rhel-7-server-rpms"], "releasever": "7Server", "basearch": "x86_64"}"#,
    );
    assert_eq!(list.shape, Shape::Vmaas);
    assert_eq!(names(&list), [BASH]);
    assert_eq!(list.keys.len(), 1);
    assert_eq!(list.facts.repositories.as_deref().unwrap(), ["rhel-7-server-rpms"]);
    assert_eq!(list.facts.release, None);
    assert_eq!(list.ignored["releasever"], 1);
}

#[test]
fn a_vuls_result_gives_what_is_installed_not_what_could_be() {
    let list = ok(
        r#"{"family": "alma", "release": "8.9", "runningKernel": {"release": "4.18.0-513.9.1.el8_9.x86_64"},
        "packages": {"NetworkManager": {"name": "NetworkManager", "version": "1:1.18.8", "release": "1.el7",
            "newVersion": "2:9", "newRelease": "9", "arch": "x86_64", "repository": "updates"}}}"#,
    );
    assert_eq!(list.shape, Shape::Vuls);
    assert_eq!(names(&list), [NM]);
    assert_eq!(list.packages[0].from_repo, None);
    assert_eq!(list.ignored["repository (of the available update)"], 1);
    assert_eq!(list.facts.distro, Some(Distro::AlmaLinux));
    assert_eq!(list.facts.release, Some(Release::new(8, 9)));
    assert_eq!(list.facts.kernel.as_deref(), Some("4.18.0-513.9.1.el8_9.x86_64"));
}

#[test]
fn trivy_packages_are_read_alone_and_in_a_report() {
    let package = r#"{"ID": "bash@4.2.46-34.el7.x86_64", "Name": "bash", "Version": "4.2.46", "Release": "34.el7",
        "Arch": "x86_64", "Maintainer": "Red Hat, Inc.", "Repository": {"Class": "official"},
        "Modularitylabel": "shells:4:2019:abc"}"#;
    let report = format!(
        r#"{{"Results": [{{"Class": "os-pkgs", "Packages": [{package}]}}, {{"Class": "lang-pkgs", "Packages": [{package}]}}]}}"#
    );
    for text in [format!("[{package}]"), report] {
        let list = ok(&text);
        assert_eq!(list.shape, Shape::Trivy);
        assert_eq!(names(&list), [BASH]);
        assert_eq!(list.packages[0].vendor.as_deref(), Some("Red Hat, Inc."));
        assert_eq!(list.packages[0].module.as_ref().unwrap().to_string(), "shells:4");
        assert_eq!(unread(&list), Vec::<String>::new());
    }
}

#[test]
fn an_osbuild_manifest_gives_the_packages_of_the_image_with_epochs() {
    let list = ok(r#"{"compose-request": {"distro": "rhel-7", "arch": "x86_64"},
        "manifest": {"version": "2",
          "pipelines": [
            {"name": "build", "stages": [{"type": "org.osbuild.rpm", "inputs": {"packages": {"references": [{"id": "sha256:1"}, {"id": "sha256:2"}]}}}]},
            {"name": "os", "build": "name:build", "stages": [
                {"type": "org.osbuild.rpm", "inputs": {"packages": {"references": [{"id": "sha256:1"}, {"id": "sha256:3"}, {"id": "sha256:4"}]}}},
                {"type": "org.osbuild.locale"}]}],
          "sources": {"org.osbuild.curl": {"items": {
            "sha256:1": {"url": "https://example.com/Packages/bash-4.2.46-34.el7.x86_64.rpm"},
            "sha256:2": {"url": "https://example.com/Packages/tar-1.26-35.el7.x86_64.rpm"},
            "sha256:3": "https://example.com/Packages/NetworkManager-1.18.8-1.el7.x86_64.rpm"}}}},
        "rpmmd": {"packages": [{"checksum": "sha256:3", "epoch": 1}]}}"#);
    assert_eq!(list.shape, Shape::Osbuild);
    assert_eq!(names(&list), [BASH, NM]);
    assert_eq!(list.ignored["packages of a build root"], 1);
    assert_eq!(unread(&list), ["pipelines[1]: \"sha256:4\" is in no source of the manifest"]);
    assert_eq!((list.facts.distro, list.facts.arch), (Some(Distro::Rhel), Some(Arch::X86_64)));
}

#[test]
fn one_object_a_line_is_a_list_too() {
    let list = ok(
        "{\"name\":\"bash\",\"version\":\"4.2.46\",\"release\":\"34.el7\",\"arch\":\"x86_64\"}\n\
         {\"name\":\"zlib\",\"version\":\"1.2.7\",\"release\":\"18.el7\",\"arch\":\"x86_64\"}\n",
    );
    assert_eq!(names(&list), [BASH, "zlib-1.2.7-18.el7.x86_64"]);
}

#[test]
fn faults_in_single_packages_are_reported_with_their_place() {
    let list = ok(r#"{"installed": [
        {"name": "bash", "version": "4.2.46", "release": "34.el7", "arch": "x86_64", "size": "large", "vendor": ["x"]},
        {"name": "b", "epoch": "one", "version": "1", "release": "1"},
        {"name": "c", "epoch": [1], "version": "1", "release": "1"},
        {"name": "d", "version": "1"},
        {"name": "e e", "version": "1", "release": "1"},
        {"name": "f", "version": "1-2", "release": "1"},
        {"name": "g", "epoch": -1, "version": "1", "release": "1"},
        {"name": "h", "version": "1", "release": "1", "module": "m"},
        {"name": "i", "version": "1", "version": "2", "release": "1"},
        {"name": "i", "version": "1", "release": "1"},
        7, null, "not a package", {}],
        "distro": 7, "source_version": "seven", "enabled_repos": ["base", 8]}"#);
    assert_eq!(names(&list), [BASH, "h-1-1", "i-1-1"]);
    assert_eq!(list.facts.repositories.as_deref().unwrap(), ["base"]);
    insta::assert_snapshot!(unread(&list).join("\n"));
}
