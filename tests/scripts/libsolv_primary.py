"""Prints what libsolv's reader makes of primary.xml files.

Reads paths from stdin and writes for each, in the order of the file, a line for
each package (name, evr, arch), followed by its sorted dependencies and files.
"""
import sys

import solv

KINDS = [
    ("Provides", solv.SOLVABLE_PROVIDES),
    ("Requires", solv.SOLVABLE_REQUIRES),
    ("Conflicts", solv.SOLVABLE_CONFLICTS),
    ("Obsoletes", solv.SOLVABLE_OBSOLETES),
    ("Recommends", solv.SOLVABLE_RECOMMENDS),
    ("Suggests", solv.SOLVABLE_SUGGESTS),
    ("Supplements", solv.SOLVABLE_SUPPLEMENTS),
    ("Enhances", solv.SOLVABLE_ENHANCES),
]


def main():
    for line in sys.stdin:
        path = line.rstrip("\n")
        pool = solv.Pool()
        pool.setdisttype(solv.Pool.DISTTYPE_RPM)
        repo = pool.add_repo("test")
        if not repo.add_rpmmd(solv.xfopen(path), None):
            sys.exit(path + ": " + pool.errstr)
        print("#", path)
        for s in repo.solvables:
            print(s.name, s.evr, s.arch, s.lookup_checksum(solv.SOLVABLE_CHECKSUM))
            for name, key in KINDS:
                texts = {str(dep) for dep in s.lookup_deparray(key)}
                if key == solv.SOLVABLE_REQUIRES:
                    before = [str(dep) for dep in s.lookup_deparray(key, 1)]
                    texts = {str(dep) for dep in s.lookup_deparray(key, -1)} | {
                        "pre " + text for text in before}
                for text in sorted(texts):
                    # Rich ones are normalised; reading them is another matter.
                    if "(" != text.removeprefix("pre ")[:1]:
                        print(" ", name, text)
            flags = solv.Dataiterator.SEARCH_FILES | solv.Dataiterator.SEARCH_COMPLETE_FILELIST
            for found in s.Dataiterator(solv.SOLVABLE_FILELIST, None, flags):
                print("  File", found.str)


main()
