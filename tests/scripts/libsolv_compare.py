"""Answers, through python3-solv, how libsolv compares versions and matches dependencies.

Reads lines from stdin and writes one answer a line:
    evr A B            -1, 0 or 1
    dep PROVIDE|WANTED 1 where the provide satisfies the dependency, else 0
"""
import sys

import solv

FLAGS = {
    "<": solv.REL_LT,
    "<=": solv.REL_LT | solv.REL_EQ,
    "=": solv.REL_EQ,
    ">=": solv.REL_GT | solv.REL_EQ,
    ">": solv.REL_GT,
}


def dependency(pool, text):
    words = text.split()
    dep = pool.Dep(words[0])
    return dep if len(words) == 1 else dep.Rel(FLAGS[words[1]], pool.Dep(words[2]))


def main():
    pool = solv.Pool()
    pool.setdisttype(solv.Pool.DISTTYPE_RPM)
    repo = pool.add_repo("test")
    a, b = repo.add_solvable(), repo.add_solvable()
    for solvable in (a, b):
        solvable.name, solvable.arch = "x", "noarch"
    for line in sys.stdin:
        kind, rest = line.rstrip("\n").split(" ", 1)
        if kind == "evr":
            a.evr, b.evr = rest.split(" ")
            print(a.evrcmp(b))
        else:
            provide, wanted = rest.split("|")
            provider = repo.add_solvable()
            provider.name, provider.evr, provider.arch = "p", "0", "noarch"
            provider.add_deparray(solv.SOLVABLE_PROVIDES, dependency(pool, provide))
            matches = provider.matchesdep(solv.SOLVABLE_PROVIDES, dependency(pool, wanted))
            print(1 if matches else 0)


main()
