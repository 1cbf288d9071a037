"""Makes up homes, and compares which credentials boto3, the official SDK for Rust and this project find in them.

    homes OURS OFFICIAL SEED COUNT

OURS and OFFICIAL are programs that print what they find. Each home is a folder with files, and variables. Everyone looks at
a home of their own, in a process of their own: tokens that are renewed are written back.
"""

import os
import random
import subprocess
import sys
import tempfile

import botocore.credentials
import botocore.session
import botocore.tokens
import peers
from home import Home
from intended import BOTO3, CERTAIN, INTENDED, OFFICIAL
from kinds import OURS, is_same


class Boto3:
    """boto3, in a fork of this process."""

    def __init__(self, variables):
        reader, writer = os.pipe()
        self.child = os.fork()
        if not self.child:
            os.write(writer, self.find(variables).encode())
            os._exit(0)
        os.close(writer)
        self.pipe = os.fdopen(reader)

    @staticmethod
    def find(variables):
        os.environ.clear()
        os.environ.update(variables)
        # These were computed when the modules were imported.
        cache = os.path.expanduser("~/.aws/sso/cache")
        botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = cache
        botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = cache
        try:
            credentials = botocore.session.Session().get_credentials()
            if credentials is None:
                return "none"
            return f"found {credentials.get_frozen_credentials().access_key}"
        except Exception as error:  # whatever it is, that is the outcome
            return f"failed {type(error).__name__}: {error}"

    def outcome(self):
        with self.pipe as pipe:
            outcome = pipe.read()
        os.waitpid(self.child, 0)
        return outcome


class Program:
    """A program that prints what it finds."""

    def __init__(self, program, variables):
        self.child = subprocess.Popen([program], env=variables, stdout=subprocess.PIPE, text=True)

    def outcome(self):
        outcome, _ = self.child.communicate()
        if self.child.returncode:
            raise SystemExit(f"{self.child.args[0]} has ended with {self.child.returncode}")
        return outcome.strip()


def look(home, ours, official):
    """What everyone finds. They look at the same time."""
    everyone = {OURS: lambda it: Program(ours, it), BOTO3: Boto3, OFFICIAL: lambda it: Program(official, it)}
    with tempfile.TemporaryDirectory() as folder:
        looking = {who: start(home.write(os.path.join(folder, who))) for who, start in everyone.items()}
        return {who: seeker.outcome() for who, seeker in looking.items()}


def main():
    ours, official, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    url = peers.start()
    choose = random.Random(seed)
    failures, outcomes = 0, {}
    for number in range(max(count, len(CERTAIN))):
        home = Home(choose, url, CERTAIN[number] if number < len(CERTAIN) else None)
        found = look(home, ours, official)
        our = found.pop(OURS)
        word = our.split()[0]
        outcomes[word] = outcomes.get(word, 0) + 1
        unwanted = False
        for who, theirs in found.items():
            if not is_same(who, theirs, our):
                wanted = [difference for difference in INTENDED if difference.fits(who, home, theirs, our)]
                for difference in wanted:
                    difference.is_seen = True
                unwanted |= not wanted
        if unwanted:
            failures += 1
            theirs = "".join(f"\n  {who}: {outcome}" for who, outcome in found.items())
            print(f"home {number}: {', '.join(sorted(home.traits))}{theirs}\n  chain: {our}")
    for difference in INTENDED:
        if not difference.is_seen:
            failures += 1
            print(f"never seen of {difference.who}: {difference.reason}")
    print(f"{count} homes of seed {seed}: {outcomes}; {failures} differences that nobody wants")
    sys.exit(failures > 0)


main()
