"""N users with the retrying provider."""

import os

from users import User

for number in range(int(os.environ["BENCH_USERS"])):
    User(f"user-{number}", f"+1415{5000000 + number}", f"User {number}")
