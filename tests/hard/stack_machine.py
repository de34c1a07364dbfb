"""Random lives of a stack: what people, strangers, the service and the network do with it.

Each rule is one such thing. The rules only ever use what the tables of `choices` say of a kind, so a new kind takes
part once it has its rows there. `stack_life` has the stack, and what has to be true after each step.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial

from choices import PLACES, VALUES
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from kind_samples import KINDS
from request_faults import faults
from stack_life import OTHER_PROGRAM, OTHERS, StackLife
from stack_records import Declared

from pulumi_spectrum.emulator import Fault

kinds = st.sampled_from(sorted(VALUES))
numbers = st.integers(0, 9)


class StackMachine(StackLife):
    """One stack of one project, and all that can happen to it."""

    # What a program says

    @rule(kind=kinds, picks=st.lists(numbers, min_size=8, max_size=8), left_out=st.sets(st.integers(0, 7)))
    def declare(self, kind: str, picks: list[int], left_out: set[int]) -> None:
        """Add a resource to the program."""
        arguments = {
            name: values[picks[place] % len(values)]
            for place, (name, values) in enumerate(VALUES[kind].items())
            if values and (place not in left_out or KINDS[kind].is_required(name))
        }
        if arguments.get("type") == "dedicated":
            self._give_line(arguments)
        self._declare(Declared(f"r{self.named}", kind, arguments))

    @precondition(lambda self: self._editable())
    @rule(data=st.data(), number=numbers)
    def change_argument(self, data: st.DataObject, number: int) -> None:
        """Give an argument of a resource another value."""
        declared = self._draw(data)
        name = data.draw(st.sampled_from(sorted(VALUES[declared.kind])))
        values = VALUES[declared.kind][name]
        if values:
            arguments = {**declared.arguments, name: values[number % len(values)]}
            if arguments.get("type") == "dedicated":
                self._give_line(arguments)
            elif declared.kind == "user":
                arguments.pop("assignedPhoneNumber", None)
            self._declare(replace(declared, arguments=arguments))

    @precondition(lambda self: self._editable())
    @rule(data=st.data())
    def unset_argument(self, data: st.DataObject) -> None:
        """Leave an argument out of the program."""
        declared = self._draw(data)
        if declared.arguments:
            name = data.draw(st.sampled_from(sorted(declared.arguments)))
            arguments = {each: value for each, value in declared.arguments.items() if each != name}
            self._declare(replace(declared, arguments=arguments))

    @precondition(lambda self: self._editable())
    @rule(data=st.data())
    def swap_identities(self, data: st.DataObject) -> None:
        """Let two resources exchange what the API knows their objects by."""
        one = self._draw(data)
        other = data.draw(
            st.sampled_from([self.program[name] for name in self._editable() if self.program[name].kind == one.kind])
        )
        names = [name for name, each in KINDS[one.kind].facts().items() if each.identifies]
        if one.name == other.name or not names:
            return
        swapped = [
            replace(mine, arguments={**mine.arguments, **{name: theirs.arguments[name] for name in names}})
            for mine, theirs in ((one, other), (other, one))
        ]
        if not any(self._problems(each) for each in swapped):
            self.program |= {each.name: each for each in swapped}

    @precondition(lambda self: self._editable())
    @rule(data=st.data())
    def ignore_argument(self, data: st.DataObject) -> None:
        """Set or unset the option `ignore_changes` for one argument."""
        declared = self._draw(data)
        name = data.draw(st.sampled_from(sorted(VALUES[declared.kind])))
        ignored = set(declared.ignored) ^ {name}
        self.program[declared.name] = replace(declared, ignored=tuple(sorted(ignored)))

    @precondition(lambda self: self._editable())
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        """Rename a resource, with an alias."""
        declared = self._draw(data)
        if any(declared.name in each.needs for each in self.program.values()):
            return
        renamed = replace(declared, name=f"r{self.named}", aliases=(*declared.aliases, declared.name))
        del self.program[declared.name]
        self.named += 1
        self.program[renamed.name] = renamed

    @precondition(lambda self: self._editable())
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """Take a resource out of the program."""
        declared = self._draw(data)
        if not any(declared.name in each.needs for each in self.program.values()):
            del self.program[declared.name]

    # What people run

    @rule(injected=faults, refresh=st.booleans(), serial=st.booleans())
    def up(self, injected: list[Fault], refresh: bool, serial: bool) -> None:
        """Run `pulumi up`."""
        self._run(lambda: self.engine.up(self._listed(), refresh=refresh), injected, serial=serial, refreshes=refresh)

    @precondition(lambda self: self.engine.state)
    @rule(data=st.data(), injected=faults, serial=st.booleans(), delete_first=st.booleans())
    def replace_by_force(self, data: st.DataObject, injected: list[Fault], serial: bool, delete_first: bool) -> None:
        """Run `pulumi up` and have a resource replaced, with the option `delete_before_replace` or without it."""
        # The CLI refuses a target that is not in the state under its name of now.
        targets = sorted({entry.name for entry in self.engine.state} & set(self._editable()))
        if not targets:
            return
        name = data.draw(st.sampled_from(targets))
        program = [
            replace(each, delete_first=True) if delete_first and each.name == name else each for each in self._listed()
        ]
        # Without the option the new object is made first, and one that is known by its identity is there already.
        self.may_fail = self.may_fail or not delete_first
        self._run(lambda: self.engine.up(program, replaced=[name]), injected, serial=serial)

    @precondition(lambda self: self.world.time)
    @rule(
        injected=faults, refresh=st.booleans(), acts=st.lists(st.sampled_from(sorted(OTHERS)), min_size=1, max_size=3)
    )
    def up_while_others_act(self, injected: list[Fault], refresh: bool, acts: list[str]) -> None:
        """Run `pulumi up`, and while it waits to send a request again, others make and delete things."""
        assert self.world.time is not None
        self.certain = False
        self.world.time.meanwhile += [partial(self._act, act) for act in acts]
        self._run(lambda: self.engine.up(self._listed(), refresh=refresh), injected)

    @rule(injected=faults, makes=st.booleans())
    def another_stack_runs(self, injected: list[Fault], makes: bool) -> None:
        """Somebody runs another stack of the same project on this machine."""
        self.world.disturb(injected)
        self._run_other(OTHER_PROGRAM if makes else [])
        self.world.quieten()

    @rule(injected=faults)
    def refresh(self, injected: list[Fault]) -> None:
        """Run `pulumi refresh`."""
        self._run(self.engine.refresh, injected, refreshes=True)

    @rule(injected=faults, refresh=st.booleans(), checks=st.booleans())
    def preview(self, injected: list[Fault], refresh: bool, checks: bool) -> None:
        """Run `pulumi preview`, which may look into the project, and changes nothing."""
        held = self._held()
        self.world.disturb(injected)
        self._record(self.engine.preview(self._listed(), refresh=refresh, checks=checks))
        self.world.quieten()
        assert self._held() == held, "a preview has changed the service"

    @rule(injected=faults, serial=st.booleans())
    def destroy(self, injected: list[Fault], serial: bool) -> None:
        """Run `pulumi destroy`."""
        certain = self.certain and self.other_certain
        run = self._run(self.engine.destroy, injected, serial=serial)
        if not run.failed:
            assert self.engine.state == []
            # What the option `import_` names is gone now.
            self.program = {name: replace(each, imported=None) for name, each in self.program.items()}
        if not run.failed and certain:
            self._assert_service_as_known()

    @precondition(lambda self: self.world.time)
    @rule(seconds=st.sampled_from([1, 30, 100_000]))
    def wait(self, seconds: int) -> None:
        """Let time go by."""
        assert self.world.time is not None
        self.world.time.now += seconds

    # What others do

    @precondition(lambda self: self.engine.state)
    @rule(data=st.data(), number=numbers)
    def change_behind_the_back(self, data: st.DataObject, number: int) -> None:
        """Somebody changes an object by hand."""
        entry = self._draw_live(data)
        if entry is not None:
            PLACES[entry.kind].change(self.project, entry.id, number)
            self.certain = False

    @precondition(lambda self: self.engine.state)
    @rule(data=st.data(), made_again=st.booleans())
    def delete_behind_the_back(self, data: st.DataObject, made_again: bool) -> None:
        """Somebody deletes an object by hand, and perhaps makes another one in its place."""
        entry = self._draw_live(data)
        if entry is None:
            return
        place = PLACES[entry.kind]
        place.remove(self.project, entry.id)
        self.certain = False
        if made_again and place.add is not None:
            # The new one of a singleton has the id that the state knows, so it is the resource's own again.
            made = place.add(self.project, entry.inputs)
            if made != entry.id:
                self._meet_stranger(entry.kind, made)

    @rule(kind=kinds, picks=st.lists(numbers, min_size=8, max_size=8))
    def stranger_makes(self, kind: str, picks: list[int]) -> None:
        """Somebody makes an object by hand that has an identity of no resource."""
        arguments = {
            name: values[picks[place] % len(values)]
            for place, (name, values) in enumerate(VALUES[kind].items())
            if values
        }
        place = PLACES[kind]
        if place.add is None or (KINDS[kind]._lifecycle.singleton and place.ids(self.project)):
            return
        identity = KINDS[kind]._lifecycle.identity({**arguments, "type": "shared"})
        taken = self._live_identities(kind)
        taken |= {self._identity(each) for each in self.program.values() if each.kind == kind}
        if identity is None or identity not in taken:
            self._meet_stranger(kind, place.add(self.project, arguments))

    @precondition(lambda self: self.strangers)
    @rule(data=st.data(), ignored=st.booleans())
    def import_stranger(self, data: st.DataObject, ignored: bool) -> None:
        """Declare an object of a stranger with the option `import_`."""
        kind, object_id = data.draw(st.sampled_from(sorted(self.strangers)))
        live = next(each for each in self.workplace.read_all(kind) if each.id == object_id)
        arguments = KINDS[kind].arguments_to_write(KINDS[kind].inputs_for(live))
        left = [name for name in arguments if not KINDS[kind].is_required(name)]
        names = tuple(left[:1]) if ignored else ()
        if self._declare(Declared(f"r{self.named}", kind, arguments, imported=object_id, ignored=names)):
            self._offer(kind, object_id)

    @precondition(lambda self: any(each.imported for each in self.program.values()))
    @rule(data=st.data())
    def drop_import_option(self, data: st.DataObject) -> None:
        """Take the option `import_` out of the program."""
        declared = data.draw(st.sampled_from([each for each in self.program.values() if each.imported]))
        self.program[declared.name] = replace(declared, imported=None)
        # Without the option, what was not imported yet is to be created, and is there already.
        self.may_fail = True

    # What has to be true

    @invariant()
    def no_object_is_held_twice(self) -> None:
        """No two resources hold one object, unless one of them waits for its deletion."""
        held = Counter(
            (entry.kind, entry.id) for entry in self._entries() if not entry.delete and not entry.replaced_first
        )
        assert [each for each, times in held.items() if times > 1] == []

    @invariant()
    def strangers_keep_what_they_made(self) -> None:
        """What a stranger has made, and nobody was told to take over, is as it was."""
        for (kind, object_id), row in self.strangers.items():
            assert PLACES[kind].row(self.project, object_id) == row, f"{kind} {object_id} of a stranger"

    @invariant()
    def secrets_stay_secret(self) -> None:
        """No secret was shown, or is in the state where the engine does not encrypt it."""
        secrets = self.world.emulator.given_secrets
        shown = self.workplace.printed()
        assert not [secret for secret in secrets if secret in shown], "a secret was shown"
        for stack in (self.engine, self.other):
            readable = stack.readable_state()
            assert not [secret for secret in secrets if secret in readable], "the state has a secret in plain text"
