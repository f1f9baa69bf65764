"""Shows, through python3-solv, how libsolv reads repositories and finds providers.

Reads lines of fields between tabs from stdin:
    dump PRIMARY                every package with all its dependencies and files
    repo NAME PRIMARY FILELISTS adds a repository to the pool; FILELISTS may be empty;
                                the one called @System is installed
    provides NAME FLAGS EVR     who provides it, NEVRA@REPO, in order; FLAGS 0: no version
    rich TEXT                   the same for a rich dependency
    evr A B                     -1, 0 or 1
    meets FLAGS EVR FLAGS EVR   1 where a provide of the first satisfies the second
"""
import sys

import solv

LISTS = [
    ("P", solv.SOLVABLE_PROVIDES, -1),
    ("R", solv.SOLVABLE_REQUIRES, -1),
    ("B", solv.SOLVABLE_REQUIRES, 1),
    ("C", solv.SOLVABLE_CONFLICTS, 0),
    ("O", solv.SOLVABLE_OBSOLETES, 0),
    ("r", solv.SOLVABLE_RECOMMENDS, 0),
    ("s", solv.SOLVABLE_SUGGESTS, 0),
    ("u", solv.SOLVABLE_SUPPLEMENTS, 0),
    ("e", solv.SOLVABLE_ENHANCES, 0),
]


def new_pool():
    pool = solv.Pool()
    pool.setdisttype(solv.Pool.DISTTYPE_RPM)
    pool.setarch("x86_64")
    return pool


def read(repo, path, *more):
    file = solv.xfopen(path)
    repo.add_rpmmd(file, *more)
    file.close()


def dump(path):
    pool = new_pool()
    repo = pool.add_repo("dump")
    read(repo, path, None, 0)
    lines = []
    for solvable in repo.solvables:
        lines.append(f"= {solvable.name} {solvable.evr} {solvable.arch}")
        for letter, key, marker in LISTS:
            for dependency in solvable.lookup_deparray(key, marker):
                lines.append(f"{letter} {dependency}")
        search = solv.Dataiterator.SEARCH_FILES
        for match in solvable.Dataiterator(solv.SOLVABLE_FILELIST, None, search):
            lines.append(f"F {match.str}")
    print("\n".join(lines + ["."]))


class World:
    def __init__(self):
        self.pool = new_pool()
        self.is_ready = False
        self.scratch = None

    def repo(self, name, primary, filelists):
        repo = self.pool.add_repo(name)
        read(repo, primary, None, 0)
        if filelists:
            read(repo, filelists, "FL", solv.Repo.REPO_EXTEND_SOLVABLES)
        if name == "@System":
            self.pool.installed = repo

    def answer(self, dependency):
        if not self.is_ready:
            self.pool.addfileprovides()
            self.pool.createwhatprovides()
            self.is_ready = True
        show = lambda s: f"{s}@{s.repo.name}" if s.repo else "system"
        print(" ".join(show(solvable) for solvable in self.pool.whatprovides(dependency)))

    def dependency(self, name, flags, evr):
        dep = self.pool.Dep(name)
        return dep if flags == "0" else dep.Rel(int(flags), self.pool.Dep(evr))

    def package(self):
        if not self.scratch:
            self.scratch = self.pool.add_repo("scratch")
        package = self.scratch.add_solvable()
        package.name, package.evr, package.arch = "x", "0", "noarch"
        return package

    def evr(self, first, second):
        one, other = self.package(), self.package()
        one.evr, other.evr = first, second
        print(one.evrcmp(other))

    def meets(self, have, have_evr, wanted, wanted_evr):
        package = self.package()
        provide = self.dependency("cap", have, have_evr)
        package.add_deparray(solv.SOLVABLE_PROVIDES, provide)
        dep = self.dependency("cap", wanted, wanted_evr)
        print(1 if package.matchesdep(solv.SOLVABLE_PROVIDES, dep) else 0)


def main():
    world = World()
    for line in sys.stdin:
        command, *fields = line.rstrip("\n").split("\t")
        if command == "dump":
            dump(*fields)
        elif command == "provides":
            world.answer(world.dependency(*fields))
        elif command == "rich":
            world.answer(world.pool.parserpmrichdep(fields[0]))
        else:
            getattr(world, command)(*fields)


main()
