"""Whatever happens in whatever order, a listing never tells what is older than an own write."""

from dataclasses import dataclass, replace

from fake_time import FakeTime
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pulumi_spectrum.client.list_cache import SETTLING_SECONDS, FetchedList, ListCache

IDS = st.sampled_from(["a", "b", "c"])
PHASES = st.sampled_from(["before the list", "after the list"])


@dataclass(frozen=True)
class Row:
    id: str
    version: int

    @property
    def key(self) -> int:
        return self.version % 3


class Service(RuleBasedStateMachine):
    """A service with some rows, changed by us and by others, also while a list of ours is on its way."""

    @initialize()
    def start(self) -> None:
        self.time = FakeTime(tick=0.001)
        self.rows: dict[str, Row] = {}
        self.counter = 0
        self.ours: dict[str, tuple[float, int | None]] = {}  # when, and the version, or None for a deletion
        self.meanwhile: list[tuple[str, str]] = []
        self.hidden: dict[str, float] = {}  # new rows that lists lack until then
        self.listing: ListCache[Row] = ListCache(
            self.fetch, id_of=lambda row: row.id, key_of=lambda row: row.key, clock=self.time.clock
        )

    def fetch(self) -> FetchedList[Row]:
        waiting, self.meanwhile = self.meanwhile, []
        for phase, row_id in waiting:
            if phase == "before the list":
                self.write(row_id)
        rows = [row for row in self.rows.values() if self.hidden.get(row.id, 0) <= self.time.now]
        for phase, row_id in waiting:
            if phase == "after the list":
                self.write(row_id)
        return FetchedList(rows)

    def next_version(self) -> int:
        self.counter += 1
        return self.counter

    @rule(row_id=IDS)
    def write(self, row_id: str) -> None:
        """We create or change a row."""
        row = Row(row_id, self.next_version())
        self.rows[row_id] = row
        self.listing.put(row)
        self.ours[row_id] = (self.time.now, row.version)

    @rule(row_id=IDS)
    def create_behind_the_lists(self, row_id: str) -> None:
        """We create a row that the service's lists show only after a while."""
        if row_id not in self.rows:
            self.write(row_id)
            self.hidden[row_id] = self.time.now + SETTLING_SECONDS / 2

    @rule(row_id=IDS)
    def delete(self, row_id: str) -> None:
        """We delete a row."""
        self.rows.pop(row_id, None)
        self.listing.drop(row_id)
        self.ours[row_id] = (self.time.now, None)

    @rule(row_id=IDS)
    def others_change(self, row_id: str) -> None:
        """Others change a row."""
        if row_id in self.rows:
            self.rows[row_id] = replace(self.rows[row_id], version=self.next_version())

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def others_delete(self, data: st.DataObject) -> None:
        """Others delete a row."""
        row_id = data.draw(st.sampled_from(sorted(self.rows)))
        del self.rows[row_id]

    @rule(phase=PHASES, row_id=IDS)
    def write_during_the_next_list(self, phase: str, row_id: str) -> None:
        """We shall write while a list is on its way."""
        self.meanwhile.append((phase, row_id))

    @rule(seconds=st.sampled_from([0.5, 4.0, 6.0, 11.0]))
    def pass_time(self, seconds: float) -> None:
        self.time.now += seconds

    @rule(max_age=st.sampled_from([0, 1, 10]))
    def read_all(self, max_age: float) -> None:
        """Every row that is told is at least as new as our last write of it, and what we deleted is not told."""
        for row in self.listing.rows(max_age=max_age).rows:
            self.is_new_enough(row)

    @rule(key=st.integers(0, 2), max_age=st.sampled_from([0, 1, 10]))
    def read_by_key(self, key: int, max_age: float) -> None:
        """The rows of a key have that key, and are as new as any."""
        for row in self.listing.with_key(key, max_age=max_age):
            assert row.key == key
            self.is_new_enough(row)

    @rule(row_id=IDS)
    def find(self, row_id: str) -> None:
        """A row is told gone only when it is gone, and found only as new as our last write."""
        found = self.listing.find(row_id)
        if found is not None:
            self.is_new_enough(found)
        else:
            assert row_id not in self.rows

    def is_new_enough(self, row: Row) -> None:
        written, version = self.ours.get(row.id, (0.0, 0))
        if version is not None:
            assert row.version >= version
        else:
            assert self.time.now - written > SETTLING_SECONDS or row.id in self.rows

    @invariant()
    def what_is_remembered_stays_small(self) -> None:
        """Writes that no list can miss any more are forgotten."""
        if hasattr(self, "listing"):
            assert len(self.listing._writes) <= 3


TestListing = Service.TestCase
TestListing.settings = settings(
    max_examples=min(60, settings.default.max_examples), stateful_step_count=30, deadline=None
)
