"""The hardest signals worked out again, in plain Python, from domain.md section 4 and not from any Cypher.

Each function gives the children of a signal as at a day. Facts as dicts, one child at a time: slow and plain on purpose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from oracles import LEFT_OUT, children, different, is_over, rows, stands

from lastseen.graph.store import GraphTables

Row = dict[str, Any]


def days(number: int) -> timedelta:
    return timedelta(days=number)


class Graph:
    """The tables as dicts, with what stands as at the day sorted by person."""

    def __init__(self, tables: GraphTables, as_at: date) -> None:
        self.as_at = as_at
        born, _ = children(tables, as_at)
        self.born = born
        self.people = {row["id"]: row for row in rows(tables, "Person")}
        self.places = {row["id"]: row for row in rows(tables, "Address")}
        self.agencies = {row["id"]: row for row in rows(tables, "Agency")}
        self.contacts = {row["id"]: row for row in rows(tables, "Contact")}
        self.loads = rows(tables, "Load")
        self.at = {row["from"]: row["to"] for row in rows(tables, "AT")}
        self.about = self._standing(tables, "ABOUT", "occurred_on", "to")
        self.lives = self._standing(tables, "LIVES_AT", "valid_from", "from")
        self.registered = self._standing(tables, "REGISTERED_WITH", "valid_from", "from")
        self.involved = self._standing(tables, "INVOLVED_WITH", "valid_from", "from")
        self.parents = self._standing(tables, "PARENT_OF", "valid_from", "to")
        self.children_of = self._standing(tables, "PARENT_OF", "valid_from", "from")

    def _standing(self, tables: GraphTables, name: str, starts: str, whose: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in rows(tables, name):
            if stands(row, self.as_at, starts):
                found[row[whose]].append(row)
        return found

    def birth(self, child: str) -> date | None:
        person = self.people[child]
        known = person["born_known_on"]
        return person["born_on"] if known is not None and known <= self.as_at else None


def known_by(facts: Iterable[Row], day: date, starts: str = "occurred_on") -> list[Row]:
    return [fact for fact in facts if stands(fact, day, starts)]


# --- places --------------------------------------------------------------------------------------------------------


def two_addresses(tables: GraphTables, as_at: date, window: int = 365) -> set[str]:
    """G11: two current statements, from different sources or one of them a claim, of different places."""
    graph = Graph(tables, as_at)
    found = set()
    for child in graph.born:
        current = [fact for fact in graph.lives[child] if _current(graph, fact, graph.lives[child], window)]
        for one in current:
            for two in current:
                apart = different(graph.places[one["to"]], graph.places[two["to"]])
                if apart and (one["source"] != two["source"] or "claimed" in (one["basis"], two["basis"])):
                    found.add(child)
    return found


def _current(graph: Graph, fact: Row, all_of_them: list[Row], window: int) -> bool:
    place = graph.places[fact["to"]]
    if place["kind"] == "not_known" or fact["kind"] in LEFT_OUT or is_over(fact, graph.as_at):
        return False
    if fact["basis"] == "registered":
        return True
    if (graph.as_at - (fact["valid_from"] or fact["known_on"])).days > window:
        return False
    return fact["basis"] == "claimed" or not any(
        other["basis"] != "claimed"
        and other["valid_from"] is not None
        and fact["valid_from"] is not None
        and other["valid_from"] > fact["valid_from"]
        and different(place, graph.places[other["to"]])
        for other in all_of_them
    )


def claim_unproved(tables: GraphTables, as_at: date, wait: int = 28, window: int = 365) -> set[str]:
    """G12: on the day after the wait (or on which the claim was known, if later) nobody had proved it."""
    graph = Graph(tables, as_at)
    found = set()
    for child in graph.born:
        for claim in graph.lives[child]:
            place = graph.places[claim["to"]]
            day = max((claim["valid_from"] or claim["known_on"]) + days(wait + 1), claim["known_on"])
            asked = claim["basis"] == "claimed" and place["kind"] != "not_known" and day <= as_at
            if asked and not _home_there(graph, child, place, day, window) and not _list_there(graph, child, place, day):
                found.add(child)
    return found


def _home_there(graph: Graph, child: str, place: Row, day: date, window: int) -> bool:
    """A home registered there, or observed there in the window and not, since then, anywhere else."""
    homes = [fact for fact in known_by(graph.lives[child], day, "valid_from") if fact["basis"] != "claimed"]
    there = [f for f in homes if not different(place, graph.places[f["to"]]) and not is_over(f, day)]
    if any(fact["basis"] == "registered" for fact in there):
        return True
    observed = [fact["valid_from"] or fact["known_on"] for fact in there]
    recent = [seen for seen in observed if (day - seen).days <= window]
    elsewhere = [f["valid_from"] for f in homes if f["valid_from"] and different(place, graph.places[f["to"]])]
    return bool(recent) and not (elsewhere and max(elsewhere) > max(recent))


def _list_there(graph: Graph, child: str, place: Row, day: date) -> bool:
    if place["in_area"] or not place["area"]:
        return False
    return any(
        fact["register"] in ("gp", "school")
        and not is_over(fact, day)
        and (graph.agencies[fact["to"]]["area"] or "").strip().lower() == place["area"].strip().lower()
        for fact in known_by(graph.registered[child], day, "valid_from")
    )


# --- registers -----------------------------------------------------------------------------------------------------


def lists_differ(tables: GraphTables, as_at: date) -> set[str]:
    """G14 with its defaults: two expected registers lack the child, or a household list does."""
    graph = Graph(tables, as_at)
    return {child for child in graph.born if len(_missing(graph, child)) > 1 or _left_out(graph, child)}


def _missing(graph: Graph, child: str) -> list[str]:
    person, born, missing = graph.people[child], graph.birth(child), []
    first = person["first_known_on"]
    ties = graph.registered[child]
    now = {fact["register"] for fact in ties if not is_over(fact, graph.as_at)}
    ever = {fact["register"] for fact in ties}

    def overdue(due: date, register: str) -> bool:
        return due < graph.as_at and _covers(graph, register, due, due)

    due = born and born + days(42) < graph.as_at and first <= born + days(42) and "births" not in ever
    if due and born and _covers(graph, "births", born, born + days(42)):
        missing.append("births")
    if overdue(max(born or first, first) + days(90), "gp_list") and "gp" not in now:
        missing.append("gp")
    if born:
        in_school = person["school_from"] <= graph.as_at
        if not in_school and "school" not in ever and "early_years" not in now:
            missing += ["early_years"] * overdue(person["early_years_from"] + days(60), "early_years")
        if in_school and person["school_until"] > graph.as_at and not now & {"school", "home_education", "la_tuition"}:
            missing += ["school"] * overdue(person["school_from"] + days(21), "school_roll")
    return missing


def _covers(graph: Graph, register: str, start: date, end: date) -> bool:
    """Loaded, fresh as at the day, and speaking for every day from start to end."""
    loads = [load for load in graph.loads if register in load["registers"].split()]
    reach = [(load, graph.as_at - days(load["lag"] + load["expected_every"])) for load in loads]
    for load, day in reach:
        if load["shape"] == "snapshot" and day <= load["extract_date"] <= graph.as_at:
            return True
    if not any(load["covers_from"] <= day <= load["covers_to"] for load, day in reach if load["shape"] == "event"):
        return False
    return all(
        any(load["covers_from"] <= start + days(n) <= load["covers_to"] for load in loads if load["shape"] == "event")
        for n in range((end - start).days + 1)
    )


def _left_out(graph: Graph, child: str) -> bool:
    born = graph.birth(child)
    parents = {fact["from"] for fact in graph.parents[child]}
    siblings = {fact["to"] for parent in parents for fact in graph.children_of[parent]} - {child}
    for sibling in siblings:
        for form in graph.lives[sibling]:
            asked = form["household_list"] and born and form["valid_from"] and form["valid_from"] > born
            if asked and _placed(graph, child, form) and not _named(graph, child, form):
                return True
    return False


def _named(graph: Graph, child: str, form: Row) -> bool:
    return any(
        fact["household_list"]
        and fact["basis"] != "claimed"
        and (fact["to"], fact["source"]) == (form["to"], form["source"])
        and (
            fact["household_list"] == form["household_list"]
            or (fact["valid_from"] and fact["valid_from"] >= form["valid_from"])
        )
        for fact in graph.lives[child]
    )


def _placed(graph: Graph, child: str, form: Row) -> bool:
    for fact in graph.lives[child]:
        if fact["to"] != form["to"] or fact["source"] == form["source"] or fact["basis"] == "claimed":
            continue
        begins, over = fact["valid_from"], is_over(fact, graph.as_at)
        if is_over(form, graph.as_at) and begins and begins >= form["valid_to"]:
            continue
        if over and fact["valid_to"] <= form["valid_from"]:
            continue
        if fact["basis"] == "registered" or (begins and (form["valid_from"] - begins).days <= 365):
            return True
    return False


# --- sight ---------------------------------------------------------------------------------------------------------


def run_of_misses(tables: GraphTables, as_at: date, least: int = 3, window: int = 365) -> set[str]:
    """G08: misses in the window that have the same latest sighting behind them, on or before their day."""
    graph = Graph(tables, as_at)
    found = set()
    for child in graph.born:
        facts = graph.about[child]
        seen = sorted(fact["occurred_on"] for fact in facts if (fact["level"] or 0) >= 3)
        runs: dict[date | None, set[str]] = defaultdict(set)
        for fact in facts:
            if fact["level"] in (0, 1) and fact["kind"] != "dv_notification" and (as_at - fact["occurred_on"]).days <= window:
                before = [day for day in seen if day <= fact["occurred_on"]]
                runs[before[-1] if before else None].add(fact["from"])
        if any(len(run) >= least for run in runs.values()):
            found.add(child)
    return found


def referral_not_followed(tables: GraphTables, as_at: date, wait: int = 14) -> set[str]:
    """G10: an anonymous referral about the child, or at its home of that day, and no sighting on or after it."""
    graph = Graph(tables, as_at)
    at: dict[str, list[Row]] = defaultdict(list)
    for contact in graph.contacts.values():
        if contact["kind"] == "referral_anonymous" and stands(contact, as_at, "occurred_on") and contact["id"] in graph.at:
            at[graph.at[contact["id"]]].append(contact)
    found = set()
    for child in graph.born:
        facts = graph.about[child]
        referrals = [fact["occurred_on"] for fact in facts if fact["kind"] == "referral_anonymous"]
        for home in graph.lives[child]:
            if home["basis"] != "claimed" and _shown(graph.places[home["to"]]):
                referrals += [r["occurred_on"] for r in at[home["to"]] if _home_on(graph, home, r["occurred_on"], child)]
        last = max((fact["occurred_on"] for fact in facts if (fact["level"] or 0) >= 3), default=date.min)
        if any((as_at - day).days > wait and last < day for day in referrals):
            found.add(child)
    return found


def _shown(place: Row) -> bool:
    """A property that may link people: never a protected one."""
    return place["kind"] == "property" and not place["protected"]


def _home_on(graph: Graph, home: Row, day: date, child: str) -> bool:
    """Whether the statement held on that day: begun, not over, and if observed, not elsewhere since."""
    if (home["valid_from"] and home["valid_from"] > day) or (is_over(home, graph.as_at) and home["valid_to"] <= day):
        return False
    if home["basis"] == "registered":
        return True
    return not any(
        other["basis"] != "claimed"
        and other["valid_from"]
        and home["valid_from"]
        and home["valid_from"] < other["valid_from"] <= day
        and different(graph.places[home["to"]], graph.places[other["to"]])
        for other in graph.lives[child]
    )


def everyone_left(tables: GraphTables, as_at: date, least: int = 3, window: int = 90) -> set[str]:
    """G20: so many agencies ended within the window and did not move on, and nobody saw the child in the window before."""
    graph = Graph(tables, as_at)
    found = set()
    for child in graph.born:
        ties = [dict(fact, what=fact["register"]) for fact in graph.registered[child]]
        ties += [dict(fact, what=fact["status"]) for fact in graph.involved[child]]
        ended = sorted((fact for fact in ties if is_over(fact, as_at)), key=lambda fact: fact["valid_to"])
        for last in ended:
            near = [fact for fact in ended if 0 <= (last["valid_to"] - fact["valid_to"]).days <= window]
            for day in sorted({max(fact["valid_to"], fact["end_known_on"]) for fact in near}):
                if _left_on(graph, child, [fact for fact in near if is_over(fact, day)], ties, last, day, least, window):
                    found.add(child)
    return found


def _left_on(graph: Graph, child: str, near: list[Row], ties: list[Row], last: Row, day: date, least: int, window: int) -> bool:
    known = known_by(ties, day, "valid_from")
    gone = {
        fact["to"]
        for fact in near
        if not any(
            other["to"] != fact["to"]
            and other["what"] == fact["what"]
            and other["valid_from"]
            and abs((other["valid_from"] - fact["valid_to"]).days) <= window
            for other in known
        )
    }
    seen = any(
        (fact["level"] or 0) >= 3 and 0 <= (last["valid_to"] - fact["occurred_on"]).days <= window
        for fact in known_by(graph.about[child], day)
    )
    return last in near and last["to"] in gone and len(gone) >= least and not seen


def sibling_seen_not_child(tables: GraphTables, as_at: date, window: int = 90) -> set[str]:
    """G03: at one home, on one day, one source saw another child and not this one, who had long not been seen."""
    graph = Graph(tables, as_at)
    visits: dict[tuple[Any, ...], list[tuple[str, Row]]] = defaultdict(list)
    for person, facts in graph.about.items():
        for fact in facts:
            place = graph.places.get(graph.at.get(fact["from"], ""))
            if fact["at_home"] and place and _shown(place):
                visits[fact["source"], fact["occurred_on"], place["id"]].append((person, fact))
    found = set()
    for together in visits.values():
        for child, fact in together:
            for other, theirs in together:
                if other != child and (theirs["level"] or 0) >= 3 and fact["level"] is not None and fact["level"] < 3:
                    day = max(fact["known_on"], theirs["known_on"])
                    both = child in graph.born and _child_on(graph.people[other], day)
                    if both and _long_unseen(graph, child, day, fact["occurred_on"], window):
                        found.add(child)
    return found


def _child_on(person: Row, day: date) -> bool:
    """A child as far as known on that day: an event is judged on it."""
    begins, ends = person["child_from"], person["child_until"]
    return begins is not None and begins <= day and (ends is None or ends > day)


def _long_unseen(graph: Graph, child: str, day: date, visit: date, window: int) -> bool:
    person, born = graph.people[child], graph.birth(child)
    sightings = [fact["occurred_on"] for fact in known_by(graph.about[child], day) if (fact["level"] or 0) >= 3]
    since = max(sightings, default=max(born or person["first_known_on"], person["first_known_on"]))
    return (visit - since).days > window
