//! Worlds nobody would make: small, dense and contradictory, by a seed.

use elevate_core::model::Nevra;
use elevate_core::universe::List;

use super::package::Package;
use super::story::{Dnf, Libsolv, Repository, Story};
use super::world::{Stock, World};
use crate::shuffle::Order;

/// What repositories are called.
const REPOSITORIES: [&str; 3] = ["a", "b", "c"];
/// Versions, odd ones among them.
const VERSIONS: [&str; 12] =
    ["1", "1", "2", "2", "3", "3", "1:1", "2.1", "2~rc", "2^git", "1.05", "1.5"];
const KERNEL: &str = "installonlypkg(kernel)";

/// The story with this number: always the same world and request, and nothing
/// expected yet.
pub fn hostile(seed: u64) -> Story {
    let mut maker = Maker::new(seed);
    let world = maker.world();
    let mut story = Story {
        title: format!("made up by the seed {seed}"),
        shows: String::new(),
        source: "recorded".to_owned(),
        installed: String::new(),
        repositories: Vec::<Repository>::new(),
        dnf: None,
        libsolv: None,
        expect: Vec::new(),
    };
    world.tell(&mut story);
    if maker.chance(70) {
        story.dnf = Some(maker.dnf(&world));
    } else {
        story.libsolv = Some(maker.libsolv(&world));
    }
    story
}

/// How likely something is, in percent; another one in each world.
struct Shape {
    names: usize,
    capabilities: usize,
    requires: usize,
    conflicts: usize,
    obsoletes: usize,
    rich: usize,
    weak: usize,
    twins: usize,
    vendors: usize,
    built: usize,
    excluded: usize,
    priorities: usize,
}

struct Maker {
    order: Order,
    shape: Shape,
}

impl Maker {
    fn new(seed: u64) -> Self {
        let mut order = Order::new(seed);
        let mut of = |values: &[usize]| values[order.below(values.len())];
        let names = of(&[3, 5, 8, 12, 18, 26]);
        let shape = Shape {
            names,
            capabilities: 1 + names / 3,
            requires: of(&[20, 45, 70]),
            conflicts: of(&[2, 8, 20]),
            obsoletes: of(&[3, 10, 20]),
            rich: of(&[0, 10, 40]),
            weak: of(&[0, 10, 30]),
            twins: of(&[0, 15, 50]),
            vendors: of(&[0, 0, 30]),
            // Without build times libsolv compares sums of numbers, by which different
            // packages may be the same.
            built: of(&[100, 100, 100, 100, 100, 100, 100, 20]),
            excluded: of(&[0, 0, 0, 8]),
            priorities: of(&[0, 0, 50]),
        };
        Self { order, shape }
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.order.below(100) < percent
    }

    fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.order.below(from.len())]
    }

    fn name(&mut self) -> String {
        format!("p{}", self.order.below(self.shape.names))
    }

    /// A name or a capability.
    fn wanted(&mut self) -> String {
        match self.order.below(10) {
            0..=5 => self.name(),
            6 if self.chance(30) => "/usr/bin/tool".to_owned(),
            7 if self.chance(20) => "missing".to_owned(),
            _ => format!("c{}", self.order.below(self.shape.capabilities)),
        }
    }

    /// The same, perhaps in some versions only.
    fn dependency(&mut self, versioned: usize) -> String {
        let name = self.wanted();
        if name.starts_with('/') || !self.chance(versioned) {
            return name;
        }
        let comparison = self.pick(&["<", "<=", "=", ">=", ">"]);
        let release = self.pick(&["", "-1", "-2"]);
        format!("{name} {comparison} {}{release}", self.pick(&VERSIONS))
    }

    fn rich(&mut self, depth: usize) -> String {
        let side = |maker: &mut Self| {
            if depth > 0 && maker.chance(25) { maker.rich(depth - 1) } else { maker.dependency(20) }
        };
        let (a, b, c) = (side(self), side(self), side(self));
        match self.order.below(8) {
            0 | 1 => format!("({a} if {b})"),
            2 => format!("({a} if {b} else {c})"),
            3 => format!("({a} unless {b})"),
            4 => format!("({a} unless {b} else {c})"),
            5 => format!("({a} and {b})"),
            6 => format!("({a} or {b})"),
            _ => format!(
                "({} {} {})",
                self.dependency(40),
                self.pick(&["with", "without"]),
                self.dependency(20)
            ),
        }
    }

    fn any_dependency(&mut self, versioned: usize) -> String {
        if self.chance(self.shape.rich) { self.rich(2) } else { self.dependency(versioned) }
    }

    fn package(&mut self, name: &str, version: &str, release: &str, arch: &str) -> Package {
        let nevra: Nevra = format!("{name}-{version}-{release}.{arch}").parse().expect("a package");
        let mut package = Package::new(nevra);
        let Shape { requires, conflicts, obsoletes, weak, vendors, excluded, .. } = self.shape;
        let mut add = |list, text| package.lines.push((list, text));
        for capability in 0..self.shape.capabilities {
            if self.chance(12) {
                let version = if self.chance(40) { self.pick(&VERSIONS) } else { "" };
                let of = if version.is_empty() { String::new() } else { format!(" = {version}") };
                add(List::Provides, format!("c{capability}{of}"));
            }
        }
        if self.chance(4) {
            add(List::Files, "/usr/bin/tool".to_owned());
        }
        while self.chance(requires) {
            let list = if self.chance(8) { List::RequiresBefore } else { List::Requires };
            add(list, self.any_dependency(25));
        }
        if self.chance(conflicts) {
            add(List::Conflicts, self.any_dependency(50));
        }
        if self.chance(obsoletes) {
            let (name, version) = (self.name(), self.pick(&VERSIONS));
            add(
                List::Obsoletes,
                if self.chance(40) { name } else { format!("{name} < {version}") },
            );
        }
        for list in [List::Recommends, List::Suggests, List::Supplements, List::Enhances] {
            if self.chance(weak) {
                add(list, self.any_dependency(15));
            }
        }
        if self.chance(vendors) {
            package.vendor = self.pick(&["One", "Two"]).to_owned();
        }
        if self.chance(self.shape.built) {
            package.built = 1 + self.order.below(2) as u64;
        }
        package.excluded = self.chance(excluded);
        package
    }

    /// The builds of one version of a package: one, or twins.
    fn builds(&mut self, name: &str, version: &str, release: &str) -> Vec<Package> {
        let arch = self.pick(&["x86_64", "x86_64", "x86_64", "noarch", "i686"]);
        let mut archs = vec![arch];
        if arch == "x86_64" && self.chance(self.shape.twins) {
            archs.push("i686");
        }
        let first = self.package(name, version, release, arch);
        let build = |arch: &&str| {
            let nevra = format!("{name}-{version}-{release}.{arch}").parse().expect("a package");
            Package { nevra, ..first.clone() }
        };
        archs.iter().map(build).collect()
    }

    fn world(&mut self) -> World {
        let count = 1 + self.order.below(REPOSITORIES.len());
        let stock = |id: &&str| Stock { id: (*id).to_owned(), priority: 99, packages: Vec::new() };
        let mut world = World {
            installed: Vec::new(),
            repositories: REPOSITORIES[..count].iter().map(stock).collect(),
        };
        for repository in &mut world.repositories {
            if self.chance(self.shape.priorities) {
                repository.priority = 50 + 10 * i32::from(self.chance(50));
            }
        }
        for number in 0..self.shape.names {
            self.packages_of(&format!("p{number}"), &mut world);
        }
        if self.chance(40) {
            self.kernels(&mut world);
        }
        if self.chance(30) {
            self.split(&mut world);
        }
        for repository in &mut world.repositories {
            let mut seen = std::collections::BTreeSet::new();
            repository.packages.retain(|package| seen.insert(package.nevra.to_string()));
        }
        let mut seen = std::collections::BTreeSet::new();
        world.installed.retain(|package| seen.insert(package.nevra.to_string()));
        world.installed.sort_by(|a, b| a.nevra.name.cmp(&b.nevra.name));
        world
    }

    fn packages_of(&mut self, name: &str, world: &mut World) {
        if self.chance(70) {
            let version = self.pick(&VERSIONS);
            let mut builds = self.builds(name, version, "1");
            if self.chance(8) {
                let repository = self.order.below(world.repositories.len());
                world.repositories[repository].packages.extend(builds.iter().cloned());
            }
            world.installed.append(&mut builds);
        }
        while self.chance(50) {
            let (version, release) = (self.pick(&VERSIONS), self.pick(&["1", "2", "2"]));
            let mut builds = self.builds(name, version, release);
            let repository = self.order.below(world.repositories.len());
            world.repositories[repository].packages.append(&mut builds);
        }
    }

    fn kernels(&mut self, world: &mut World) {
        let kernel = |maker: &mut Self, name: &str, version: usize| {
            let mut package = maker.package(name, &version.to_string(), "1", "x86_64");
            package.lines.push((List::Provides, KERNEL.to_owned()));
            if name == "kernel" {
                package.lines.push((List::Files, format!("/boot/vmlinuz-{version}-1.x86_64")));
            }
            package
        };
        for name in ["kernel", "kernel-core"] {
            for version in 1..=self.order.below(4) {
                world.installed.push(kernel(self, name, version));
            }
            for version in 3..3 + self.order.below(3) {
                let package = kernel(self, name, version);
                let repository = self.order.below(world.repositories.len());
                world.repositories[repository].packages.push(package);
            }
        }
    }

    /// Several packages with the same words about one they take the place of.
    fn split(&mut self, world: &mut World) {
        let words = format!("{} < 4", self.name());
        for _ in 0..3 {
            let (name, version) = (self.name(), self.pick(&VERSIONS));
            let mut package = self.package(&name, version, "3", "x86_64");
            package.lines.push((List::Obsoletes, words.clone()));
            let repository = self.order.below(world.repositories.len());
            world.repositories[repository].packages.push(package);
        }
    }

    /// Some names, few or none.
    fn names(&mut self, percent: usize) -> Vec<String> {
        let mut names = Vec::new();
        while self.chance(percent) && names.len() < 4 {
            let name = if self.chance(10) { self.wanted() } else { self.name() };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn dnf(&mut self, world: &World) -> Dnf {
        let upgrade = if self.chance(25) {
            let mut all: Vec<String> =
                world.installed.iter().map(|p| p.nevra.name.to_string()).collect();
            all.dedup();
            all
        } else {
            self.names(25)
        };
        Dnf {
            remove: self.names(20),
            install: self.names(35),
            upgrade,
            reinstall: self.names(8),
            sync: self.chance(80),
            best: self.chance(75),
            allow_erasing: self.chance(80),
            weak_dependencies: self.chance(90),
            weak_exclusions: self.pick(&["off", "off", "by-name", "by-version"]).to_owned(),
            vendor_change: self.chance(90),
            installonly: vec!["kernel".to_owned(), KERNEL.to_owned()],
            installonly_limit: [3, 3, 2, 0][self.order.below(4)],
            running_kernel: self.running(world),
            colours: self.chance(95),
            protected: if self.chance(5) { vec![self.name()] } else { Vec::new() },
        }
    }

    /// What `uname -r` may say: a kernel that is there, or nothing.
    fn running(&mut self, world: &World) -> Option<String> {
        let kernels = world.installed.iter().filter(|p| p.nevra.name.as_str() == "kernel");
        let releases: Vec<String> = kernels
            .map(|p| format!("{}-{}.{}", p.nevra.evr.version, p.nevra.evr.release, p.nevra.arch))
            .collect();
        let any = releases.get(self.order.below(releases.len()))?.clone();
        self.chance(50).then_some(any)
    }

    fn libsolv(&mut self, world: &World) -> Libsolv {
        let mut commands = Vec::new();
        while commands.is_empty() || self.chance(60) {
            commands.push(self.command(world));
        }
        if self.chance(50) {
            commands.push(format!("multiversion provides {KERNEL}"));
        }
        if self.chance(40) {
            commands.push("allow-erase all".to_owned());
        }
        // What nobody names cannot be asked for.
        let text: String = world.all().map(|(_, package)| package.to_string()).collect();
        let known = |command: &String| {
            let words: Vec<&str> = command.split(' ').collect();
            !words.contains(&"provides") || text.contains(words[words.len() - 1])
        };
        commands.retain(known);
        // The two together are not specified (`fixtures/scenarios/README.md`).
        if commands.iter().any(|command| command.contains(" targeted ")) {
            let of_all = |command: &str| match command {
                "update all" | "update best all" => true,
                _ => command.starts_with("sync") && command.ends_with(" all"),
            };
            commands.retain(|command| !of_all(command));
        }
        let mut switches = std::collections::BTreeMap::new();
        let mut switch = |maker: &mut Self, name: &str, on: bool, percent: usize| {
            if maker.chance(percent) {
                switches.insert(name.to_owned(), on);
            }
        };
        switch(self, "allow_downgrade", true, 40);
        switch(self, "allow_arch_change", true, 10);
        switch(self, "allow_vendor_change", true, 50);
        switch(self, "sync_allows_vendor_change", false, 10);
        switch(self, "allow_uninstall", true, 20);
        switch(self, "keep_orphans", true, 60);
        switch(self, "best_obeys_policy", true, 60);
        switch(self, "yum_obsoletes", true, 60);
        switch(self, "keep_explicit_obsoletes", true, 60);
        switch(self, "weak_dependencies", false, 10);
        switch(self, "colours", false, 5);
        Libsolv { commands, switches }
    }

    fn command(&mut self, world: &World) -> String {
        let best = if self.chance(40) { "best " } else { "" };
        let fixed = if self.chance(40) { "evr arch " } else { "" };
        let one = |maker: &mut Self| {
            let all: Vec<String> =
                world.all().map(|(id, package)| format!("{}@{id}", package.nevra)).collect();
            all[maker.order.below(all.len())].clone()
        };
        if world.all().next().is_none() {
            return "sync available".to_owned();
        }
        let some = format!("one-of {} {}", one(self), one(self));
        let selection = match self.order.below(4) {
            0 => format!("one {}", one(self)),
            1 => some.clone(),
            2 => format!("provides c{}", self.order.below(self.shape.capabilities)),
            _ => format!("name {}", one(self).rsplitn(3, '-').last().unwrap_or_default()),
        };
        match self.order.below(12) {
            0..=2 => format!("sync {best}{fixed}available"),
            3..=5 => format!("install {best}{fixed}{selection}"),
            6 => format!("erase {selection}"),
            7 => format!("update {best}targeted {some}"),
            8 => format!("update {best}all"),
            9 => format!("sync {best}{fixed}all"),
            10 => format!("exclude-from-weak {selection}"),
            _ => format!("install weak {selection}"),
        }
    }
}
