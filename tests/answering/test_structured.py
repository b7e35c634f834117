"""An answer takes the reply for the question, the list for its item, and the item whose number is asked for."""

from __future__ import annotations

from collections.abc import Callable

from fakes import ScriptedReader

from assistant.answer import Answer
from assistant.assistant import Assistant

Quick = Callable[..., Assistant]

FAQ = "Q: Is the pool heated?\nA: No, it is not.\n\nQ: Can I bring my dog?\nA: Only on Sundays."
LIST = "Packing\n\nEach walker brings:\n- dry socks\n- a mug\n- a lamp\n\nWe meet at six."
STEPS = "Stew\n\nIngredients:\n- 3 lemons\n- ginger\n\nMethod:\n1. Slice it.\n2. Fry it.\n3. Eat it."


def ask(quick: Quick, text: str, question: str, best: str, off: frozenset[str] = frozenset()) -> Answer:
    """Asks with a reader that finds the answer in the sentence that has these words."""
    assistant = quick(reader=ScriptedReader(best))
    assistant.rules_off = off
    return assistant.ask(question, assistant.add(text).id)


def cited(answer: Answer) -> list[str]:
    return [citation.sentence.text for citation in answer.citations]


def test_a_question_in_the_text_gives_way_to_its_reply(quick: Quick) -> None:
    answer = ask(quick, FAQ, "Is the pool heated?", "Is the pool heated?")
    assert cited(answer) == ["A: No, it is not."]
    assert cited(ask(quick, FAQ, "Is the pool heated?", "heated", frozenset({"replies"}))) == ["Q: Is the pool heated?"]


def test_what_was_asked_may_be_asked_for(quick: Quick) -> None:
    assert cited(ask(quick, FAQ, "Which question is asked about dogs?", "my dog")) == ["Q: Can I bring my dog?"]


def test_a_list_is_cited_whole_and_its_items_are_the_short_answers(quick: Quick) -> None:
    answer = ask(quick, LIST, "What does each walker bring?", "a mug")
    assert cited(answer) == ["Each walker brings:", "- dry socks", "- a mug", "- a lamp"]
    text = LIST
    assert [text[start:end] for _, start, end in answer.short_spans] == ["dry socks", "a mug", "a lamp"]
    assert (answer.short_answer, answer.decided_by) == ("dry socks", "list")
    assert cited(ask(quick, LIST, "What does each walker bring?", "a mug", frozenset({"list"}))) == ["- a mug"]


def test_one_item_is_asked_for_by_what_it_has_and_the_others_have_not(quick: Quick) -> None:
    assert cited(ask(quick, LIST, "What kind of socks does each walker bring?", "dry socks")) == ["- dry socks"]
    assert cited(ask(quick, LIST, "When do we meet?", "at six")) == ["We meet at six."]


def test_how_many_is_answered_by_the_list_though_the_reader_finds_no_number(quick: Quick) -> None:
    answer = ask(quick, LIST, "How many things does each walker bring?", "")
    assert (answer.abstained, answer.decided_by, len(answer.citations)) == (False, "list", 4)


def test_a_numbered_item_is_found_by_its_number(quick: Quick) -> None:
    answer = ask(quick, STEPS, "What is step 3?", "lemons")
    assert (cited(answer), answer.short_answer, answer.decided_by) == (["3. Eat it."], "Eat it", "item")
    assert cited(ask(quick, STEPS, "What is the last step?", "Slice")) == ["3. Eat it."]
    assert ask(quick, STEPS, "What is step 7?", "").abstained


def test_what_is_named_together_is_one_short_answer(quick: Quick) -> None:
    text = "It changed its officer, its caterer and its colours. It rained."
    span = (text.index("its officer"), text.index(","))
    assistant = quick(reader=ScriptedReader("officer", lambda _: span))
    article = assistant.add(text)
    assert assistant.ask("What did it change?", article.id).short_answer == "its officer, its caterer and its colours"
    assert assistant.ask("When did it change the officer?", article.id).short_answer in ("its officer", "")
