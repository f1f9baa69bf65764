"""Solves scenarios with libsolv, through any python that has its module `solv`.

Reads a question a line, as JSON, and writes an answer a line (see
`tests/src/scenarios/peer.rs`). A question has the packages as rpm metadata, and
what is asked either as dnf's calls, which become commands here as libdnf makes
them, or as the commands themselves.
"""
import functools
import json
import os
import sys
import tempfile

import solv

J, S, T = solv.Job, solv.Solver, solv.Transaction
# Flags that the bindings of some releases do not name.
COLOURS, WITH_DISABLED, KEEP_EXPLICIT_OBSOLETES = 10, 12, 11

ACTIONS = {
    "install": J.SOLVER_INSTALL,
    "erase": J.SOLVER_ERASE,
    "update": J.SOLVER_UPDATE,
    "sync": J.SOLVER_DISTUPGRADE,
    "multiversion": J.SOLVER_MULTIVERSION,
    "allow-erase": J.SOLVER_ALLOWUNINSTALL,
    "exclude-from-weak": J.SOLVER_EXCLUDEFROMWEAK,
    "lock": J.SOLVER_LOCK,
}
FLAGS = {
    "best": J.SOLVER_FORCEBEST,
    "weak": J.SOLVER_WEAK,
    "targeted": J.SOLVER_TARGETED,
    "evr": J.SOLVER_SETEVR,
    "arch": J.SOLVER_SETARCH,
    "vendor": J.SOLVER_SETVENDOR,
    "repository": J.SOLVER_SETREPO,
}
COMPARISONS = {
    "<": solv.REL_LT,
    "<=": solv.REL_LT | solv.REL_EQ,
    "=": solv.REL_EQ,
    ">=": solv.REL_GT | solv.REL_EQ,
    ">": solv.REL_GT,
}
SWITCHES = {
    "allow_downgrade": S.SOLVER_FLAG_ALLOW_DOWNGRADE,
    "allow_arch_change": S.SOLVER_FLAG_ALLOW_ARCHCHANGE,
    "allow_vendor_change": S.SOLVER_FLAG_ALLOW_VENDORCHANGE,
    "sync_allows_vendor_change": S.SOLVER_FLAG_DUP_ALLOW_VENDORCHANGE,
    "allow_uninstall": S.SOLVER_FLAG_ALLOW_UNINSTALL,
    "keep_orphans": S.SOLVER_FLAG_KEEP_ORPHANS,
    "best_obeys_policy": S.SOLVER_FLAG_BEST_OBEY_POLICY,
    "yum_obsoletes": S.SOLVER_FLAG_YUM_OBSOLETES,
    "keep_explicit_obsoletes": KEEP_EXPLICIT_OBSOLETES,
}
LISTS = ("install", "upgrade", "downgrade", "reinstall", "erase", "obsoleted")


class World:
    """The packages of a question."""

    def __init__(self, question):
        pool = self.pool = solv.Pool()
        pool.setdisttype(solv.Pool.DISTTYPE_RPM)
        pool.set_flag(COLOURS, int(question["colours"]))
        pool.set_flag(WITH_DISABLED, 1)
        pool.setarch("x86_64")
        for at, repository in enumerate(question["repositories"]):
            repo = pool.add_repo(repository["id"])
            repo.priority = -repository["priority"]
            with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
                file.write(repository["primary"])
                file.flush()
                opened = solv.xfopen(file.name)
                repo.add_rpmmd(opened, None, 0)
                opened.close()
            if at == 0:
                pool.installed = self.system = repo
        self.all = [s for s in pool.solvables_iter() if s.repo]
        excluded = set(question["excluded"])
        self.hidden = {s.id for s in self.all if self.show(s) in excluded}
        if self.hidden:
            pool.set_disabled_list(sorted(self.hidden))
        pool.addfileprovides()
        pool.createwhatprovides()
        self.visible = [
            s for s in self.all if s.id not in self.hidden and s.arch not in ("src", "nosrc")
        ]
        self.host = [s for s in self.all if self.is_installed(s)]

    def is_installed(self, s):
        return s.repo == self.system

    def show(self, s):
        return f"{s}@{s.repo.name}"

    def named(self, text):
        """The packages that a text names, with their repository or without."""
        return [s for s in self.all if text in (str(s), self.show(s))]

    def dependency(self, text):
        if text.startswith("("):
            return self.pool.parserpmrichdep(text)
        words = text.split(" ")
        name = self.pool.Dep(words[0])
        return name if len(words) == 1 else name.Rel(COMPARISONS[words[1]], self.pool.Dep(words[2]))

    def matches(self, spec):
        """What dnf takes a text for, and whether for a mere name."""
        found = [s for s in self.visible if s.name == spec]
        if found:
            return found, True
        shapes = lambda s: (f"{s.name}.{s.arch}", f"{s.name}-{s.evr}", str(s))
        found = [s for s in self.visible if spec in shapes(s)]
        if found:
            return found, False
        return [s for s in self.providers(self.dependency(spec))], False

    def providers(self, dep):
        return [s for s in self.pool.whatprovides(dep) if s.id not in self.hidden and s.repo]

    def obsoletes(self, s, other):
        named = s.lookup_deparray(solv.SOLVABLE_OBSOLETES)
        return any(
            other.matchesdep(solv.SOLVABLE_NAME, dep) and other.id in ids(self.pool.whatprovides(dep))
            for dep in named
        )


