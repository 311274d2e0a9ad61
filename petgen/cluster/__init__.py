"""Workers on a Ray cluster, or on a small one of this machine: each holds the models and takes one task at a time."""

from petgen.cluster.crew import Crew, Ended
from petgen.cluster.join import RAY_ADDRESS, Cluster
from petgen.cluster.worker import Answer, Worker

__all__ = ["RAY_ADDRESS", "Answer", "Cluster", "Crew", "Ended", "Worker"]
