"""N resources of a provider that does nothing: what the engine, the host and the program cost by themselves."""

import os

from nothing import Nothing

for number in range(int(os.environ["BENCH_USERS"])):
    Nothing(f"user-{number}", f"+1415{5000000 + number}", f"User {number}")
