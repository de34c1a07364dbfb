"""Show a preview in a merge request, and keep one issue about drift up to date, on GitLab.

    python gitlab_report.py preview preview.txt   # one comment, edited at each preview
    python gitlab_report.py drift drift.md        # one issue, opened or edited
    python gitlab_report.py clean                 # the issue is closed

GITLAB_TOKEN is a project access token with the scope `api`, because the token of a job may do neither. Without it
nothing is sent, and the report is in the job's log alone. Everything else is what GitLab sets in each job.
"""

import os
import sys
from pathlib import Path
from typing import Any

import requests

MARK = "<!-- pulumi-spectrum preview -->"
LABEL = "spectrum-drift"
LONGEST = 60_000
"""Characters of a report. Longer ones are cut: GitLab holds a million, and nobody reads them."""


class GitLab:
    """The API of the project that the job belongs to."""

    def __init__(self, token: str) -> None:
        self._session = requests.Session()
        self._session.headers["PRIVATE-TOKEN"] = token
        self._url = f"{os.environ['CI_API_V4_URL']}/projects/{os.environ['CI_PROJECT_ID']}"

    def send(self, method: str, path: str, **fields: Any) -> Any:
        """Send a request and return what is answered. `fields` go into the query of a GET, and else into the body."""
        query, body = (fields, None) if method == "GET" else (None, fields)
        response = self._session.request(method, f"{self._url}{path}", params=query, json=body, timeout=30)
        response.raise_for_status()
        return response.json()

    def show_preview(self, text: str) -> None:
        """Put a preview into the merge request's one comment."""
        notes = f"/merge_requests/{os.environ['CI_MERGE_REQUEST_IID']}/notes"
        body = f"{MARK}\n### Preview of `{os.environ['PULUMI_STACK']}`\n\n~~~~diff\n{text[:LONGEST]}\n~~~~\n"
        listed = self.send("GET", notes, per_page=100, sort="asc")
        ours = [note["id"] for note in listed if note["body"].startswith(MARK)]
        if ours:
            self.send("PUT", f"{notes}/{ours[0]}", body=body)
        else:
            self.send("POST", notes, body=body)

    def show_drift(self, report: str | None) -> None:
        """Open or edit the one issue with a report, or close it where there is none."""
        run = os.environ["CI_JOB_URL"]
        ours = [issue["iid"] for issue in self.send("GET", "/issues", labels=LABEL, state="opened")]
        if report is None:
            for iid in ours:
                self.send("POST", f"/issues/{iid}/notes", body=f"No drift any more: {run}")
                self.send("PUT", f"/issues/{iid}", state_event="close")
            return
        description = f"{report[:LONGEST]}\n\nFound by {run}\n"
        if ours:
            self.send("PUT", f"/issues/{ours[0]}", description=description)
        else:
            title = f"Spectrum drift in {os.environ['PULUMI_STACK']}"
            self.send("POST", "/issues", title=title, description=description, labels=LABEL)


def main() -> None:
    """Do what the arguments say."""
    what, *files = sys.argv[1:]
    if not os.environ.get("GITLAB_TOKEN"):
        print("GITLAB_TOKEN is not set, so the report is in this log alone.")
        return
    gitlab = GitLab(os.environ["GITLAB_TOKEN"])
    try:
        if what == "preview":
            gitlab.show_preview(Path(files[0]).read_text(encoding="utf-8"))
        else:
            gitlab.show_drift(Path(files[0]).read_text(encoding="utf-8") if what == "drift" else None)
    except requests.RequestException as error:
        # What is shown must not decide over the job, and a message of requests holds no header.
        print(f"Warning: GitLab did not take the report: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