def ids(solvables):
    return {s.id for s in solvables}


class Calls:
    """What libdnf makes of dnf's calls."""

    def __init__(self, world, calls):
        self.world, self.calls, self.jobs = world, calls, []
        self.downgrades = bool(calls["sync"])
        self.best = J.SOLVER_FORCEBEST if calls["best"] else 0
        for name in ("remove", "install", "upgrade", "reinstall"):
            for spec in sorted(calls[name]):
                getattr(self, name)(spec)
        if calls["sync"]:
            self.one_of(J.SOLVER_DISTUPGRADE, [s for s in world.visible if not world.is_installed(s)])
        if calls["remove"]:
            for s in world.host:
                self.one(J.SOLVER_USERINSTALLED | self.best, s)
        for s in sorted(self.weakly_excluded()):
            self.one(J.SOLVER_EXCLUDEFROMWEAK, world.pool.id2solvable(s))
        for text in calls["installonly"]:
            what = J.SOLVER_MULTIVERSION | J.SOLVER_SOLVABLE_PROVIDES
            self.jobs.append(world.pool.Job(what, world.pool.str2id(text)))
        if calls["allow_erasing"]:
            self.allow_erasing()

    def one(self, action, s):
        self.jobs.append(self.world.pool.Job(action | J.SOLVER_SOLVABLE, s.id))

    def one_of(self, action, solvables):
        what = action | J.SOLVER_SOLVABLE_ONE_OF | J.SOLVER_SETARCH | J.SOLVER_SETEVR | self.best
        chosen = self.world.pool.towhatprovides(sorted(ids(solvables)))
        self.jobs.append(self.world.pool.Job(what, chosen))

    def remove(self, spec):
        for s in self.world.matches(spec)[0]:
            if self.world.is_installed(s):
                self.one(J.SOLVER_ERASE | J.SOLVER_CLEANDEPS | self.best, s)

    def install(self, spec):
        found, by_name = self.world.matches(spec)
        if found:
            replacing = lambda s: any(self.world.obsoletes(s, other) for other in found)
            more = filter(replacing, self.world.visible) if by_name else []
            self.one_of(J.SOLVER_INSTALL, [*found, *more])
            self.downgrades = True

    def upgrade(self, spec):
        world = self.world
        found, _ = world.matches(spec)
        old = [s for s in found if world.is_installed(s)]
        if not old:
            return
        newer = lambda s: any(
            o.name == s.name and o.arch == s.arch and s.evrcmp(o) > 0 for o in world.host
        )
        replaced = old + [s for s in found if not world.is_installed(s) and newer(s)]
        replaces = lambda s: any(world.obsoletes(s, other) for other in replaced)
        chosen = found + [s for s in world.visible if not world.is_installed(s) and replaces(s)]
        names = {s.name for s in chosen}
        same = lambda s, t: s.name == t.name and s.arch == t.arch
        host = [s for s in world.visible if world.is_installed(s)]
        latest = lambda s: not any(same(s, t) and t.evrcmp(s) > 0 for t in host)
        chosen += [s for s in host if s.name in names and latest(s)]
        self.one_of(J.SOLVER_UPDATE | J.SOLVER_TARGETED, chosen)

    def reinstall(self, spec):
        found, _ = self.world.matches(spec)
        for old in filter(self.world.is_installed, found):
            same = [s for s in found if not self.world.is_installed(s) and str(s) == str(old)]
            if same:
                self.one_of(J.SOLVER_INSTALL, same[-1:])
                self.downgrades = True

    def weakly_excluded(self):
        """What the host already does without (libdnf from 0.65 on)."""
        world, how, found = self.world, self.calls["weak_exclusions"], set()
        if how == "off":
            return found
        for s in world.host:
            for dep in s.lookup_deparray(solv.SOLVABLE_RECOMMENDS):
                text = str(dep)
                if text.startswith("("):
                    continue
                asked = world.dependency(text.split(" ")[0]) if how == "by-name" else dep
                providers = world.providers(asked)
                if not any(map(world.is_installed, providers)):
                    found |= ids(providers)
        names = {s.name for s in world.host}
        for s in world.visible:
            if world.is_installed(s) or s.name in names:
                continue
            for dep in s.lookup_deparray(solv.SOLVABLE_SUPPLEMENTS):
                provided = any(s.repo == world.system for s in world.pool.whatprovides(dep))
                if not str(dep).startswith("(") and provided:
                    found.add(s.id)
        return found

    def allow_erasing(self):
        kept = set(self.calls["protected"])
        for s in self.world.host:
            if s.name not in kept and str(s) != self.calls["running"] and s.id not in self.world.hidden:
                self.one(J.SOLVER_ALLOWUNINSTALL, s)

    def limit_installonly(self, present):
        """Commands for a second solve, where more kernels than wanted are there."""
        world, limit, more = self.world, self.calls["installonly_limit"], False
        running = next((s for s in world.host if str(s) == self.calls["running"]), None)
        # All requirements, those for scripts too, and excluded providers.
        needs = lambda s: s.lookup_idarray(solv.SOLVABLE_REQUIRES, 0)
        provides = lambda s, dep: s.id in ids(world.pool.whatprovides(dep))
        of_running = lambda s: running and (
            s.id == running.id or any(provides(running, dep) for dep in needs(s))
        )
        def rank(s):
            if not world.is_installed(s):
                return 0
            if of_running(s):
                return 1
            return 2 if running and s.evr == running.evr else 3
        def order(s, t):
            if rank(s) != rank(t):
                return rank(s) - rank(t)
            return s.id - t.id if rank(s) < 3 else t.evrcmp(s)
        for text in self.calls["installonly"]:
            # Excluded packages count.
            providers = [s for s in world.pool.whatprovides(world.dependency(text)) if s.repo]
            there = [s for s in providers if s.id in present]
            if not limit or len(there) <= limit or all(map(world.is_installed, there)):
                continue
            unused = [s for s in providers if s.id not in present and not world.is_installed(s)]
            for name in dict.fromkeys(s.name for s in there):
                ranked = sorted((s for s in there if s.name == name), key=functools.cmp_to_key(order))
                if len(ranked) <= limit:
                    continue
                more = True
                for at, s in enumerate(ranked):
                    if at < limit:
                        self.one(J.SOLVER_INSTALL, s)
                        continue
                    if self.calls["erase_unused"]:
                        for other in unused:
                            if other.name == name:
                                self.one(J.SOLVER_ERASE, other)
                    self.one(J.SOLVER_ERASE, s)
        if more:
            self.allow_erasing()
        return more

    def solver(self):
        c = self.calls
        return make_solver(self.world, {
            "allow_downgrade": self.downgrades,
            "allow_vendor_change": c["vendor_change"],
            "sync_allows_vendor_change": c["vendor_change"],
            "keep_orphans": True,
            "best_obeys_policy": True,
            "yum_obsoletes": True,
            "keep_explicit_obsoletes": True,
            "weak_dependencies": c["weak_dependencies"],
        })

    def solve(self):
        solver = self.solver()
        problems = solver.solve(self.jobs)
        if not problems:
            result = solver.transaction()
            present = ids(result.newsolvables()) | ids(result.keptsolvables())
            if self.limit_installonly(present):
                solver = self.solver()
                problems = solver.solve(self.jobs)
        answer = result_of(self.world, solver, problems)
        gone = answer.get("erase", []) + answer.get("obsoleted", [])
        kept = [s for s in gone if s.rsplit("-", 2)[0] in self.calls["protected"]]
        running = f"{self.calls['running']}@installed"
        return {"problems": 1} if kept or running in gone else answer


