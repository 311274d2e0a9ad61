"""The store on PostgreSQL: what holds on SQLite holds there, and two processes share it."""

import itertools
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from postgres_server import find_programs, server
from test_jobs import (
    test_a_case_of_another_owner_is_not_run,
    test_a_job_is_run_told_and_its_outcome_kept,
    test_cancelling_between_steps_stops_the_work_and_keeps_nothing,
    test_deleting_the_case_of_a_running_job_stops_it,
    test_first_come_first_served_and_the_position_is_told,
)
from test_store import (
    test_a_case_deleted_while_its_result_is_written_stays_deleted,
    test_an_owner_sees_only_their_own,
    test_models_and_migrations_agree,
    test_times_are_utc,
    test_values_come_back_as_they_went_in,
)
from test_store_series import (
    cases,
    test_an_owner_sees_only_their_own_series,
    test_reads_come_back_and_stand,
)

from petgen.case import InputError, Step
from petgen.jobs import LocalPool
from petgen.store import LOCAL, Store, UnreachableError, items_of
from petgen.store.migrate import revision_of
