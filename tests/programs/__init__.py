"""What is run beside the tests: the corpus, what needs Node, the demo, the benchmarks."""
