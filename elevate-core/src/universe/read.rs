//! From the metadata of a repository to its packages.

use std::io::Read;

use super::builder::{Builder, Identity};
use super::data::RepositoryData;
use super::packages::List;
use super::{Full, PackageDetails};
use crate::model::Comparison;
use crate::rpm::header::DependencyKind;
use crate::rpm::metadata::MetadataError;
use crate::rpm::primary::{Dependency, FileKind, Package, Reader};

pub fn primary(from: impl Read, shown: &str) -> Result<RepositoryData, MetadataError> {
    let mut reader = Reader::new(from, shown)?;
    let mut builder = Builder::new().unwrap();
    while let Some(package) = reader.next()? {
        add(&mut builder, &package).unwrap();
    }
    Ok(builder.finish().unwrap())
}

fn add(builder: &mut Builder, package: &Package<'_>) -> Result<(), Full> {
    for kind in DependencyKind::ALL {
        for dependency in package.dependencies(kind) {
            let version = (dependency.flags != 0)
                .then(|| (Comparison::from_bits(dependency.flags), dependency.evr));
            let list = list_of(kind, dependency.pre);
            builder.dependency(list, dependency.name, version)?;
        }
    }
    for (_, path) in package.files() {
        builder.file(path)?;
    }
    let (checksum_kind, checksum) = package.checksum.map_or(("", ""), |(k, c)| (k.as_str(), c));
    builder.package(
        Identity {
            name: package.name,
            evr: package.evr,
            arch: package.arch,
            vendor: package.vendor,
            build_time: package.build_time,
        },
        PackageDetails {
            source_rpm: package.source_rpm,
            base: package.base.unwrap_or_default(),
            location: package.location,
            checksum_kind,
            checksum,
            package_size: package.package_size,
            installed_size: package.installed_size,
        },
    )
}

fn list_of(kind: DependencyKind, pre: bool) -> List {
    match kind {
        DependencyKind::Provides => List::Provides,
        DependencyKind::Requires if pre => List::RequiresBefore,
        DependencyKind::Requires => List::Requires,
        DependencyKind::Conflicts => List::Conflicts,
        DependencyKind::Obsoletes => List::Obsoletes,
        DependencyKind::Recommends => List::Recommends,
        DependencyKind::Suggests => List::Suggests,
        DependencyKind::Supplements => List::Supplements,
        DependencyKind::Enhances => List::Enhances,
    }
}
