"""CPU and memory as /proc tells them."""

import os

from bench import processes


def test_the_cpu_of_a_process_whose_name_has_spaces_and_brackets():
    fields = "S 1 2 3 4 5 6 7 8 9 10 100 50 30 20 0 0"
    ticks = os.sysconf("SC_CLK_TCK")
    assert processes.cpu_of(f"42 (a (b) c) {fields}") == 200 / ticks


def test_a_process_that_has_ended_costs_nothing():
    assert processes.cpu_seconds(2**22 + 1) == 0


def test_this_process_has_memory():
    resident, proportional = processes.memory(os.getpid())
    assert resident > 1_000_000
    assert proportional > 1_000_000
