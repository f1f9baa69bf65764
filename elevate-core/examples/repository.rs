//! Reads a repository, writes what was read as a cache, and loads that again:
//!
//! ```text
//! repository read|read-two DIRECTORY          in one thread, or in two
//! repository write|write-two DIRECTORY FILE   the same, and writes the cache
//! repository load DIRECTORY FILE              loads it
//! repository target CACHE DIRECTORY ...       unites repositories, or loads what was
//! ```
//!
//! Prints how long that took, in wall time and in processor time of its main thread,
//! and the most memory the process had. It shows how repositories are read, and it
//! is what `cargo xtask bench-compare --universe` runs beside libsolv.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example measures, and opens the files it is told to"
)]

use std::error::Error;
use std::fs;
use std::time::Instant;

use elevate_core::model::{Arch, ModuleStream};
use elevate_core::repository::store::ParsedDirectory;
use elevate_core::repository::{Definition, Directory, ParsedCache as _, Variables};
use elevate_core::universe::{
    self, LoadOptions, Opened, Repository, RepositoryData, Target, Threads, cache,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (wall, processor) = (Instant::now(), processor_time()?);
    let packages = match arguments.as_slice() {
        ["read", directory] => read(directory, Threads::One)?.1.len(),
        ["read-two", directory] => read(directory, Threads::Two)?.1.len(),
        ["write", directory, file] => write(directory, file, Threads::One)?.len(),
        ["write-two", directory, file] => write(directory, file, Threads::Two)?.len(),
        ["load", directory, file] => load(directory, file)?.len(),
        ["target", cache, directories @ ..] => target(cache, directories)?.len(),
        _ => {
            return Err("usage: repository read|read-two|write|write-two|load DIRECTORY [FILE], \
                        or repository target CACHE DIRECTORY ..."
                .into());
        }
    };
    let wall = wall.elapsed().as_secs_f64() * 1e3;
    let processor = (processor_time()? - processor) / 1e6;
    let peak = peak()?;
    println!("{packages} {wall:.3} {processor:.3} {peak}");
    Ok(())
}

/// The key for a cache, and the packages.
fn read(directory: &str, threads: Threads) -> Result<(String, RepositoryData), Box<dyn Error>> {
    let directory = Directory::new(directory);
    let opened = Opened::new(&directory)?;
    Ok((opened.key(), opened.packages(threads)?))
}

fn write(directory: &str, file: &str, threads: Threads) -> Result<RepositoryData, Box<dyn Error>> {
    let (key, packages) = read(directory, threads)?;
    let (place, name) = place(file)?;
    place.store(name, &cache::encode(&packages, &key))?;
    Ok(packages)
}

fn load(directory: &str, file: &str) -> Result<RepositoryData, Box<dyn Error>> {
    let directory = Directory::new(directory);
    let key = Opened::new(&directory)?.key();
    let (place, name) = place(file)?;
    Ok(cache::decode(place.load(name).ok_or("there is no such cache")?, &key)?)
}

/// Repositories in directories, as a target for x86_64.
fn target(cache: &str, directories: &[&str]) -> Result<Target, Box<dyn Error>> {
    let cache = ParsedDirectory::new(cache, u64::MAX);
    let platform = ModuleStream { name: "platform".to_owned(), stream: "el8".to_owned() };
    let define = |(at, directory): (usize, &&str)| {
        Definition::of_argument(&format!("r{at}={directory}"), &Variables::new())
    };
    let definitions = directories.iter().enumerate().map(define).collect::<Result<Vec<_>, _>>()?;
    let files: Vec<Directory> = directories.iter().copied().map(Directory::new).collect();
    let all = definitions.iter().zip(&files);
    let repositories: Vec<Repository<'_>> =
        all.map(|(definition, files)| Repository { definition, files }).collect();
    let options = LoadOptions {
        arch: &Arch::X86_64,
        platform: &platform,
        streams: &[],
        paths: &[],
        cache: Some(&cache),
    };
    Ok(universe::load(&repositories, &options)?.target)
}

/// The directory of a cache as such, and the name of the file in it.
fn place(file: &str) -> Result<(ParsedDirectory, &str), Box<dyn Error>> {
    let (directory, name) = file.rsplit_once('/').ok_or("FILE is a path with a directory")?;
    Ok((ParsedDirectory::new(directory, u64::MAX), name))
}

/// Processor time of this thread, in nanoseconds.
fn processor_time() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(text.split(' ').next().unwrap_or_default().parse()?)
}

/// The most memory the process had, in KiB.
fn peak() -> Result<u64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
