"""Whom a subject, a short name or a pronoun means: the people of an article by their names, titles, acts and pronouns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.sentences import split_sentences
from assistant.english.names import find_people
from assistant.english.noun_phrases import MASK
from assistant.speech.people import Cast
from assistant.speech.tags import Tag

# Texts, and who speaks at each verb of speech; "" where nobody can be told.
# fmt: off
CASES: list[tuple[str, list[str]]] = [
    ('Mara Quist runs it. Quist said it was old.', ['Mara Quist']),
    ('Mara Quist runs it. Mara said it was old.', ['Mara Quist']),
    ('Prof. Mara Quist said it was old. She added that it leaks.', ['Mara Quist', 'Mara Quist']),
    ('Mr. Pell and Mrs. Dunn met. She said it rained. He said it was cold.', ['Mrs. Dunn', 'Mr. Pell']),
    ('Mr. Pell and Mrs. Dunn met. “No,” he said.', ['Mr. Pell']),
    ('Queen Mab and King Osric met. She said it rained.', ['Queen Mab']),
    ('Miss Ivy Pell and Jo Dunn came. He said it rained.', ['Jo Dunn']),
    ('Ann Lee sings. She is old. Bo Ray came. She said it rained.', ['Bo Ray']),
    ('Ann Lee sings. She is old. Bo Ray ran. He is young. She said it rained.', ['Ann Lee']),
    ('Ann Lee and Bo Ray sing. She is old. Cy Moor came. She said it rained.', ['Cy Moor']),
    ('A song of Ann Lee ended. She is old. Cy Moor came. She said it rained.', ['Cy Moor']),
    ('Ann Lee sings. She is old. Ann Lee ran. He is old. Bo Ray came. She said it rained.', ['Bo Ray']),
    ('Ann Lee sings. She is old. Ann Lee left. She is ill. Ann Lee came. She is in. Ann Lee sat. She is up. Ann Lee ran. He is old. Bo Ray came. He said it rained.', ['Bo Ray']),
    ('Ann Lee sings. She is old. Ann Lee left. She is ill. Ann Lee came. She is in. Ann Lee ran. He is old. Bo Ray came. She said it rained.', ['Bo Ray']),
    ('The old woman came. She said it rained.', ['the old woman']),
    ('The old woman and the boy came. He said it rained.', ['the boy']),
    ('The king’s men came. He said it rained.', ['']),
    ('The King Osric came. He said it rained.', ['King Osric']),
    ('His wife came. She said it rained.', ['his wife']),
    ('Her poor father came. He said it rained.', ['her poor father']),
    ('“Yes,” said the old woman. The boy came. She said it rained.', ['the old woman', 'the boy']),
    ('Ann Lee came. I said that it rained.', ['I']),
    ('Ann Lee came. We said that it rained.', ['we']),
    ('Ann Lee came. You said that it rained.', ['']),
    ('Ann Lee came. In his view, it rained.', ['Ann Lee']),
    ('Bo Ray came. In his words, it rained. In her view, it was cold.', ['Bo Ray', 'Bo Ray']),
    ('The union met. It said it rained.', ['the union']),
    ('The University of Elm opened. It said it rained.', ['the University of Elm']),
    ('The new police board met. It said it rained.', ['the new police board']),
    ('The bridge fell. It said it rained.', ['']),
    ('It said it rained.', ['']),
    ('The union was glad. Then it left. It said it rained.', ['']),
    ('Tarn Apps said it rained. It said it was cold.', ['Tarn Apps', '']),
    ('Tarn Apps said it rained. The sun came. It said it was cold.', ['Tarn Apps', '']),
    ('Ann Lee said it rained. It said it was cold.', ['Ann Lee', '']),
    ('Critics said it rained. They said it was cold.', ['Critics', 'Critics']),
    ('The dogs came. They said it was cold.', ['']),
    ('The police came. They said it was cold.', ['']),
    ('People came. Police said it rained. They said it was cold.', ['Police', 'Police']),
    ('Tarn Apps said it rained. They said it was cold.', ['Tarn Apps', '']),
    ('Ann Adams said it rained. They said it was cold.', ['Ann Adams', '']),
    ('Ann Adams said it rained. She said it was cold.', ['Ann Adams', 'Ann Adams']),
    ('Critics said it rained. He said it was cold.', ['Critics', '']),
    ('The women said it rained. They said it was cold.', ['the women', 'the women']),
    ('“Yes,” said Ann Lee. It rained. It snowed. It thawed. She said it was cold.', ['Ann Lee', 'Ann Lee']),
    ('“Yes,” said Ann Lee. It rained. It snowed. It thawed. It blew. She said it was cold.', ['Ann Lee', '']),
    ('“Yes,” said Ann Lee. It rained. It snowed. It thawed. It blew. It froze. She said it was cold.', ['Ann Lee', '']),
    ('Ann Lee came. It rained. It snowed. It thawed. She said it was cold.', ['Ann Lee']),
    ('Ann Lee came. It rained. It snowed. It thawed. It blew. She said it was cold.', ['']),
    ('“Yes,” said Ann Lee. “No,” I said. She said it was cold.', ['Ann Lee', 'I', 'Ann Lee']),
    ('“Yes,” said Ann Lee. We said it rained. She said it was cold.', ['Ann Lee', 'we', 'Ann Lee']),
    ('“Yes,” said Ann Lee. Bo Ray came. She said it was cold.', ['Ann Lee', 'Bo Ray']),
    ('“Yes,” said Ann Lee. The dog of Bo Ray barked. She said it was cold.', ['Ann Lee', 'Ann Lee']),
    ('“Yes,” said Mrs. Dunn. Bo Ray came. She said it was cold.', ['Mrs. Dunn', 'Bo Ray']),
    ('“Yes,” said Mrs. Dunn. Bo Ray came. He said it was cold.', ['Mrs. Dunn', 'Bo Ray']),
    ('“Yes,” said Mr. Pell. The man saw Jo Marsh. She said it was cold.', ['Mr. Pell', 'Jo Marsh']),
    ('It was a gift for Bo Ray. He said it was cold.', ['Bo Ray']),
    ('It was a gift for Bo Ray and Cy Moor. He said it was cold.', ['Bo Ray']),
    ('I met Bo Ray. He said it was cold.', ['Bo Ray']),
    ('I met Bo Ray, who sings, and Cy Moor. He said it was cold.', ['Bo Ray']),
    ('It was Bo Ray, a teacher, with Cy Moor. He said it was cold.', ['Bo Ray']),
    ('It was Bo Ray, the teacher, and Cy Moor. He said it was cold.', ['Bo Ray']),
    ('The council, whose head, Bo Ray, met Cy Moor, is old. He said it was cold.', ['Bo Ray']),
    ('The council, whose deputy vice chief head, Bo Ray, met Cy Moor, is old. He said it was cold.', ['Bo Ray']),
    ('The council, whose head, Bo Ray met Cy Moor in, is old. He said it was cold.', ['Bo Ray']),
    ('“Yes,” said Ann Lee. Asked about Jo Pruett, she said it was cold.', ['Ann Lee', 'Ann Lee']),
    ('“Yes,” said Ann Lee. Jo Pruett left. Asked about Pruett, she said it was cold.', ['Ann Lee', 'Ann Lee']),
    ('Jo Pruett sang. Unlike Cy Moor, he said it was cold.', ['Cy Moor']),
    ('Jo Pruett sang. With Cy Moor gone, he said it was cold.', ['Cy Moor']),
    ('Jo Pruett sang. When Cy Moor left, he said it was cold.', ['Cy Moor']),
    ('In London it rained. He said it was cold.', ['']),
    ('Elm grew. He said it was cold.', ['']),
    ('Elm said it rained. Elm was big. He said it was cold.', ['Elm', 'Elm']),
    ('Elm was big. He said it was cold.', ['Elm']),
    ('Elm slowly sank. He said it was cold.', ['Elm']),
    ('Elm, near the sea, sank. He said it was cold.', ['Elm']),
    ('Elm ended. He said it was cold.', ['Elm']),
    ('Lending has risen. He said it was cold.', ['']),
    ('Mr. Elm sat. He said it was cold.', ['Mr. Elm']),
    ('Yesterday and then Cy Moor ran. He said it was cold.', ['Cy Moor']),
    ('It rained, but Cy Moor ran. Jo Ash, he said, was cold.', ['Jo Ash']),
    ('After the long and cold night of the great and terrible storm in the mountains of the far east, Cy Moor ran to Bo Ray. He said it was cold.', ['Cy Moor']),
    ('After the storm, Cy Moor ran to Bo Ray. He said it was cold.', ['Cy Moor']),
    ('The men saw Cy Moor in town with Bo Ray. He said it was cold.', ['Cy Moor']),
    ('Two men Cy Moor ran to Bo Ray. He said it was cold.', ['Cy Moor']),
    ('The big men Cy Moor ran to Bo Ray. He said it was cold.', ['Cy Moor']),
    ('Cy Moor (who ran) met Bo Ray. He said it was cold.', ['Cy Moor']),
    ('Cy Moor.\nBo Ray met him. He said it was cold.', ['Bo Ray']),
    ('“Yes,” said Mr Tierney.', ['Mr. Tierney']),
    ('“Yes,” said Pell.', ['Pell']),
    ('Tom Pell came. “Yes,” said Mr. Pell.', ['Tom Pell']),
    ('“Yes,” said King Osric.', ['King Osric']),
    ('One day Ann Lee said it rained.', ['Ann Lee']),
    ('That morning, Ann Lee said it rained.', ['Ann Lee']),
    ('Each time Ann Lee said it rained.', ['Ann Lee']),
    ('Ann Lee himself said it rained.', ['Ann Lee']),
    ('The women themselves said it rained.', ['the women']),
    ('The company itself said it rained.', ['the company']),
    ('Marks & Spencer said it rained.', ['Marks & Spencer']),
    ('Ann Lee and Bo Ray said it rained.', ['Ann Lee and Bo Ray']),
    ('The mayor of Elm said it rained.', ['the mayor of Elm']),
    ('The Council of Elm said it rained.', ['the Council of Elm']),
    ('A spokesman for Ann Lee said it rained.', ['a spokesman for Ann Lee']),
    ('His brother Bo Ray said it rained.', ['his brother Bo Ray']),
    ('The Russian ambassador Ann Lee said it rained.', ['Ann Lee']),
    ('The ambassador to Armenia Ann Lee said it rained.', []),
    ("Ann Lee of the Teachers' Union said it rained.", ['Ann Lee']),
    ('The old  woman said it rained.', ['the old woman']),
    ('Some Critics said it rained.', ['some Critics']),
    ('“Yes,” said the owner Lee. Ann Lee left.', ['Ann Lee']),
    ('Bo Ann Lee came. Cy Ann Lee came. Lee said it rained.', ['Bo Ann Lee']),
    ('Lee Ray came. Ann Lee came. Lee said it rained.', ['Ann Lee']),
    ('Lee said it rained. Lee Ray came.', ['Lee']),
    ('Lee said it rained. Ann Lee came.', ['Ann Lee']),
    ('I met John Ash and Ash. Ash said it rained.', ['John Ash']),
    ('His remarks said it all. Bo Ray said it rained. His words mean he said it.', ['Bo Ray', 'Bo Ray']),
    ("Jo Ash ran. Cy Moor's dog barked. He said it was cold.", ['Jo Ash']),
    ('Jo Ash ran. Cy Moor’s dog barked. He said it was cold.', ['Jo Ash']),
    ('Jo Ash ran. The council, whose head, Bo Ray, is old, met. He said it was cold.', ['Bo Ray']),
    ('Jo Ash ran. The council, whose head, Bo Ray (62) sat, met. He said it was cold.', ['Jo Ash']),
    ('Jo Ash ran. The men met Bo Ray, who sang. He said it was cold.', ['Bo Ray']),
    ('Jo Ash ran. The men met Bo Ray. He said it was cold.', ['Jo Ash']),
    ('Jo Ash ran. The men met Bo Ray, a singer. He said it was cold.', ['Bo Ray']),
    ('Jo Ash ran. The men met Bo Ray, the singer. He said it was cold.', ['Bo Ray']),
    ('Ann Lee ran. She left. Ann Lee ran. She left. Ann Lee ran. She left. Ann Lee ran. He left. Ann Lee ran. Then it rained. He said it was cold.', ['Ann Lee']),
    ('Ann Lee ran. She left. Ann Lee ran. She left. Ann Lee ran. She left. Ann Lee ran. She left. Ann Lee ran. He left. Ann Lee ran. Then it rained. He said it was cold.', ['']),
    ('Ann Lee ran. She left. Ann Lee ran. Then it rained. He said it was cold.', ['']),
    ('The men met Ann Lee. She left. Ann Lee ran. Then it rained. He said it was cold.', ['Ann Lee']),
    ('Ann Lee met Bo Ray. She left. Ann Lee ran. Then it rained. He said it was cold.', ['Ann Lee']),
    ('Mrs. Dunn ran. He left. Mrs. Dunn ran. Then it rained. He said it was cold.', ['']),
    ('“Yes,” said Ann Lee. You said it rained. She said it was cold.', ['Ann Lee', '', 'Ann Lee']),
    ('Critics met. In their view it rained.', ['']),
    ('Yale University said it rained. It said it was cold.', ['Yale University', 'Yale University']),
    ('Yale University said it rained. The sun came. It said it was cold.', ['Yale University', '']),
    ('Ann Lee said it rained. Yale University said it snowed. It said it was cold.', ['Ann Lee', 'Yale University', 'Yale University']),
    ('Yale University said it rained. Ann Lee said it snowed. It said it was cold.', ['Yale University', 'Ann Lee', '']),
    ('Lee Ray came. Lee said it rained.', ['Lee Ray']),
    ('Ann Lee of Elm said it rained.', ['Ann Lee']),
    ('Osric of Elm said it rained.', ['Osric of Elm']),
    ('The University of Elm said it rained.', ['the University of Elm']),
    ('Jo Ash came. Then Ash ran. It rained. He said it was cold.', ['Jo Ash']),
    ('The men met Elm. He said it was cold.', ['']),
    ('The men met Mr. Elm. He said it was cold.', ['Elm']),
    ('The men met Elm. The men left Elm. He said it was cold.', ['Elm']),
    ('Lending fell. Lending rose. He said it was cold.', ['Lending']),
    ('The men saw Jo Ash. Cy Moor ran for Bo Ray. He said it was cold.', ['Cy Moor']),
    ('The men saw Jo Ash. Then Bo Ray left. The dogs bit Cy Moor. He said it was cold.', ['Bo Ray']),
    ('The men saw Jo Ash, and Bo Ray left. He said it was cold.', ['Bo Ray']),
    ('The men saw Jo Ash when Bo Ray left. He said it was cold.', ['Bo Ray']),
    ('The men saw Jo Ash, but Bo Ray left. He said it was cold.', ['Bo Ray']),
    ('The men saw Jo Ash, for Bo Ray left. He said it was cold.', ['Jo Ash']),
    ('Of Jo Ash it is said. He said it was cold.', ['Jo Ash']),
    ('“Yes,” said Mrs. Dunn. In Elm, the boy ran. He said it was cold.', ['Mrs. Dunn', 'the boy']),
    ('The men ran. Mr. Pell, he said, was cold.', ['Mr. Pell']),
    ('Jo Ash ran.\nCy Moor\nThen it rained. He said it was cold.', ['Cy Moor']),
    ('Jo Ash.', []),
    ('“Yes,” said Marsh. Prof. Jo Marsh said it rained.', ['Jo Marsh', 'Jo Marsh']),
    ("The Bakers' Union met. It said it rained.", ["Bakers' Union"]),
    ('The union of the bakers met. It said it rained.', ['the union of the bakers']),
    ('A dog of the union ran. It said it rained.', ['']),
    ('Ann Adams ran. They said it was cold.', ['']),
    ('Critics ran. They said it was cold.', ['']),
    ('“Yes,” said Critics. It rained. They said it was cold.', ['Critics', 'Critics']),
    ('The women of Elm said it rained. They said it was cold.', ['the women of Elm', '']),
    ('“Yes,” said the children. They said it was cold.', ['the children', 'the children']),
    ('“Yes,” said the police. They said it was cold.', ['the police', 'the police']),
    ('“Yes,” said the men. He said it was cold.', ['the men', '']),
    ('“Yes,” said the uncle. She said it was cold.', ['the uncle', '']),
    ('“Yes,” said the aunt. He said it was cold.', ['the aunt', '']),
    ('Ann Lee itself said it rained.', ['Ann Lee']),
    ('Ann Lee herself said it rained.', ['Ann Lee']),
    ('This evening, Ann Lee said it rained.', ['Ann Lee']),
    ('Every night Ann Lee said it rained.', ['Ann Lee']),
    ('One person of Elm said it rained.', ['one person of Elm']),
    ('Yale University said it rained and Ann Lee said it snowed. It said it was cold.', ['Yale University', 'Ann Lee', 'Yale University']),
    ('“Yes,” said the union. It said it was cold.', ['the union', '']),
    ('Mrs. Dunn and Mr. Pell came. In her view, it rained.', ['Mrs. Dunn']),
    ('Mrs. Dunn and Mr. Pell came. In his view, it rained.', ['Mr. Pell']),
    ('The men slept in Cy Moor. He said it was cold.', ['']),
    ('The men slept near Cy Moor. He said it was cold.', ['']),
    ('The men came from Cy Moor. He said it was cold.', ['']),
]
# fmt: on


def tags(text: str) -> list[Tag]:
    """Returns the tags of a text whose quotations stand in “…”."""
    masked = re.sub(r"“[^”]*”", lambda quotation: MASK * len(quotation.group()), text)
    return Cast(find_people(text), masked, split_sentences(text)).tags()


@pytest.mark.parametrize(("text", "speakers"), CASES)
def test_whom_the_subject_of_a_verb_of_speech_means(text: str, speakers: list[str]) -> None:
    assert [tag.speaker for tag in tags(text)] == speakers


def test_a_tag_stands_where_its_subject_and_verb_do() -> None:
    text = "It rained. “Yes,” said Ann Lee. The mayor, Bo Ray, who is ill, told us that it snowed."
    told = [(text[tag.start : tag.end], tag.sentence, tag.report.verb) for tag in tags(text)]
    assert told == [("said Ann Lee", 1, "said"), ("Bo Ray, who is ill, told", 2, "told")]


PIECES = "Ann Lee |Lee |Mr. Pell |he |she |it |they |said |that |, |. |“Yes,” |the old woman |about |and |\n|The union ".split(
    "|"
)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_tags_come_in_order_and_speak_for_somebody_of_the_text(text: str) -> None:
    found = tags(text)
    assert [tag.sentence for tag in found] == sorted(tag.sentence for tag in found)
    for tag in found:
        assert 0 <= tag.start < tag.end <= len(text)
        assert all(word in text.lower() for word in tag.speaker.lower().split())
