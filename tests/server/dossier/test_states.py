import pytest

from server.dossier import codes, states
from server.dossier.states import IllegalTransition, advance
from server.dossier.tables import table

NAMES = ("resume", *{row["name"] for row in table("states")["transitions"]})


def test_the_straight_way() -> None:
    state = "received"
    for name in ("validate", "forward", "approve", "produce", "dispatch", "deliver"):
        state = advance(state, name)
    assert state == "delivered"
    assert states.ended(state)


def test_the_side_ways() -> None:
    assert advance(advance("received", "wait"), "validate") == "validated"
    assert advance(advance("forwarded", "return"), "resubmit") == "received"
    assert advance("produced", "collect") == "delivered"


def test_only_named_transitions_are_possible() -> None:
    """Every pair of state and name either is in the table or raises."""
    for state in states.states():
        for name in (*NAMES, "approved", ""):
            if name in states.transitions(state):
                assert advance(state, name, "validated") in states.states()
            else:
                with pytest.raises(IllegalTransition):
                    advance(state, name, "validated")


@pytest.mark.parametrize("state", ["rejected", "delivered", "withdrawn"])
def test_nothing_follows_an_end(state: str) -> None:
    assert states.ended(state)
    assert states.group(state) == "closed"
    assert states.stage(state) is None


@pytest.mark.parametrize("state", ["approved", "rejected", "returned", "received", "validated"])
def test_a_second_decision_is_refused(state: str) -> None:
    with pytest.raises(IllegalTransition):
        advance(state, "approve")
    with pytest.raises(IllegalTransition):
        advance(state, "reject")


def test_a_parked_dossier_resumes_where_it_was() -> None:
    for state in states.resumable():
        assert advance(advance(state, "park"), "resume", state) == state


@pytest.mark.parametrize("parked_from", [None, "parked", "delivered", "rejected", "nonsense"])
def test_a_parked_dossier_resumes_nowhere_else(parked_from: str | None) -> None:
    with pytest.raises(IllegalTransition):
        advance("parked", "resume", parked_from)


def test_each_state_names_its_stage_group_words_and_portal_code() -> None:
    assert states.stage("received") == states.stage("waiting") == "validate"
    assert states.stage("validated") == "forward"
    assert states.stage("forwarded") == "decide"
    assert states.stage("dispatched") == "deliver"
    assert states.group("returned") == "action_needed"
    for state in states.states():
        assert states.words(state, "vi")
        assert states.words(state, "en")
        assert codes.portal_row(states.portal_status(state))["vi"]


def test_words_and_portal_code_tell_what_is_awaited() -> None:
    assert states.words("waiting", "vi", "payment") == "Đang chờ nộp lệ phí"
    assert states.words("waiting", "vi", "certificate") == "Đang chờ giấy khám sức khỏe"
    assert states.portal_status("waiting", "payment") == 6
    assert states.portal_status("delivered") == 10
