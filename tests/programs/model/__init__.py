"""`make test-model`: conversations with real weights on a real server, which nobody scripted.

SmolLM2-135M on llama.cpp's own server says nothing about quality, and much about whether calls
arrive, are run or refused in words, and are mended. Needs what requirements-model.txt lists.
"""
