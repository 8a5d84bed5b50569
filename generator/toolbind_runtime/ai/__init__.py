"""The model's side: endpoints, bodies, answers, streams, `WorkersAI`, a Worker's binding.

Imports from the package: everything but client, conversation and api.
"""
