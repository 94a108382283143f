"""Parsing: YAML text in, nodes that know their lines and plain values out, or the one fault.

Nothing that can be typed or sent makes this slow: the size is bounded, nesting is bounded, and
references may not unfold to more than a file of that size could say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from app.rounds.cross import Location
from app.rounds.faults import Fault

MOST_BYTES = 300_000  # the shipped file has 40,000
MOST_DEEP = 24  # a criterion's evidence lies six deep
MOST_ENTRIES = 60_000  # of which the shipped file has 3,000, references unfolded
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, ten times as quick where the C library is there."""


def _day(loader: Any, node: yaml.ScalarNode) -> object:
    """A day; one that does not exist (30 February) stays text, which is then told with its line."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


class Unfit(Exception):
    """It cannot be read any further."""

    def __init__(self, line: int, code: str, **facts: object) -> None:
        super().__init__(code)
        self.fault = Fault(line, "", code, facts)


def decoded(content: bytes | str) -> str:
    """The text as it is.  Raises Unfit: too large, not UTF-8, characters that no text may hold."""
    size = len(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
    if size > MOST_BYTES:
        raise Unfit(1, "too_large", most=MOST_BYTES // 1000)
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        raise Unfit(error.object.count(b"\n", 0, error.start) + 1, "not_utf8") from None
    text = text.removeprefix("\ufeff")
    if odd := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        raise Unfit(line, "control", sign=f"{ord(odd[0]):04X}")
    return text


def parsed(text: str) -> tuple[yaml.MappingNode, dict[str, Any]]:
    """Nodes and plain values.  Raises Unfit: no YAML, no mapping, nested or repeating too much."""
    loader = None
    try:
        alias_line = _look_ahead(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise Unfit(1, "empty")
        if not isinstance(node, yaml.MappingNode):
            raise Unfit(node.start_mark.line + 1, "not_a_programme")
        if alias_line and _unfolded(node, alias_line, {}) > MOST_ENTRIES:
            raise Unfit(alias_line, "expands")
        return node, loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = error.problem or error.context or "?"
        raise Unfit(mark.line + 1 if mark else 1, "yaml", why=why) from None
    except RecursionError:
        raise Unfit(1, "too_deep") from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise Unfit(1, "yaml", why=error) from None
    finally:
        if loader is not None:
            loader.dispose()


def _look_ahead(text: str) -> int:
    """The line of the first reference, 0 if there is none; refuses what is nested too deeply."""
    depth, first = 0, 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MOST_DEEP:
                raise Unfit(_begins(event), "too_deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent) and not first:
            first = _begins(event)
    return first


def _begins(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _unfolded(node: yaml.Node, alias_line: int, known: dict[int, int]) -> int:
    """How many entries the node is with all references written out."""
    if known.get(id(node)) == 0:
        raise Unfit(alias_line, "circular")
    if id(node) not in known:
        known[id(node)] = 0
        known[id(node)] = 1 + sum(_unfolded(each, alias_line, known) for each in _inside(node))
    return known[id(node)]


def _inside(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield value
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def written_twice(node: yaml.Node, seen: set[int] | None = None) -> Iterator[Fault]:
    """A mapping that holds a key twice: YAML would quietly keep the last."""
    seen = set() if seen is None else seen
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, _value in node.value:
            line = key.start_mark.line + 1
            if key.tag != "tag:yaml.org,2002:merge" and str(key.value) in first:
                facts = {"name": key.value, "first": first[str(key.value)]}
                yield Fault(line, "", "twice", facts)
            first.setdefault(str(key.value), line)
    for each in _inside(node):
        yield from written_twice(each, seen)


def line_of(node: yaml.Node | None, where: Location, *, key: bool = False) -> int:
    """The line (from 1) of the deepest part of `where` that the file has; of its name if `key`."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in where:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in reversed(node.value) if k.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = (node.value[step],) * 2 if step < len(node.value) else None
        if found is None:
            break
        node = found[1]
        line = (found[0] if key else node).start_mark.line + 1
    return line