def make_solver(world, switches):
    solver = world.pool.Solver()
    for name, flag in SWITCHES.items():
        if name in switches:
            solver.set_flag(flag, int(switches[name]))
    if not switches["weak_dependencies"]:
        solver.set_flag(S.SOLVER_FLAG_IGNORE_RECOMMENDED, 1)
    return solver


def command(world, text):
    """`ACTION [FLAG...] SELECTION [ARGUMENT]` as a job."""
    words = text.split(" ")
    how = ACTIONS[words.pop(0)]
    while words[0] in FLAGS:
        how |= FLAGS[words.pop(0)]
    selection, rest, pool = words[0], words[1:], world.pool
    if selection == "all":
        return pool.Job(how | J.SOLVER_SOLVABLE_ALL, 0)
    if selection == "available":
        chosen = [s for s in world.visible if not world.is_installed(s)]
        return pool.Job(how | J.SOLVER_SOLVABLE_ONE_OF, pool.towhatprovides(sorted(ids(chosen))))
    if selection == "one":
        (s,) = world.named(rest[0])
        return pool.Job(how | J.SOLVER_SOLVABLE, s.id)
    if selection == "one-of":
        chosen = [s for text in rest for s in world.named(text)]
        return pool.Job(how | J.SOLVER_SOLVABLE_ONE_OF, pool.towhatprovides(sorted(ids(chosen))))
    kind = {"name": J.SOLVER_SOLVABLE_NAME, "provides": J.SOLVER_SOLVABLE_PROVIDES}[selection]
    return pool.Job(how | kind, world.dependency(" ".join(rest)).id)


