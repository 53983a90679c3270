"""Counts of requests, and the text that Prometheus reads, by prometheus-client.

Only imported with METRICS_TOKEN: loading the library takes as long as loading forms.
"""

import os
from collections.abc import Iterable
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from webapp.adapters.metrics.folder import VARIABLE
from webapp.services.kernel.gauges import Figures

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
disable_created_metrics()  # type: ignore[no-untyped-call] # processes that are added up have none


class RequestMetrics:
    """The requests of this process, told together with those of its server's other processes."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "portal_requests", "Requests by door and answer.", ["endpoint", "status"],
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "portal_request_seconds", "Seconds until the answer is ready.", buckets=BOUNDS,
            registry=self._registry,
        )  # fmt: skip
        self._counter = cache(self._requests.labels)  # one a door and status: a few hundred

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """One more request."""
        self._counter(endpoint, status).inc()
        self._seconds.observe(seconds)

    def text(self, figures: Figures) -> bytes:
        """All counts and the database's figures, in OpenMetrics 1.0 (`content_type`)."""
        told = CollectorRegistry()
        if folder := os.environ.get(VARIABLE):
            MultiProcessCollector(told, folder)  # type: ignore[no-untyped-call]
        else:
            told.register(self._registry)
        told.register(_Gauges(figures))
        return bytes(generate_latest(told))  # type: ignore[no-untyped-call]


class _Gauges(Collector):
    """What the database says, the same from whichever host is asked."""

    def __init__(self, figures: Figures):
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        """One gauge a figure."""
        mails = GaugeMetricFamily("portal_letters", "Mails by state.", labels=["state"])
        for state, count in self._figures.mails.items():
            mails.add_metric([state], count)
        yield mails
        yield GaugeMetricFamily(
            "portal_oldest_letter_seconds",
            "Age of the oldest mail that should have left.",
            value=self._figures.oldest_mail_seconds,
        )
        delays = GaugeMetricFamily(
            "portal_mails_delayed", "Mails tried and not taken yet, by whose fault.", labels=["by"]
        )
        for by, count in self._figures.delays.items():
            delays.add_metric([by], count)
        yield delays
        outcomes = GaugeMetricFamily(
            "portal_mail_outcomes", "Mails by what delivery reports said.", labels=["outcome"]
        )
        for outcome, count in self._figures.outcomes.items():
            outcomes.add_metric([outcome], count)
        yield outcomes
        events = GaugeMetricFamily(
            "portal_events_last_hour", "Events of the journal.", labels=["event"]
        )
        for event, count in sorted(self._figures.events_last_hour.items()):
            events.add_metric([event], count)
        yield events
        desk = GaugeMetricFamily(
            "portal_desk_most_last_hour", "Looks and signs of misuse: the most of one operator.",
            labels=["sign"],
        )  # fmt: skip
        for sign, count in self._figures.desk.items():
            desk.add_metric([sign], count)
        if self._figures.desk:
            yield desk
