"""N resources of a provider that does nothing, with as many properties as a user of this package has."""

import os

from shaped import Shaped

for number in range(int(os.environ["BENCH_USERS"])):
    Shaped(f"user-{number}", f"+1415{5000000 + number}", f"User {number}")