def result_of(world, solver, problems):
    if problems:
        return {"problems": len(problems)}
    transaction = solver.transaction()
    common = T.SOLVER_TRANSACTION_SHOW_OBSOLETES | T.SOLVER_TRANSACTION_CHANGE_IS_REINSTALL
    active = common | T.SOLVER_TRANSACTION_SHOW_ACTIVE | T.SOLVER_TRANSACTION_SHOW_ALL
    kinds = {
        T.SOLVER_TRANSACTION_INSTALL: "install",
        T.SOLVER_TRANSACTION_OBSOLETES: "install",
        T.SOLVER_TRANSACTION_UPGRADE: "upgrade",
        T.SOLVER_TRANSACTION_DOWNGRADE: "downgrade",
        T.SOLVER_TRANSACTION_REINSTALL: "reinstall",
        T.SOLVER_TRANSACTION_ERASE: "erase",
    }
    answer = {name: [] for name in LISTS}
    for s in transaction.steps():
        kind = kinds.get(transaction.steptype(s, active))
        if kind:
            answer[kind].append(world.show(s))
        if transaction.steptype(s, common) == T.SOLVER_TRANSACTION_OBSOLETED:
            answer["obsoleted"].append(world.show(s))
    return {name: sorted(found) for name, found in answer.items()}


def main():
    for line in sys.stdin:
        question = json.loads(line)
        world = World(question)
        if question.get("dnf"):
            answer = Calls(world, question["dnf"]).solve()
        else:
            asked = question["libsolv"]
            solver = make_solver(world, asked["switches"])
            jobs = [command(world, text) for text in asked["commands"]]
            answer = result_of(world, solver, solver.solve(jobs))
        print(json.dumps(answer), flush=True)
    # The module's objects may be freed in an order it does not survive.
    sys.stdout.flush()
    os._exit(0)


main()
