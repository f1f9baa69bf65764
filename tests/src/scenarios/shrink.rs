//! The smallest story that still has a property.

use super::story::Story;
use super::world::World;

/// Leaves out what can be left out of a story, piece by piece, while `holds`.
pub fn shrink(story: &Story, mut holds: impl FnMut(&Story) -> bool) -> Story {
    let mut best = story.clone();
    loop {
        let smaller = pieces(&best).into_iter().find(|smaller| holds(smaller));
        match smaller {
            Some(smaller) => best = smaller,
            None => return best,
        }
    }
}

/// The story without one piece each; large pieces come first.
fn pieces(story: &Story) -> Vec<Story> {
    let mut found = packages(story);
    found.extend(requests(story));
    found.extend(lines(story));
    found
}

fn worlds(story: &Story, changed: Vec<World>) -> Vec<Story> {
    let told = |world: World| {
        let mut story = story.clone();
        world.tell(&mut story);
        story
    };
    changed.into_iter().map(told).collect()
}

fn packages(story: &Story) -> Vec<Story> {
    let Ok(world) = World::of(story) else { return Vec::new() };
    let mut changed = Vec::new();
    for at in 0..world.repositories.len() {
        for package in 0..world.repositories[at].packages.len() {
            let mut world = world.clone();
            world.repositories[at].packages.remove(package);
            changed.push(world);
        }
    }
    for package in 0..world.installed.len() {
        let mut world = world.clone();
        world.installed.remove(package);
        changed.push(world);
    }
    for at in 0..world.repositories.len() {
        if world.repositories[at].packages.is_empty() && world.repositories.len() > 1 {
            let mut world = world.clone();
            world.repositories.remove(at);
            changed.push(world);
        }
    }
    worlds(story, changed)
}

fn lines(story: &Story) -> Vec<Story> {
    let Ok(world) = World::of(story) else { return Vec::new() };
    let mut changed = Vec::new();
    let count = world.all().count();
    for number in 0..count {
        let (_, package) = world.all().nth(number).expect("a package");
        for line in 0..package.lines.len() {
            let mut world = world.clone();
            world.package_mut(number).lines.remove(line);
            changed.push(world);
        }
        if package.excluded || package.built != 0 || !package.vendor.is_empty() {
            let mut world = world.clone();
            let package = world.package_mut(number);
            (package.excluded, package.built) = (false, 0);
            package.vendor.clear();
            changed.push(world);
        }
    }
    worlds(story, changed)
}

fn requests(story: &Story) -> Vec<Story> {
    let mut found = Vec::new();
    if let Some(dnf) = &story.dnf {
        let lists = [&dnf.remove, &dnf.install, &dnf.upgrade, &dnf.reinstall, &dnf.installonly];
        for (at, list) in lists.into_iter().enumerate() {
            for item in 0..list.len() {
                let mut story = story.clone();
                let dnf = story.dnf.as_mut().expect("calls");
                let lists = [
                    &mut dnf.remove,
                    &mut dnf.install,
                    &mut dnf.upgrade,
                    &mut dnf.reinstall,
                    &mut dnf.installonly,
                ];
                lists.into_iter().nth(at).expect("a list").remove(item);
                found.push(story);
            }
        }
        let usual = super::story::Dnf::default();
        let mut set = |change: &dyn Fn(&mut super::story::Dnf)| {
            let mut story = story.clone();
            change(story.dnf.as_mut().expect("calls"));
            if story.dnf.as_ref() != Some(dnf) {
                found.push(story);
            }
        };
        set(&|dnf| dnf.sync = false);
        set(&|dnf| dnf.best = usual.best);
        set(&|dnf| dnf.allow_erasing = usual.allow_erasing);
        set(&|dnf| dnf.weak_dependencies = usual.weak_dependencies);
        set(&|dnf| dnf.weak_exclusions = usual.weak_exclusions.clone());
        set(&|dnf| dnf.vendor_change = usual.vendor_change);
        set(&|dnf| dnf.installonly_limit = usual.installonly_limit);
    }
    if let Some(libsolv) = &story.libsolv {
        for at in 0..libsolv.commands.len() {
            let mut story = story.clone();
            story.libsolv.as_mut().expect("commands").commands.remove(at);
            found.push(story);
        }
        for name in libsolv.switches.keys() {
            let mut story = story.clone();
            story.libsolv.as_mut().expect("commands").switches.remove(name);
            found.push(story);
        }
    }
    found
}
