"""N users with this package."""

import os

import pulumi_spectrum as spectrum

for number in range(int(os.environ["BENCH_USERS"])):
    spectrum.User(f"user-{number}", phone_number=f"+1415{5000000 + number}", first_name=f"User {number}")
