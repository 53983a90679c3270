"""What is read from a report of Lighthouse."""

from bench.pages.lighthouse import reading

REPORT = {
    "audits": {
        "first-contentful-paint": {"numericValue": 700.5, "score": 1},
        "largest-contentful-paint": {"numericValue": 900.0, "score": 1},
        "total-blocking-time": {"numericValue": 0, "score": 1},
        "cumulative-layout-shift": {"numericValue": 0, "score": 1},
        "is-crawlable": {"score": 0},
        "network-requests": {
            "details": {
                "items": [
                    {"url": "http://x/connexion", "resourceType": "Document", "transferSize": 900},
                    {"url": "http://x/a.css", "resourceType": "Stylesheet", "transferSize": 300},
                    {"url": "http://x/b.css", "resourceType": "Stylesheet", "transferSize": 200},
                    {"url": "data:,", "resourceType": "Image", "transferSize": 0},
                ]
            }
        },
    },
    "categories": {
        "performance": {
            "score": 1,
            "auditRefs": [{"id": "first-contentful-paint", "weight": 10}],
        },
        "seo": {"score": 0.66, "auditRefs": [{"id": "is-crawlable", "weight": 4}]},
    },
}


def test_a_report_is_read():
    found = reading(REPORT)
    assert (found.fcp, found.lcp, found.cls) == (700.5, 900.0, 0)
    assert found.scores == {"performance": 100, "seo": 66}
    assert (found.requests, found.bytes, found.sizes["CSS"]) == (3, 1400, 500)
    assert found.missed == ("is-crawlable",)
    assert found.asked[0] == "/connexion 900"
