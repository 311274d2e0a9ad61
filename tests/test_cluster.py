"""A real Ray of this machine with stand-in work: what dies is done again, once, and nothing else is."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import nullcontext
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from petgen import __version__
from petgen.batch import run_batch, run_batch_on_workers
from petgen.batch.person import Job
from petgen.batch.workers import load_for
from petgen.case import InputError
from petgen.cluster import RAY_ADDRESS, Cluster, Crew
from petgen.cluster.join import Share, shares
from petgen.models import load_models
from tests import cluster_work

if find_spec("ray") is None:
    pytest.skip("needs Ray, and Ray its settings before it is imported", allow_module_level=True)


@pytest.fixture(scope="module")
def cluster():
    before = dict(os.environ)
    os.environ.pop(RAY_ADDRESS, None)
    with Cluster(workers=2) as cluster:
        yield cluster
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def crew(cluster):
    crew = Crew(cluster, cluster_work.nothing, lambda _: None)
    yield crew
    crew.close()


def begun(folder: Path) -> dict[str, int]:
    return {file.name: len(file.read_text().splitlines()) for file in folder.iterdir()}


def test_a_cluster_at_an_address_is_joined(cluster):
    import ray

    code = (
        "from tests import cluster_work; from petgen.cluster import Cluster, Crew\n"
        "with Cluster() as cluster:\n"
        "    crew = Crew(cluster, cluster_work.nothing, print)\n"
        "    print(len(cluster.shares), [ended.problem for ended in crew.run(cluster_work.echo, ['any'])])"
    )
    address = ray.get_runtime_context().gcs_address
    root = str(Path(__file__).parents[1])
    environment = {**os.environ, RAY_ADDRESS: address, "PYTHONPATH": root}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "2 ['']"


def test_every_task_is_done_once_by_workers_beside_each_other(crew, tmp_path):
    tasks = [f"fine{number}" for number in range(12)]
    found = list(crew.run(partial(cluster_work.note, str(tmp_path)), tasks))
    assert {ended.task: ended.value for ended in found} == {task: task.upper() for task in tasks}
    assert begun(tmp_path) == dict.fromkeys(tasks, 1)
    assert os.getpid() not in {ended.pid for ended in found}


def test_a_task_whose_worker_dies_is_done_by_another_and_one_that_kills_is_given_up(crew, tmp_path):
    tasks = ["unlucky", "poison", "fine1", "fine2", "refused", "broken"]
    found = {ended.task: ended for ended in crew.run(partial(cluster_work.note, str(tmp_path)), tasks)}
    assert begun(tmp_path) == {"unlucky": 2, "poison": 3, "fine1": 1, "fine2": 1, "refused": 1, "broken": 1}
    assert [found[task].value for task in ("unlucky", "fine1", "fine2")] == ["UNLUCKY", "FINE1", "FINE2"]
    assert found["poison"].problem.startswith("3 workers died of it")
    assert found["refused"].problem == "no brain. Look at it."
    assert "KeyError at cluster_work.py" in found["broken"].problem
    assert "patient" not in found["broken"].problem


def test_a_worker_killed_from_outside_costs_the_task_in_its_hands_and_no_other(crew, tmp_path):
    running = crew.run(partial(cluster_work.note, str(tmp_path)), ["fine1", "slow", "fine2"])
    ended = [next(running), next(running)]
    until = time.monotonic() + 10
    while not (tmp_path / "slow").exists() and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(int((tmp_path / "slow").read_text()), signal.SIGKILL)
    ended += running
    assert Counter(each.value for each in ended) == Counter(["FINE1", "FINE2", "SLOW"])
    assert begun(tmp_path) == {"fine1": 1, "slow": 2, "fine2": 1}


def test_a_worker_keeps_to_its_cores(crew):
    (found,) = crew.run(cluster_work.threads, ["any"])
    assert set(found.value.values()) == {1}


@pytest.mark.timeout(600)
def test_a_dataset_over_workers_has_the_results_of_one_process(cluster, simulated, tmp_path, monkeypatch):
    """On the cluster that is open, as Ray takes one session a process; its cores are held by the other workers."""
    monkeypatch.setattr("petgen.batch.workers.Cluster", lambda workers, cores: nullcontext(cluster))
    monkeypatch.setattr(cluster, "shares", [Share(0)])
    chosen, said = ["test00001"], []
    there = run_batch_on_workers(simulated, tmp_path / "there", said.append, only=chosen)
    here = run_batch(simulated, tmp_path / "here", load_models(), said.append, only=chosen)
    assert [(each.name, each.state) for each in there] == [(each.name, "done") for each in here]
    for one, other in zip(there, here, strict=True):
        assert one.row["centiloid"] == pytest.approx(other.row["centiloid"], abs=0.1)
    assert any("worker" in line and "(1 of 1): done" in line for line in said)
    assert not list(tmp_path.glob("there/.sub-*"))


def test_a_worker_of_another_petgen_or_without_the_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="a worker has petgen"):
        load_for(Job(tmp_path, tmp_path), "0.0.0")
    with pytest.raises(InputError, match="does not see this file"):
        load_for(Job(tmp_path, tmp_path), __version__)


def test_nobody_else_can_reach_it(cluster):
    ours = [psutil.Process(), *psutil.Process().children(recursive=True)]
    doors = [door for each in ours for door in each.net_connections("tcp") if door.status == psutil.CONN_LISTEN]
    assert doors
    assert {door.laddr.ip.removeprefix("::ffff:") for door in doors} <= {"127.0.0.1", "::1"}
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"


def test_models_that_cannot_be_loaded_are_told_once(cluster, monkeypatch):
    monkeypatch.setattr(cluster, "shares", [Share(0)])
    tries = ((cluster_work.refused, "weights are damaged"), (cluster_work.dies_at_start, "before they were"))
    for load, words in tries:
        crew = Crew(cluster, load, lambda _: None)
        with pytest.raises(InputError, match=words):
            list(crew.run(cluster_work.echo, ["any"]))
        crew.close()


def test_an_address_where_nobody_is_is_told(monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv(RAY_ADDRESS, address)
    with pytest.raises(InputError, match=f"{address}: Ray did not start.*Look whether the cluster runs"):
        Cluster()


def test_without_ray_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delenv(RAY_ADDRESS, raising=False)
    with pytest.raises(InputError, match=r'pip install "petgen\[cluster\]"'):
        Cluster(workers=1)


def node(**resources):
    return {"Alive": True, "Resources": resources}


def test_there_is_a_worker_for_every_device():
    nodes = [node(CPU=8.0, GPU=2.0), node(CPU=5.0), {"Alive": False, "Resources": {"CPU": 64.0}}]
    assert shares(nodes, None, 2) == [Share(2, 1.0)] * 2 + [Share(2)] * 2
    assert shares(nodes, 3, 2) == [Share(2, 1.0)] * 2 + [Share(2)]
    assert shares([node(CPU=8.0, GPU=1.0)], 4, 1) == [Share(1, 0.25)] * 4
    with pytest.raises(InputError, match="no node has 9 cores"):
        shares([node(CPU=8.0)], None, 9)
